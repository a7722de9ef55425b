public import StoredRecords
internal import TerminalSurface

/// Text the program itself has to say: the help, the message history, what is known of a record.
public struct ReaderScreen: Sendable, Equatable {
    public enum Content: Sendable, Equatable {
        /// The keys of the mode the user came from.
        case help(Mode)
        /// The keys of all modes.
        case keys
        case history
        /// What is known of a record, what is remarkable first.
        case facts(RecordSummary)
    }

    public let id: ScreenID
    public let content: Content
    public internal(set) var top = 0
    public internal(set) var lines: [StyledLine] = []
    /// When the lines were made.
    var told = Timestamp(seconds: 0)
    /// Only what holds these words is shown.
    public internal(set) var filter: TextFilter?

    public var title: String {
        switch content {
        case .help: "help"
        case .keys: "keys"
        case .history: "messages"
        case .facts: "about"
        }
    }

    mutating func move(by count: Int, height: Int) {
        top = max(0, min(top + count, lines.count - height))
    }

    /// The history, newest first, with cause and help.
    static func history(_ notices: [Notice], width: Int, now: Timestamp, filter: TextFilter? = nil) -> [StyledLine] {
        if notices.isEmpty { return [StyledLine("Nothing was said so far.", .dim)] }
        let today = now.iso8601.prefix(10)
        var lines: [StyledLine] = []
        // A date fills the columns of a time; all texts begin in one column.
        let indent = notices.contains { !$0.time.iso8601.hasPrefix(today) } ? 12 : 10
        for notice in notices.reversed() {
            if filter?.matches([word(notice.level), notice.text] + notice.details) == false { continue }
            let time = notice.time.iso8601
            let shown = time.hasPrefix(today) ? time.dropFirst(11).prefix(8) : time.prefix(10)
            let stamp = TextFit.padded(String(shown), to: indent)
            lines += StyledLine.wrapped(
                [Span(stamp, .dim), Span(word(notice.level) + Sanitizer.visible(text(notice)), style(notice.level))],
                width: width, hanging: indent)
            for detail in notice.details {
                lines += StyledLine.wrapped([Span(Sanitizer.visible(detail), .dim)], width: width, indent: indent)
            }
        }
        return lines.isEmpty ? [nothing(for: filter)] : lines
    }

    /// What stands in place of the lines when a filter lets none through.
    static func nothing(for filter: TextFilter?) -> StyledLine {
        StyledLine("Nothing here holds \(Words.quoted(filter?.text ?? "")). Esc shows all.", .dim)
    }

    /// What was said, without the help that has a line of its own.
    private static func text(_ notice: Notice) -> String {
        for detail in notice.details where detail.hasPrefix("help: ") {
            let help = "; " + detail.dropFirst(6)
            if notice.text.hasSuffix(help) { return String(notice.text.dropLast(help.count)) }
        }
        return notice.text
    }

    private static func word(_ level: Notice.Level) -> String {
        switch level {
        case .info, .success: ""
        case .warning: "warning: "
        case .error: "error: "
        }
    }

    private static func style(_ level: Notice.Level) -> Style {
        switch level {
        case .info: .normal
        case .success: .success
        case .warning: .warning
        case .error: .error
        }
    }
}
