internal import JSONText
internal import StoredRecords

extension RecordSummary {
    /// The record as one JSON object; members that are not known are left out.
    var json: JSONValue {
        var members: [(String, JSONValue)] = [
            ("kind", .text(id.kind.rawValue)), ("id", .text(id.key)), ("source", .text(id.source)),
            ("layout", .text(id.layout)), ("title", .text(title)),
        ]
        if let messages { members.append(("messages", .integer(messages))) }
        if let tokens { members.append(("tokens", .integer(tokens))) }
        if let bytes { members.append(("bytes", .integer(bytes))) }
        if let created { members.append(("created", .text(created.iso8601))) }
        if let updated { members.append(("updated", .text(updated.iso8601))) }
        if let metadata { members.append(("metadata", metadata)) }
        members += detail.members
        if !notes.isEmpty { members.append(("notes", .array(notes.map { .text($0) }))) }
        return JSONValue(members: members)
    }
}

extension RecordDetail {
    /// The members that only one kind has.
    fileprivate var members: [(String, JSONValue)] {
        var members: [(String, JSONValue)] = []
        func add(_ name: String, _ value: JSONValue?) {
            if let value { members.append((name, value)) }
        }
        switch self {
        case .none: break
        case .index(let index):
            add("origin", .text(index.origin))
            add("files", index.files.map { .integer($0) })
            add("synced", index.synced.map { .text($0.iso8601) })
            add("has_state", .bool(index.hasState))
            add("has_search", .bool(index.hasSearch))
        case .thread(let thread):
            add("agent", thread.agent.map { .text($0) })
            add("status", thread.status.map { .text($0) })
            if !thread.tags.isEmpty { add("tags", .array(thread.tags.map { .text($0) })) }
            add("lock", thread.lock.map { .text($0) })
        case .artifact(let artifact):
            add("type", .text(artifact.type))
            add("status", .text(artifact.status))
            add("version", artifact.version.map { .integer($0) })
            add("mime_type", artifact.mimeType.map { .text($0) })
            add("rows", artifact.rows.map { .integer($0) })
        case .task(let task):
            add("agent", task.agent.map { .text($0) })
            add("state", .text(task.state))
            add("iteration", task.iteration.map { .integer($0) })
            add("completed", task.isCompleted.map { .bool($0) })
            add("resume_from", task.resumeFrom.map { .text($0) })
            add("expires", task.expires.map { .text($0.iso8601) })
        }
        return members
    }

    /// The same facts for people: name and value.
    var facts: [(String, String)] {
        members.map { name, value in
            let text =
                switch value {
                case .string(let text): text.text
                case .bool(let flag): flag ? "yes" : "no"
                case .array(let items): items.compactMap(\.stringValue).joined(separator: ", ")
                default: value.serialized(.compact)
                }
            return (name.split(separator: "_").joined(separator: " "), text)
        }
    }
}

extension Console {
    /// One JSON value on a line of its own.
    ///
    /// On a terminal, characters that it might act on are written as escapes,
    /// which changes nothing of what the JSON says.
    func write(json value: JSONValue) {
        let line = value.serialized(.compact)
        output.write(line: outputIsTerminal ? Self.escaped(line) : line)
    }

    /// Such characters stand inside strings only, where an escape means the same.
    private static func escaped(_ json: String) -> String {
        if json.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return json }
        var text = ""
        for scalar in json.unicodeScalars {
            let category = scalar.properties.generalCategory
            let isHarmless =
                ![.control, .format, .lineSeparator, .paragraphSeparator, .unassigned].contains(category)
                && !scalar.properties.isDefaultIgnorableCodePoint
            if isHarmless {
                text.unicodeScalars.append(scalar)
            } else {
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            }
        }
        return text
    }
}
