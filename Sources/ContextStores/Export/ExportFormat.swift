public import StoredRecords

/// How a record is written out.
public enum ExportFormat: String, Sendable, Hashable, CaseIterable {
    /// JSON with everything as stored, byte for byte where it is JSON.
    case json
    /// One JSON value a line: a thread's messages, a dataset's rows.
    case jsonl
    /// A readable transcript in Markdown.
    case md
    /// A readable transcript in plain text.
    case txt
    /// A dataset as RFC 4180 has it.
    case csv
    /// One self-contained page.
    case html
    /// The content itself, whatever it is.
    case stored

    /// The words users write; `stored` is never written, it is what files are.
    public static let words: [ExportFormat] = [.json, .jsonl, .md, .txt, .csv, .html]

    public init?(word: String) {
        guard let format = Self.words.first(where: { $0.rawValue == word.lowercased() }) else { return nil }
        self = format
    }

    /// The format a file's ending stands for; `nil` when it stands for none.
    public init?(ending path: String) {
        guard let ending = ExportName.ending(of: path)?.lowercased() else { return nil }
        switch ending {
        case "markdown": self = .md
        case "htm": self = .html
        case "text": self = .txt
        case "ndjson": self = .jsonl
        default:
            guard let format = Self(word: ending) else { return nil }
            self = format
        }
    }

    /// The formats a record can be written in, the usual one first.
    public static func formats(of record: RecordSummary) -> [ExportFormat] {
        switch record.id.kind {
        case .thread: return [.json, .jsonl, .md, .txt, .html]
        case .index, .task: return [.json]
        case .raw: return [.stored]
        case .artifact:
            guard case .artifact(let detail) = record.detail else { return [.stored] }
            switch detail.type {
            case "data": return [.json]
            case "dataset": return [.jsonl, .csv]
            default: return [.stored]
            }
        }
    }

    /// The format to use for a record.
    ///
    /// - Parameters:
    ///   - word: what the user named, which wins.
    ///   - path: the target, whose ending decides where nothing is named.
    /// Throws `invalid` for a format the record cannot be written in.
    public static func choose(
        word: String?, path: String, for record: RecordSummary
    ) throws(StorageError) -> ExportFormat {
        let possible = formats(of: record)
        let usual = possible.first ?? .stored
        if let word {
            guard let format = Self(word: word), possible.contains(format) else {
                throw refusal("format '\(word)'", record, possible)
            }
            return format
        }
        // A file is what it is, whatever it is called.
        if usual == .stored { return usual }
        guard let ending = ExportName.ending(of: path), !path.hasSuffix("/") else { return usual }
        guard let format = Self(ending: path), possible.contains(format) else {
            throw refusal("a file ending in '.\(ending)'", record, possible)
        }
        return format
    }

    private static func refusal(
        _ wanted: String, _ record: RecordSummary, _ possible: [ExportFormat]
    ) -> StorageError {
        let words = possible.filter { $0 != .stored }.map(\.rawValue)
        let can =
            words.isEmpty
            ? "it is written as it is, without a format" : "name \(words.joined(separator: " or ")) with --format"
        return StorageError(
            .invalid, operation: "export \(record.id.kind.rawValue) \(record.id.key)", place: "",
            reason: "it cannot be written as \(wanted)", help: can)
    }
}
