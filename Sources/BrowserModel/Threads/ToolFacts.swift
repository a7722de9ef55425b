internal import JSONText
internal import StoredRecords
internal import TerminalSurface

/// What one line says of a tool call.
struct ToolCallFacts: Sendable, Equatable {
    var id: String?
    var name: String
    /// The value of the argument that tells most, and the others with their names.
    var telling: String
    var others: String
    var position: Int
    var made: Timestamp?
}

/// What one line says of a tool's result.
struct ToolResultFacts: Sendable, Equatable {
    var callID: String?
    var isError: Bool
    var outcome: String
    var bytes: Int
    /// `nil` where there are too many to be counted at sight.
    var lines: Int?
    var position: Int
    var made: Timestamp?
}

/// Reads the facts of calls and results from their beginnings, so that a huge one costs what a small one does.
enum ToolFacts {
    /// Bytes of a result that are looked into.
    private static let readBytes = 16_384
    /// Bytes whose lines are counted.
    private static let countedBytes = 1 << 20

    /// Names of arguments that tell what a call is about, the most telling first.
    private static let tellingNames = [
        "command", "cmd", "query", "q", "sql", "file_path", "filepath", "path", "file", "filename", "url", "uri",
        "pattern", "search", "prompt", "question", "code", "script", "location", "name", "title", "text", "input", "id",
    ]

    static func facts(_ call: ToolCall, of message: StoredMessage) -> ToolCallFacts {
        var facts = ToolCallFacts(
            id: call.id, name: call.name, telling: "", others: "", position: message.position, made: message.created)
        guard let arguments = call.arguments else { return facts }
        let value = TextJSON.value(of: arguments)
        guard let members = value.objectValue else {
            facts.telling = short(value, 400)
            return facts
        }
        let named = tellingNames.lazy.compactMap { name in
            members.firstIndex { $0.name.lowercased() == name && $0.value.childCount == nil && !$0.value.isNull }
        }.first
        let index = named ?? members.firstIndex { $0.value.stringValue != nil } ?? members.indices.first
        if let index { facts.telling = short(members[index].value, 400) }
        facts.others = members.indices.filter { $0 != index }.prefix(8)
            .map { "\(members[$0].name): \(short(members[$0].value, 60))" }.joined(separator: ", ")
        return facts
    }

    static func facts(ofResult message: StoredMessage) -> ToolResultFacts {
        var facts = facts(of: message.content, callID: message.toolCallID, in: message)
        if message.saysToolFailed { facts.isError = true }
        return facts
    }

    /// The facts of a result that is a part of a message.
    static func facts(_ result: ToolResult, of message: StoredMessage) -> ToolResultFacts {
        var facts = facts(of: result.content, callID: result.callID, in: message)
        if result.isError { facts.isError = true }
        return facts
    }

    private static func facts(
        of content: [ContentBlock], callID: String?, in message: StoredMessage
    ) -> ToolResultFacts {
        var facts = ToolResultFacts(
            callID: callID, isError: false, outcome: "", bytes: 0, position: message.position, made: message.created)
        var value: JSONValue?
        var beginning = ""
        var lines = 0
        for block in content {
            switch block {
            case .text(let text):
                let count = text.utf8.count
                facts.bytes += count
                if count <= countedBytes {
                    lines += text.utf8.reduce(1) { $1 == 10 ? $0 + 1 : $0 }
                } else {
                    lines = .min
                }
                if beginning.isEmpty { beginning = prefix(text, readBytes) }
                let first = text.utf8.first { $0 > 32 }
                if value == nil, count <= readBytes, first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
                    value = try? JSONValue.parse(text)
                }
            case .json(let json):
                value = value ?? json
                let text = BoundedJSON.pretty(json, limit: readBytes)
                facts.bytes += text.utf8.count
                lines += text.utf8.reduce(1) { $1 == 10 ? $0 + 1 : $0 }
            case .bytes(let bytes): facts.bytes += bytes.count
            }
        }
        facts.lines = lines < 0 ? nil : lines
        if let value, let members = value.objectValue {
            facts.isError = isError(members)
            facts.outcome = outcome(members, isError: facts.isError)
        } else if let items = value?.arrayValue {
            facts.outcome = Words.count(items.count, "items")
            if let first = items.first { facts.outcome += ", first \(short(first, 80))" }
        } else {
            facts.outcome = firstLine(beginning)
            facts.isError = saysError(beginning)
        }
        return facts
    }

    // MARK: Errors

    private static func isError(_ members: [JSONMember]) -> Bool {
        members.contains { member in
            switch member.name.lowercased() {
            case "error", "errors", "exception":
                if member.value.isNull || member.value.boolValue == false { return false }
                if member.value.stringValue?.isEmpty == true || member.value.childCount == 0 { return false }
                return member.value.intValue != 0
            case "is_error", "iserror", "failed": return member.value.boolValue == true
            case "ok", "success", "succeeded": return member.value.boolValue == false
            case "exit_code", "exitcode", "returncode", "exit_status":
                return member.value.intValue.map { $0 != 0 } ?? false
            case "status", "state", "outcome":
                let word = member.value.stringValue?.lowercased()
                return word == "error" || word == "failed" || word == "failure" || word == "timeout"
            default: return false
            }
        }
    }

    /// Text that begins as messages of a failure do.
    private static func saysError(_ text: String) -> Bool {
        let head = String(text.drop { $0.isWhitespace }.prefix(200))
        let small = head.lowercased()
        let beginnings = ["error", "fatal:", "traceback (most recent call last)", "exception", "panic:", "failed"]
        if beginnings.contains(where: { small.hasPrefix($0) }) { return true }
        // `TypeError: x is not a function`, `bash: foo: command not found`
        let first = small.prefix { $0 != "\n" }
        if first.hasSuffix("command not found") || first.hasSuffix("no such file or directory") { return true }
        let word = head.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
        return head.dropFirst(word.count).first == ":" && (word.hasSuffix("Error") || word.hasSuffix("Exception"))
    }

    // MARK: Words

    private static func outcome(_ members: [JSONMember], isError: Bool) -> String {
        if isError {
            for name in ["error", "message", "errors", "exception", "detail", "stderr", "reason"] {
                guard let value = members.first(where: { $0.name.lowercased() == name })?.value else { continue }
                let text = value["message"]?.stringValue ?? value.stringValue ?? ""
                if !text.isEmpty { return firstLine(prefix(text, 2000)) }
            }
        }
        let scalars = members.filter { $0.value.childCount == nil }
        let shown = (scalars.isEmpty ? members : scalars).prefix(5)
        return shown.map { "\($0.name): \(short($0.value, 80))" }.joined(separator: ", ")
    }

    /// A value on one line, no longer than so many characters.
    private static func short(_ value: JSONValue, _ limit: Int) -> String {
        if let text = value.stringValue { return TextFit.truncated(oneLine(prefix(text, limit * 4)), to: limit) }
        if let items = value.arrayValue, items.count > 4 { return "[\(items.count) items]" }
        if let members = value.objectValue, members.count > 4 { return "{\(members.count) members}" }
        let text = BoundedJSON.pretty(value, limit: limit * 4)
        return TextFit.truncated(oneLine(text).filter { $0 != "\n" }, to: limit)
    }

    static func firstLine(_ text: String) -> String {
        let line = text.split(separator: "\n", maxSplits: 2).lazy.map { String($0).trimmedSpaces }.first { !$0.isEmpty }
        return Sanitizer.visible(prefix(line ?? "", 600))
    }

    /// Line breaks and what follows them become one space.
    static func oneLine(_ text: String) -> String {
        var result: [UInt8] = []
        for byte in text.utf8 {
            let isSpace = byte == 10 || byte == 13 || byte == 9 || byte == 32
            if !isSpace {
                result.append(byte)
            } else if result.last != 32, !result.isEmpty {
                result.append(32)
            }
        }
        return Sanitizer.visible(String(decoding: result, as: UTF8.self))
    }

    /// The beginning of a text, cut between characters.
    static func prefix(_ text: String, _ bytes: Int) -> String {
        guard text.utf8.count > bytes else { return text }
        var end = text.utf8.index(text.startIndex, offsetBy: bytes)
        while end > text.startIndex, end.samePosition(in: text.unicodeScalars) == nil {
            end = text.utf8.index(before: end)
        }
        return String(text[..<end])
    }

    /// `0.3 s`, `12 s`, `4m`: how long the tool took, where both times are known.
    static func duration(_ start: Timestamp?, _ end: Timestamp?) -> String? {
        guard let start, let end, end > start else { return nil }
        let milliseconds = end.milliseconds(since: start)
        switch milliseconds {
        case ..<10: return nil
        case ..<1000: return "0.\(max(1, milliseconds / 100)) s"
        case ..<10_000: return "\(milliseconds / 1000).\(milliseconds % 1000 / 100) s"
        case ..<120_000: return "\(milliseconds / 1000) s"
        case ..<7_200_000: return "\(milliseconds / 60_000)m"
        default: return "\(milliseconds / 3_600_000)h"
        }
    }
}
