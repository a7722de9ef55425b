public import StoredRecords
public import TerminalSurface

/// The line over a message: who, when, how many tokens, which one.
public enum MessageHeading {
    /// The style of a role.
    public static func style(of role: MessageRole) -> Style {
        switch role {
        case .user: .roleUser
        case .assistant: .roleAssistant
        case .system: .roleSystem
        case .tool: .roleTool
        default: .warning
        }
    }

    /// - Parameter now: for the age; without it the time alone is told.
    public static func line(_ message: StoredMessage, width: Int, now: Timestamp?) -> StyledLine {
        let style = style(of: message.role)
        let word = message.role == .missing ? "no role" : message.role.rawValue
        var spans = [Span(TextFit.truncated(word, to: 20), style)]
        if let name = message.name, !name.isEmpty {
            spans.append(Span(" " + TextFit.truncated(name, to: 24), .normal))
        }
        var facts: [String] = []
        if let created = message.created {
            let age = now.map { Words.age(of: created, now: $0) }
            if width >= 46 {
                facts.append(clock(created) + (age.map { " (\($0))" } ?? ""))
            } else {
                facts.append(age ?? clock(created))
            }
        }
        if let tokens = message.tokens { facts.append("\(Words.grouped(tokens)) tok") }
        facts.append("#\(message.position + 1)")
        spans.append(Span("  " + facts.joined(separator: " · "), .dim))
        let columns = spans.reduce(0) { $0 + CharacterWidth.columns(of: $1.text) }
        if columns > width {
            return StyledLine([Span(TextFit.truncated(spans.map(\.text).joined(), to: width), style)])
        }
        return StyledLine(spans)
    }

    /// `13:07`, in UTC as all times of the program.
    public static func clock(_ time: Timestamp) -> String {
        let parts = time.civil
        return "\(parts.hour < 10 ? "0" : "")\(parts.hour):\(parts.minute < 10 ? "0" : "")\(parts.minute)"
    }

    static func day(of time: Timestamp) -> Int64 {
        time.seconds >= 0 ? time.seconds / 86_400 : (time.seconds + 1) / 86_400 - 1
    }

    /// `── Sunday 2025-06-15 ───`: where a day begins.
    static func separator(_ day: Int64, width: Int) -> StyledLine {
        let days = ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"]
        let date = Timestamp(seconds: day * 86_400).iso8601.prefix(10)
        let text = TextFit.truncated(" \(days[Int(((day % 7) + 7) % 7)]) \(date) UTC ", to: max(1, width - 4))
        let rest = max(0, width - 2 - CharacterWidth.columns(of: text))
        return StyledLine([
            Span("──", .border), Span(text, .dim), Span(String(repeating: "─", count: rest), .border),
        ])
    }
}
