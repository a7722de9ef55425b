internal import JSONText
internal import StoredRecords
internal import TerminalSurface

/// How messages are laid out: sizes, and what is shown of them.
struct ReadingForm: Sendable, Equatable {
    var measure: Int
    var room: Int
    var showsMetadata = false
    /// Whether long lines of code go on below, or are cut at the edge.
    var wraps = true
    var sideways = 0
    /// Bytes of a text that are laid out at first.
    var usualBytes = TextWindow.usualBytes
}

/// What the lines of a message owe to the messages around it.
struct Surroundings: Sendable, Equatable {
    /// The first message that is loaded.
    var isFirst = true
    /// The first message of the thread.
    var beginsThread = false
    var previousDay: Int64?
    var isAfterCompact = false
    /// What is remarkable of the whole thread, over its first message.
    var threadNotes: [String] = []
    /// The results of the message's calls; `nil` where none is loaded.
    var outcomes: [ToolResultFacts?] = []
    /// Whether the messages after it are loaded, so that a missing result is missing.
    var knowsOutcomes = false
    /// The call that the message answers.
    var call: ToolCallFacts?
    /// The calls that its parts answer; `nil` where one is not loaded.
    var partCalls: [ToolCallFacts?] = []
}

/// The part of a text that is laid out.
struct TextExtent: Sendable, Equatable {
    var start = 0
    var budget: Int
}

/// Lays one message out.
struct MessageLayout {
    let message: StoredMessage
    let digest: MessageDigest
    let around: Surroundings
    let form: ReadingForm
    let folds: MessageFolds
    let parts: [MessagePart]
    var extents: [Int: TextExtent] = [:]
    /// The byte of each part that is laid out last.
    private(set) var ends: [Int: Int] = [:]

    init(
        _ message: StoredMessage, _ digest: MessageDigest, _ around: Surroundings, _ form: ReadingForm,
        _ folds: MessageFolds, _ parts: [MessagePart], _ extents: [Int: TextExtent]
    ) {
        self.message = message
        self.digest = digest
        self.around = around
        self.form = form
        self.folds = folds
        self.parts = parts
        self.extents = extents
    }

    /// Whether a message is nothing but lines of folded tool calls, results or a prompt.
    static func isCompact(
        _ message: StoredMessage, _ digest: MessageDigest, _ form: ReadingForm, _ folds: MessageFolds
    ) -> Bool {
        if form.showsMetadata || !message.notes.isEmpty { return false }
        if digest.result != nil { return !folds.isOpen(.result, of: message) && digest.calls.isEmpty }
        if message.role == .system { return digest.hasText && !folds.isOpen(.system, of: message) }
        return !digest.hasText && !(digest.calls.isEmpty && digest.partResults.isEmpty)
            && digest.calls.indices.allSatisfy { !folds.isOpen(.call($0), of: message) }
            && digest.partResults.indices.allSatisfy { !folds.isOpen(.partResult($0), of: message) }
    }

    mutating func rows() -> [MessageRow] {
        let isCompact = Self.isCompact(message, digest, form, folds)
        var rows = lead(isCompact: isCompact)
        if !isCompact {
            rows.append(MessageRow(MessageHeading.line(message, width: form.measure, now: nil), .heading))
            for note in message.notes { rows += warning(note) }
            if form.showsMetadata { rows += metadata() }
        }
        let foldsContent = foldedContent
        if let foldsContent {
            rows.append(foldsContent)
        } else {
            if message.role == .system, digest.hasText {
                rows.append(MessageRow(StyledLine("system prompt", .dim), .fold(.system)))
            }
            if digest.result != nil { rows.append(resultRow(isOpen: true)) }
        }
        for (index, part) in parts.enumerated() {
            switch part.kind {
            case .call(let number): rows += call(number, part, index)
            case .partResult(let number): rows += partResult(number, part, index)
            default: if foldsContent == nil { rows += content(part, index) }
            }
        }
        return rows
    }

    // MARK: Around the message

    private func lead(isCompact: Bool) -> [MessageRow] {
        var rows: [MessageRow] = []
        for note in around.threadNotes { rows += warning(note).map { MessageRow($0.line, .lead) } }
        if !rows.isEmpty { rows.append(MessageRow(.empty, .lead)) }
        let day = message.created.map(MessageHeading.day(of:))
        let isNewDay = day != nil && day != around.previousDay && (!around.isFirst || around.beginsThread)
        if !around.isFirst, isNewDay || !(isCompact && around.isAfterCompact) {
            rows.append(MessageRow(.empty, .lead))
        }
        if let day, isNewDay {
            rows.append(MessageRow(MessageHeading.separator(day, width: form.measure), .lead))
            rows.append(MessageRow(.empty, .lead))
        }
        return rows
    }

    private func warning(_ note: String) -> [MessageRow] {
        StyledLine.wrapped([Span("! " + Sanitizer.visible(note), .warning)], width: form.measure, hanging: 2).map {
            MessageRow($0)
        }
    }

    private func metadata() -> [MessageRow] {
        var facts: [(String, String)] = []
        if let id = message.id { facts.append(("id", id)) }
        if let created = message.created { facts.append(("created", created.iso8601)) }
        if let call = message.toolCallID { facts.append(("answers", call)) }
        facts.append(("size", Words.size(Int64(digest.bytes))))
        for member in message.metadata?.objectValue ?? [] {
            facts.append((member.key.text, member.value.stringValue ?? member.value.serialized(.compact)))
        }
        if let metadata = message.metadata, metadata.objectValue == nil {
            facts.append(("metadata", metadata.serialized(.compact)))
        }
        return facts.flatMap { name, value in
            let left = value.utf8.count - form.usualBytes
            let shown = ToolFacts.oneLine(ToolFacts.prefix(value, form.usualBytes))
            return StyledLine.wrapped(
                [
                    Span(Sanitizer.visible(name) + ": ", .jsonKey), Span(shown, .dim),
                    Span(left > 0 ? " … \(Words.size(Int64(left))) more" : "", .dim),
                ], width: form.measure, hanging: 2
            ).map { MessageRow($0) }
        }
    }

    // MARK: One line

    /// The line that stands for the content; `nil` when the content is shown.
    private var foldedContent: MessageRow? {
        if digest.result != nil { return folds.isOpen(.result, of: message) ? nil : resultRow(isOpen: false) }
        guard message.role == .system, digest.hasText, !folds.isOpen(.system, of: message) else { return nil }
        let first = ToolFacts.firstLine(ToolFacts.prefix(message.plainTextBeginning, 2000))
        let line = oneLine(
            [Span("system prompt: ", .roleSystem)], [Span(first, .normal)],
            [Span(" · " + Words.size(Int64(digest.bytes)), .dim)])
        return MessageRow(line, .fold(.system))
    }

    private func resultRow(isOpen: Bool) -> MessageRow {
        guard let result = digest.result else { return MessageRow(.empty) }
        return MessageRow(resultLine(result, around.call, name: message.name, isOpen: isOpen), .fold(.result))
    }

    private func resultLine(
        _ result: ToolResultFacts, _ call: ToolCallFacts?, name: String?, isOpen: Bool
    ) -> StyledLine {
        let name = call?.name ?? name ?? ""
        var head = [Span("← ", .roleTool)]
        if !name.isEmpty { head.append(Span(TextFit.truncated(name, to: 40), .roleTool)) }
        var middle: [Span] = []
        if isOpen {
            if let call, !call.telling.isEmpty { middle.append(Span(" " + call.telling, .code)) }
        } else {
            if !name.isEmpty { head.append(Span(": ", .roleTool)) }
            middle = Self.outcome(result)
        }
        var facts: [String] = []
        if let lines = result.lines, lines > 1 { facts.append(Words.count(lines, "lines")) }
        facts.append(Words.size(Int64(result.bytes)))
        if let duration = ToolFacts.duration(call?.made, result.made) { facts.append(duration) }
        return oneLine(head, middle, [Span(" · " + facts.joined(separator: " · "), .dim)])
    }

    private static func outcome(_ result: ToolResultFacts) -> [Span] {
        let text = Span(result.outcome, result.isError ? .error : .normal)
        return result.isError && !result.outcome.lowercased().hasPrefix("error")
            ? [Span(result.outcome.isEmpty ? "error" : "error: ", .error), text] : [text]
    }

    private func callRow(_ call: ToolCallFacts, _ number: Int, isOpen: Bool) -> StyledLine {
        let head = [Span("→ ", .roleTool), Span(TextFit.truncated(call.name, to: 40), .roleTool)]
        var middle: [Span] = []
        if isOpen {
            if let id = call.id { middle.append(Span("  " + TextFit.truncated(id, to: 30), .dim)) }
        } else {
            if !call.telling.isEmpty { middle.append(Span(" " + ToolFacts.oneLine(call.telling), .code)) }
            if !call.others.isEmpty { middle.append(Span(", " + Sanitizer.visible(call.others), .dim)) }
        }
        return oneLine(head, middle, callEnd(number))
    }

    /// What the line of a call says of its result: what came of it stands in the line of the result, which
    /// follows; here only that it failed or is missing, and where it is when other messages come between.
    private func callEnd(_ number: Int) -> [Span] {
        guard around.outcomes.indices.contains(number), let outcome = around.outcomes[number] else {
            return around.knowsOutcomes ? [Span("  ← no result", .warning)] : []
        }
        let isNear = outcome.position <= message.position + digest.calls.count
        if isNear, !outcome.isError { return [] }
        var spans = [Span("  ←", .roleTool)]
        if outcome.isError { spans.append(Span(" failed", .error)) }
        if !isNear { spans.append(Span(" #\(outcome.position + 1)", .dim)) }
        return spans
    }

    /// One line of three parts: the first stays, the others share what is left, and the message's number
    /// ends the line where there is room for it.
    private func oneLine(_ head: [Span], _ middle: [Span], _ tail: [Span]) -> StyledLine {
        let number =
            Self.isCompact(message, digest, form, folds) && form.measure >= 50 ? "#\(message.position + 1)" : ""
        let room = form.measure - (number.isEmpty ? 0 : number.count + 2)
        let left = max(0, room - Self.columns(head))
        let tailColumns = Self.columns(tail)
        let middleColumns = Self.columns(middle)
        let tailRoom =
            middleColumns + tailColumns <= left
            ? tailColumns : min(tailColumns, max(left - middleColumns, left * 9 / 20))
        var spans = head + Self.cut(middle, max(0, left - tailRoom)) + Self.cut(tail, tailRoom)
        if !number.isEmpty {
            let gap = form.measure - Self.columns(spans) - number.count
            spans.append(Span(String(repeating: " ", count: max(1, gap)) + number, .dim))
        }
        return StyledLine(spans)
    }

    private static func columns(_ spans: [Span]) -> Int {
        spans.reduce(0) { $0 + CharacterWidth.columns(of: $1.text) }
    }

    /// The beginning of spans, with a mark where something is missing.
    private static func cut(_ spans: [Span], _ room: Int) -> [Span] {
        var left = room
        var kept: [Span] = []
        for (index, span) in spans.enumerated() {
            let columns = CharacterWidth.columns(of: span.text)
            let rest = Self.columns(Array(spans[(index + 1)...]))
            if columns <= left, columns < left || rest == 0 {
                kept.append(span)
                left -= columns
            } else {
                if left > 0 {
                    kept.append(Span(TextFit.truncated(span.text + (rest > 0 ? "  " : ""), to: left), span.style))
                }
                break
            }
        }
        return kept
    }

    // MARK: Content

    private mutating func content(_ part: MessagePart, _ index: Int) -> [MessageRow] {
        switch part.kind {
        case .prose: return prose(part.text, index)
        case .result, .json: return code(part.text, index, from: 0)
        case .call, .partResult: return []
        case .bytes(let count):
            return [
                MessageRow(
                    StyledLine("(\(Words.size(Int64(count))) that are not text; Enter shows them)", .dim), part: index)
            ]
        }
    }

    private mutating func call(_ number: Int, _ part: MessagePart, _ index: Int) -> [MessageRow] {
        guard digest.calls.indices.contains(number) else { return [] }
        let call = digest.calls[number]
        let isOpen = folds.isOpen(.call(number), of: message)
        let row = MessageRow(callRow(call, number, isOpen: isOpen), .fold(.call(number)), part: index)
        guard isOpen, part.text.utf8.count > call.name.utf8.count + 1 else { return [row] }
        return [row] + code(part.text, index, from: call.name.utf8.count + 1)
    }

    private mutating func partResult(_ number: Int, _ part: MessagePart, _ index: Int) -> [MessageRow] {
        guard digest.partResults.indices.contains(number) else { return [] }
        let isOpen = folds.isOpen(.partResult(number), of: message)
        let call = around.partCalls.indices.contains(number) ? around.partCalls[number] : nil
        let line = resultLine(digest.partResults[number], call, name: nil, isOpen: isOpen)
        let row = MessageRow(line, .fold(.partResult(number)), part: index)
        return isOpen && !part.text.isEmpty ? [row] + code(part.text, index, from: 0) : [row]
    }

    /// Bytes above a text's shown part that are read for what they leave open: a fence begun
    /// farther above is not known of.
    private static let lookBack = 65_536

    private mutating func prose(_ text: String, _ index: Int) -> [MessageRow] {
        let window = window(text, index, from: 0)
        var shaper = MarkdownShaper(
            measure: form.measure, room: form.room, wraps: form.wraps, sideways: form.sideways)
        var before: [SourceLine] = []
        if window.start > 0 {
            let from = TextWindow.lineStart(text, max(0, window.start - Self.lookBack))
            before = TextWindow(text, from: from, budget: window.start - from).lines.filter { $0.offset < window.start }
        }
        let shaped = shaper.shape(window.lines, before: before)
        return bounded(shaped, text, index, window)
    }

    private mutating func code(_ text: String, _ index: Int, from first: Int) -> [MessageRow] {
        let window = window(text, index, from: first)
        let lines = CodeLines(room: form.room, indent: 0, wraps: form.wraps, sideways: form.sideways)
        let start = text.utf8.dropFirst(first).first { $0 > 32 }
        let isJSON = start == UInt8(ascii: "{") || start == UInt8(ascii: "[")
        var highlighter = isJSON ? CodeHighlighter(language: "json") : nil
        let shaped = window.lines.flatMap { source -> [ShapedLine] in
            let spans = highlighter?.spans(source.text) ?? [Span(source.text, CodeHighlighter.plain)]
            return lines.lines(spans).enumerated().map { number, line in
                var line = line
                if number == 0, source.isContinued { line.joint = .none }
                return ShapedLine(line: line, source: source.offset, hasData: source.hasData)
            }
        }
        return bounded(shaped, text, index, window)
    }

    private mutating func window(_ text: String, _ index: Int, from first: Int) -> (start: Int, lines: [SourceLine]) {
        let extent = extents[index] ?? TextExtent(budget: form.usualBytes)
        let start = max(first, extent.start)
        let window = TextWindow(
            text, from: start, budget: extent.budget, openData: folds.openData(of: message, part: index))
        ends[index] = window.end
        return (start, window.lines)
    }

    /// The lines of a part between what tells how much of it is above and below.
    private func bounded(
        _ shaped: [ShapedLine], _ text: String, _ index: Int, _ window: (start: Int, lines: [SourceLine])
    ) -> [MessageRow] {
        var rows = shaped.map { line in
            MessageRow(
                line.line, line.hasData ? .fold(.data(part: index, line: line.source)) : .text, part: index,
                source: line.source)
        }
        if let extent = extents[index], extent.start > 0 {
            let text = "… \(Words.size(Int64(window.start))) above; Enter shows all"
            rows.insert(
                MessageRow(
                    StyledLine(text, .dim), .more(part: index, isBelow: false), part: index, source: window.start),
                at: 0)
        }
        let left = text.utf8.count - (ends[index] ?? 0)
        if left > 0 {
            let text = "… \(Words.size(Int64(left))) more; Enter shows all"
            rows.append(
                MessageRow(
                    StyledLine(text, .dim), .more(part: index, isBelow: true), part: index, source: ends[index] ?? 0))
        }
        return rows
    }
}

extension StoredMessage {
    /// The first text of the message, not joined with the others.
    var plainTextBeginning: String {
        for case .text(let text) in content where !text.isEmpty { return text }
        return content.first?.plainText ?? ""
    }
}
