internal import EngineCore
internal import StoredRecords

/// The names looopy-ai gives to directories and files.
enum LooopyNames {
    static let agentPrefix = "agent="
    static let contextPrefix = "context="
    static let contextFile = "context.json"
    static let stateFile = "agent-state.json"
    static let lockFile = "context.lock"
    static let messages = "messages"
    static let tasks = "task"
    static let artifacts = "artifacts"
    static let metadataFile = "metadata.json"

    /// An id as the message, task and agent stores write it into a path:
    /// every UTF-16 unit outside `[a-zA-Z0-9_-]` becomes `_`.
    ///
    /// The artifact and context stores write the id as it is, so one
    /// conversation may own two directories.
    static func sanitized(_ id: String) -> String {
        String(
            decoding: id.utf16.map { unit in
                switch unit {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: UInt8(unit)
                default: UInt8(ascii: "_")
                }
            }, as: UTF8.self)
    }

    /// The id in a directory name like `agent=ID/`; `nil` for any other name.
    static func id(in name: ObjectKey, after prefix: String) -> String? {
        var bytes = name.bytes[...]
        if bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
        guard bytes.starts(with: prefix.utf8), bytes.count > prefix.utf8.count else { return nil }
        return ObjectKey(bytes: Array(bytes.dropFirst(prefix.utf8.count))).description
    }

    /// A name without its ending; `nil` when it ends otherwise.
    static func stem(of name: ObjectKey, ending: String) -> String? {
        guard name.bytes.count > ending.utf8.count, name.bytes.suffix(ending.utf8.count).elementsEqual(ending.utf8)
        else { return nil }
        return ObjectKey(bytes: Array(name.bytes.dropLast(ending.utf8.count))).description
    }
}
