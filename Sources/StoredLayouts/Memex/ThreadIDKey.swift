internal import EngineCore
internal import StoredRecords

/// A thread id of any stored type as a record's key, and back.
///
/// Text is its own key, in the reversible form of `ObjectKey.description` where
/// its bytes are not UTF-8. That form never holds `\x:`, so it marks ids of the
/// other types, which only other programs than MemexLLM write.
enum ThreadIDKey {
    private static let mark = "\\x:"

    static func key(_ id: StoredValue) -> String {
        switch id {
        case .text(let text): text.utf8.contains(0x5C) ? ObjectKey(text).description : text
        case .invalidText(let bytes): ObjectKey(bytes: bytes).description
        case .null, .integer, .real, .bytes: mark + PackedValues.write([id])
        }
    }

    /// The key's bytes, which tell apart ids that `String` calls equal.
    static func bytes(_ id: StoredValue) -> [UInt8] { Array(key(id).utf8) }

    static func id(_ key: String) -> StoredValue {
        if key.hasPrefix(mark), let values = PackedValues.read(String(key.dropFirst(mark.count))), values.count == 1 {
            return values[0]
        }
        let bytes = ObjectKey(description: key).bytes
        return String(validating: bytes, as: UTF8.self).map { .text($0) } ?? .invalidText(bytes)
    }
}
