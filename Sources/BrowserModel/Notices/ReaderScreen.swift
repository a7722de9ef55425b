public import StoredRecords
internal import TerminalSurface

/// Text the program itself has to say: the help, the message history, what is known of a record.
public struct ReaderScreen: Sendable, Equatable {
    public enum Content: Sendable, Equatable {
        /// The keys of the mode the user came from.
        case help(Mode)
        case history
        /// What is known of a record, what is remarkable first.
        case facts(RecordSummary)
    }

    public let id: ScreenID
    public let content: Content
    public internal(set) var top = 0
    public internal(set) var lines: [StyledLine] = []

    public var title: String {
        switch content {
        case .help: "help"
        case .history: "messages"
        case .facts: "about"
        }
    }

    mutating func move(by count: Int, height: Int) {
        top = max(0, min(top + count, lines.count - height))
    }

    /// The keys of a mode under the headings of `Command.Group`, with what cannot be done and why.
    static func help(
        _ keyMap: KeyMap, mode: Mode, width: Int, reason: (Command) -> String?
    ) -> [StyledLine] {
        var lines: [StyledLine] = []
        let bindings = keyMap.bindings(in: mode)
        let widest = bindings.reduce(0) { max($0, CharacterWidth.columns(of: names(of: $1))) }
        let keyColumn = min(widest + 1, max(12, width / 3))
        for group in Command.Group.allCases {
            let rows = bindings.filter { $0.command.group == group }
            guard !rows.isEmpty else { continue }
            if !lines.isEmpty { lines.append(.empty) }
            lines.append(StyledLine(group.rawValue, .heading))
            for row in rows {
                let keys = names(of: row)
                var spans = [Span(row.command.help)]
                if CharacterWidth.columns(of: keys) <= keyColumn {
                    spans.insert(Span(TextFit.padded(keys, to: keyColumn) + " ", .keyHint), at: 0)
                } else {
                    // Keys that do not fit beside their meaning stand above it.
                    lines += StyledLine.wrapped([Span(keys, .keyHint)], width: width, indent: 2)
                    spans.insert(Span(String(repeating: " ", count: keyColumn + 1)), at: 0)
                }
                if row.command.isDestructive { spans.append(Span(" *", .warning)) }
                if let reason = reason(row.command) {
                    spans.append(Span(" (not here: \(Sanitizer.visible(reason)))", .dim))
                }
                lines += StyledLine.wrapped(spans, width: width, indent: 2, hanging: keyColumn + 1)
            }
        }
        lines += [.empty, StyledLine("* may remove stored data; always asks first and can be undone with u", .dim)]
        return lines
    }

    private static func names(of binding: KeyBinding) -> String {
        binding.keys.map(\.name).joined(separator: "  ")
    }

    /// The history, newest first, with cause and help.
    static func history(_ notices: [Notice], width: Int, now: Timestamp) -> [StyledLine] {
        if notices.isEmpty { return [StyledLine("Nothing was said so far.", .dim)] }
        var lines: [StyledLine] = []
        for notice in notices.reversed() {
            let style: Style =
                switch notice.level {
                case .info: .normal
                case .success: .success
                case .warning: .warning
                case .error: .error
                }
            let word = notice.level == .error ? "error: " : notice.level == .warning ? "warning: " : ""
            let time = String(notice.time.iso8601.dropFirst(11).prefix(8))
            lines += StyledLine.wrapped(
                [Span(time + "  ", .dim), Span(word + Sanitizer.visible(notice.text), style)], width: width, hanging: 10
            )
            for detail in notice.details {
                lines += StyledLine.wrapped([Span(Sanitizer.visible(detail), .dim)], width: width, indent: 10)
            }
        }
        return lines
    }
}
