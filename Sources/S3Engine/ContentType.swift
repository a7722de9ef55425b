internal import EngineCore

/// The content type of an object by its name, where the writer names none.
enum ContentType {
    static func guess(_ key: ObjectKey) -> String {
        let name = key.lastPart.bytes
        guard let dot = name.lastIndex(of: UInt8(ascii: ".")) else { return "application/octet-stream" }
        switch String(decoding: name[name.index(after: dot)...], as: UTF8.self).lowercased() {
        case "json": return "application/json"
        case "jsonl", "ndjson": return "application/x-ndjson"
        case "txt", "log": return "text/plain; charset=utf-8"
        case "md": return "text/markdown; charset=utf-8"
        case "csv": return "text/csv; charset=utf-8"
        case "html": return "text/html; charset=utf-8"
        default: return "application/octet-stream"
        }
    }

    /// Whether it can stand in a header.
    static func isUsable(_ type: String) -> Bool {
        !type.isEmpty && type.utf8.count <= 255 && type.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
    }
}
