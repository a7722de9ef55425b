internal import JSONText
public import StoredRecords
internal import TerminalSurface

/// What is known of a record without reading it, line by line.
public enum RecordFacts {
    /// - Parameter members: how many members of the metadata are shown; what is left out is named.
    public static func lines(
        _ record: RecordSummary, width: Int, now: Timestamp, members: Int = 20
    ) -> [StyledLine] {
        var lines = StyledLine.wrapped(
            [Span(Sanitizer.visible(record.name), .title)], width: width)
        for note in record.notes {
            lines += StyledLine.wrapped([Span("! " + Sanitizer.visible(note), .warning)], width: width, hanging: 2)
        }
        for (name, value) in facts(record, now: now) {
            let label = name + String(repeating: " ", count: max(1, 10 - name.count))
            lines += StyledLine.wrapped(
                [Span(label, .dim), Span(Sanitizer.visible(value))], width: width, hanging: 10)
        }
        for (name, value) in metadata(record, shown: members) {
            lines += StyledLine.wrapped(
                [Span(Sanitizer.visible(name) + ": ", .jsonKey), Span(Sanitizer.visible(value), .dim)], width: width,
                hanging: 2)
        }
        return lines
    }

    static func facts(_ record: RecordSummary, now: Timestamp) -> [(String, String)] {
        var facts: [(String, String)] = []
        func add(_ name: String, _ value: String?) {
            if let value, !value.isEmpty { facts.append((name, value)) }
        }
        add("id", record.id.key)
        add("source", "\(record.id.source) (\(record.id.layout))")
        switch record.detail {
        case .none: break
        case .index(let index):
            add("origin", index.origin)
            add("files", index.files.map(Words.grouped))
            add("synced", index.synced.map { moment($0, now) })
            let missing = [index.hasState ? nil : "state.json", index.hasSearch ? nil : "search.json"].compactMap { $0 }
            if !missing.isEmpty { add("missing", missing.joined(separator: ", ")) }
        case .thread(let thread):
            add("agent", thread.agent)
            add("status", thread.status)
            add("tags", thread.tags.joined(separator: ", "))
            add("lock", thread.lock)
        case .artifact(let artifact):
            add("type", artifact.type)
            add("status", artifact.status)
            add("version", artifact.version.map(String.init))
            add("mime", artifact.mimeType)
            add("rows", artifact.rows.map(Words.grouped))
        case .task(let task):
            add("agent", task.agent)
            add("state", task.state)
            add("iteration", task.iteration.map(Words.grouped))
            add("resume", task.resumeFrom)
            add("expires", task.expires.map { moment($0, now) })
        }
        add("messages", record.messages.map(Words.grouped))
        add("tokens", record.tokens.map(Words.grouped))
        add("size", record.bytes.map(Words.size))
        add("created", record.created.map { moment($0, now) })
        add("updated", record.updated.map { moment($0, now) })
        return facts
    }

    private static func moment(_ time: Timestamp, _ now: Timestamp) -> String {
        "\(Words.moment(time)) (\(Words.age(of: time, now: now)))"
    }

    private static func metadata(_ record: RecordSummary, shown count: Int) -> [(String, String)] {
        guard let metadata = record.metadata else { return [] }
        guard let members = metadata.objectValue else { return [("metadata", metadata.serialized(.compact))] }
        let shown = members.prefix(count).map { member -> (String, String) in
            let text = member.value.stringValue ?? member.value.serialized(.compact)
            return (member.key.text, TextFit.truncated(String(text.prefix(2000)), to: 300))
        }
        let left = members.count - shown.count
        return left > 0 ? shown + [("…", "\(Words.count(left, "more members")); m shows them")] : shown
    }
}
