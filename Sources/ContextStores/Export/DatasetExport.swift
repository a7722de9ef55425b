internal import JSONText
internal import StoredRecords

/// Writes a dataset, one JSON object a stored line, as RFC 4180 has it.
///
/// Columns are those of the schema, then others in the order they first
/// occur. Text stands as it is, an empty one as `""`; null and a missing
/// member are empty; numbers keep their spelling; lists and objects are
/// compact JSON. A line that is no object stands whole in a column of its own
/// at the end, so that nothing is dropped.
struct DatasetExport {
    private static let lineColumn = "_line"

    let document: RecordDocument
    let schema: [TableColumn]

    /// Returns what was remarkable, for people.
    func write(_ writer: ExportWriter) async throws(StorageError) -> [String] {
        var columns = schema.map(\.name)
        var known = Set(columns)
        var strange = 0
        var lines = LineReader(document.bytes)
        while let line = lines.next() {
            guard let members = Self.members(line) else {
                strange += 1
                continue
            }
            for member in members where known.insert(member.key.text).inserted { columns.append(member.key.text) }
        }
        var extra: String?
        if strange > 0 {
            var name = Self.lineColumn
            while known.contains(name) { name = "_" + name }
            extra = name
        }
        try await writer.put(Self.row((columns + (extra.map { [$0] } ?? [])).map(Self.quoted)))
        lines = LineReader(document.bytes)
        while let line = lines.next() {
            var cells: [String]
            if let members = Self.members(line) {
                // Of duplicate members the last one counts, as for every reader of JSON.
                var values: [String: JSONValue] = [:]
                for member in members { values[member.key.text] = member.value }
                cells = columns.map { values[$0].map(Self.cell) ?? "" }
                if extra != nil { cells.append("") }
            } else {
                cells = columns.map { _ in "" } + [Self.quoted(String(decoding: line, as: UTF8.self))]
            }
            try await writer.put(Self.row(cells))
        }
        guard let extra else { return [] }
        return ["\(strange) lines of \(document.name) are not JSON objects; they stand whole in column \(extra)"]
    }

    private static func members(_ line: [UInt8]) -> [JSONMember]? {
        do throws(JSONError) {
            return try JSONValue.parse(line).objectValue
        } catch {
            return nil
        }
    }

    private static func cell(_ value: JSONValue) -> String {
        switch value {
        case .null: ""
        case .string(let text): quoted(text.text)
        case .bool, .number, .array, .object: quoted(value.serialized(.compact))
        }
    }

    static func quoted(_ text: String) -> String {
        let isPlain =
            !text.isEmpty
            && !text.utf8.contains { byte in
                byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 0x0A || byte == 0x0D
            }
        if isPlain { return text }
        var result = "\""
        for character in text.unicodeScalars {
            if character == "\"" { result += "\"" }
            result.unicodeScalars.append(character)
        }
        return result + "\""
    }

    private static func row(_ cells: [String]) -> String {
        cells.joined(separator: ",") + "\r\n"
    }
}

/// The lines of stored bytes one at a time, without their ends; blank lines are passed over.
struct LineReader {
    private let bytes: StoredBytes
    private var at = 0

    init(_ bytes: StoredBytes) {
        self.bytes = bytes
    }

    mutating func next() -> [UInt8]? {
        while at < bytes.count {
            let start = at
            let end = bytes.withBytes { buffer in buffer[start...].firstIndex(of: 0x0A) } ?? bytes.count
            at = end + 1
            var line = bytes.slice(start..<end)
            if line.last == 0x0D { line.removeLast() }
            if !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { return line }
        }
        return nil
    }
}
