internal import JSONText
internal import StoredLayouts
internal import StoredRecords

/// What an entry holds, made readable: a text of what it is and the messages
/// that went, a table for each table of rows, and the files themselves.
///
/// Bounded: what is not shown is counted and named.
struct RecoveredContents {
    /// Bytes of the text, bytes of a table, files that are documents of their own.
    static let shownText = 4 << 20
    static let shownRows = 16 << 20
    static let shownFiles = 200
    /// Bytes of one message in the text; all of it is in its row or file.
    static let shownMessage = 16 << 10

    private let entry: RecoverySummary
    /// Removed objects before these only moved to another name.
    private let renamed: Int
    private var removed = 0
    private var rewritten = 0
    private var created = 0
    private var members = 0
    private var text: [UInt8] = []
    private var messages = 0
    private var messagesLeftOut = 0
    private var tables: [String: Rows] = [:]
    private var tableNames: [String] = []
    private var files: [RecordDocument] = []
    private var filesLeftOut = 0

    private struct Rows {
        var columns: [String]
        var lines: [UInt8] = []
        var count = 0
        var leftOut = 0
    }

    static func documents(of entry: RecoverySummary, in reader: RecoveryReader) throws(StorageError) -> [RecordDocument]
    {
        var gone = 0
        try reader.items { item throws(StorageError) in
            if case .object(_, .some, nil) = item { gone += 1 }
            return .more
        }
        // A trim of files gives the kept ones new names first; what goes comes last.
        let isTrim = if case .trim = entry.request { true } else { false }
        var contents = RecoveredContents(entry, renamed: isTrim ? max(0, gone - entry.dropped) : 0)
        try reader.items { item throws(StorageError) in
            contents.add(item)
            return Task.isCancelled ? .stop : .more
        }
        if Task.isCancelled {
            throw StorageError(
                .cancelled, operation: "look into recovery entry \(entry.id)", place: "", reason: "it was cancelled")
        }
        return contents.documents
    }

    private init(_ entry: RecoverySummary, renamed: Int) {
        self.entry = entry
        self.renamed = renamed
    }

    // MARK: Items

    private mutating func add(_ item: RecoveryItem) {
        switch item {
        case .object(let key, let before, let after): add(key, before, after)
        case .key(let key, let before, _, let after): add(key, before, after)
        case .row(let table, let columns, let values):
            removed += 1
            add(row: zip(columns, values).map { RawColumn($0, $1) }, to: table)
        case .updatedRow(let table, let identity, let before, _):
            rewritten += 1
            add(row: identity + before, to: "\(table), as it was before")
        case .member: members += 1
        case .attributes, .fact: break
        }
    }

    private mutating func add(_ key: [UInt8], _ before: StoredBytes?, _ after: StoredBytes?) {
        guard let before else {
            created += 1
            return
        }
        if after != nil {
            if before != after { rewritten += 1 }
        } else {
            removed += 1
            if removed <= renamed { return }
            if before.count <= 1 << 20, let value = try? JSONValue.parse(before.array), value.objectValue != nil {
                add(role: value["role"]?.stringValue, content: value["content"], calls: Self.calls { value[$0] })
            }
        }
        guard after == nil || before != after else { return }
        guard files.count < Self.shownFiles else {
            filesLeftOut += 1
            return
        }
        files.append(
            RecordDocument(name: String(decoding: key, as: UTF8.self), format: Self.format(of: before), bytes: before))
    }

    private static func format(of bytes: StoredBytes) -> RecordDocument.Format {
        let start = bytes.slice(0..<4096)
        switch start.first(where: { $0 != 32 && $0 != 9 && $0 != 10 && $0 != 13 }) {
        case UInt8(ascii: "{"), UInt8(ascii: "["): return .json
        default: return start.contains(0) ? .binary : .text
        }
    }

    private mutating func add(row: [RawColumn], to table: String) {
        if tables[table] == nil { tableNames.append(table) }
        var rows = tables[table] ?? Rows(columns: row.map(\.name))
        tables[table] = nil
        rows.count += 1
        if rows.lines.count < Self.shownRows {
            rows.lines += JSONValue.object(row.map { JSONMember($0.name, $0.value.json) }).serialized(.compact).utf8
            rows.lines.append(10)
        } else {
            rows.leftOut += 1
        }
        tables[table] = rows
        let role = row.first { $0.name == "role" }?.value.text
        guard role != nil, let content = row.first(where: { $0.name == "content" })?.value else { return }
        func json(_ name: String) -> JSONValue? {
            row.first { $0.name == name }?.value.text.flatMap { try? JSONValue.parse($0) }
        }
        let metadata = json("metadata")
        let calls = Self.calls { json($0) ?? metadata?[$0] }
        // A message without words is one all the same.
        guard content.text != nil || !calls.isEmpty else { return }
        add(role: role, content: content.text.map { .text($0) }, calls: calls)
    }

    /// The tool calls of a message as a transcript names them, whichever tool stored it.
    private static func calls(_ member: (String) -> JSONValue?) -> String {
        let list = (member("toolCalls") ?? member("tool_calls"))?.arrayValue ?? []
        return (list + [member("function_call")].compactMap { $0 }).map { call in
            let function = call["function"] ?? call
            guard let name = function["name"]?.stringValue else { return "" }
            let arguments = function["arguments"] ?? call["arguments"]
            let words = arguments.map { $0.stringValue ?? $0.serialized(.compact) } ?? ""
            return "calls \(name)" + (call["id"]?.stringValue.map { " as \($0)" } ?? "") + "\n"
                + (words.isEmpty ? "" : words + "\n")
        }.joined()
    }

    private mutating func add(role: String?, content: JSONValue?, calls: String) {
        guard let role else { return }
        messages += 1
        guard text.count < Self.shownText else {
            messagesLeftOut += 1
            return
        }
        text += "\n#\(messages)  \(role)\n".utf8
        var words = content.map { $0.isNull ? "" : Self.words($0) } ?? ""
        if !calls.isEmpty { words += (words.isEmpty ? "" : "\n") + calls.dropLast() }
        text += words.utf8.prefix(Self.shownMessage)
        if words.utf8.count > Self.shownMessage {
            text += " … \(words.utf8.count - Self.shownMessage) more bytes".utf8
        }
        text.append(10)
    }

    /// The words of a message's content: a text, or a list of blocks.
    private static func words(_ content: JSONValue) -> String {
        if let text = content.stringValue { return text }
        guard let blocks = content.arrayValue else { return content.serialized(.compact) }
        return blocks.map { $0["text"]?.stringValue ?? $0.serialized(.compact) }.joined(separator: "\n")
    }

    // MARK: Documents

    private var documents: [RecordDocument] {
        var all = [RecordDocument(name: "entry", format: .text, bytes: StoredBytes(Array(heading.utf8) + text + tail))]
        for name in tableNames {
            guard let rows = tables[name] else { continue }
            let notes = rows.leftOut > 0 ? ["first \(rows.count - rows.leftOut) of \(rows.count) rows"] : []
            all.append(
                RecordDocument(
                    name: "\(rows.count) \(rows.count == 1 ? "row" : "rows") of \(name)",
                    format: .jsonLines(columns: rows.columns.map { TableColumn(name: $0) }),
                    bytes: StoredBytes(rows.lines), notes: notes))
        }
        return all + files
    }

    private var heading: String {
        var lines = [
            "\(entry.act) of \(entry.record.kind.rawValue) \(entry.title.isEmpty ? entry.record.key : entry.title)",
            "id      \(entry.record.key)",
            "source  \(entry.record.source), \(entry.location)",
            "layout  \(entry.record.layout)",
            "made    \(entry.made.iso8601)",
            "state   \(entry.state.rawValue)",
        ]
        var parts: [String] = []
        if removed - renamed > 0 { parts.append("\(removed - renamed) removed\(ofWhat)") }
        if renamed > 0 { parts.append("\(renamed) kept under another name") }
        if rewritten > 0 { parts.append("\(rewritten) rewritten") }
        if created - renamed > 0 { parts.append("\(created - renamed) created") }
        if members > 0 { parts.append("\(members) taken out of sets") }
        lines.append("holds   \(parts.isEmpty ? "nothing" : parts.joined(separator: ", "))")
        if filesLeftOut > 0 {
            lines.append("        first \(Self.shownFiles) of \(Self.shownFiles + filesLeftOut) files can be read here")
        }
        lines.append("")
        lines.append(
            messages == 0 ? "It holds no messages as such; Tab shows what is in it." : "The messages that went:")
        return lines.joined(separator: "\n") + "\n"
    }

    /// The list counts the messages alone; a thread has rows or files of its own besides.
    private var ofWhat: String {
        let others = removed - renamed - entry.dropped
        guard entry.unit == "messages", entry.dropped > 0, others > 0 else { return "" }
        let messages = "\(entry.dropped) \(entry.dropped == 1 ? "message" : "messages")"
        return " (\(messages) and \(others) \(others == 1 ? "other that belongs" : "others that belong") to the thread)"
    }

    private var tail: [UInt8] {
        guard messagesLeftOut > 0 else { return [] }
        return Array(
            "\nfirst \(messages - messagesLeftOut) of \(messages) messages; the others are not shown here\n".utf8)
    }
}
