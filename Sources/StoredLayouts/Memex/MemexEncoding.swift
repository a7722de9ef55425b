internal import EngineCore
internal import JSONText
internal import StoredRecords

/// Values as MemexLLM writes them into its columns.
enum MemexEncoding {
    /// Python's `datetime.isoformat()` of a moment in UTC: microseconds where
    /// there are any, and the offset `+00:00`.
    static func time(_ time: Timestamp) -> String {
        let parts = time.civil
        func padded(_ number: Int64, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        var text = "\(padded(parts.year, 4))-\(padded(parts.month, 2))-\(padded(parts.day, 2))"
        text += "T\(padded(parts.hour, 2)):\(padded(parts.minute, 2)):\(padded(parts.second, 2))"
        let micros = Int64(time.nanoseconds / 1000)
        if micros != 0 { text += ".\(padded(micros, 6))" }
        return text + "+00:00"
    }

    /// Python's `json.dumps`.
    static func metadata(_ value: JSONValue) -> String { value.serialized(.pythonDefault) }

    /// Text as it is. MemexLLM's own storage refuses a list of parts; it is
    /// stored as JSON text, which MemexLLM reads as text.
    static func content(_ value: JSONValue) -> StoredValue {
        switch value {
        case .string(let text): .text(text.text)
        case .null: .null
        default: .text(value.serialized(.pythonDefault))
        }
    }
}
