/// Writes the language of manual pages.
///
/// All text that comes in is text: whatever of it would mean something to a
/// formatter is escaped, so that `-`, `\`, quotes and a dot at the beginning
/// of a line come out as they were written, and can be copied from the page.
struct Roff {
    private(set) var lines: [String] = []

    mutating func title(_ name: String, section: Int, date: String, version: String, manual: String) {
        lines.append(".TH \(name) \(section) \(date) \(quoted(version)) \(quoted(manual))")
    }

    mutating func section(_ title: String) {
        lines.append(".SH \(quoted(title))")
    }

    mutating func subsection(_ title: String) {
        lines.append(".SS \(quoted(title))")
    }

    /// A new paragraph. Words between backticks are set in bold.
    mutating func paragraph(_ text: String) {
        // Right after a heading a paragraph begins by itself.
        if let last = lines.last, !last.hasPrefix(".SH"), !last.hasPrefix(".SS") { lines.append(".PP") }
        add(text)
    }

    /// A term, and below it what it is.
    mutating func entry(_ term: String, _ text: String, width: Int? = nil) {
        lines.append(width.map { ".TP \($0)n" } ?? ".TP")
        lines.append(Self.bold(term))
        add(text)
    }

    /// Lines that are kept as they are.
    mutating func example(_ text: [String]) {
        lines += [".PP", ".RS 4", ".nf"] + text.map(Self.line) + [".fi", ".RE"]
    }

    var text: String { lines.joined(separator: "\n") + "\n" }

    /// A line of the source for each long part, as such pages are written; what
    /// stands between backticks stays on one.
    private mutating func add(_ text: String) {
        var line = ""
        for word in Self.joiningCode(text).split(separator: " ") {
            if !line.isEmpty, line.count + word.count > 66 {
                lines.append(Self.marked(line))
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        if !line.isEmpty { lines.append(Self.marked(line)) }
    }

    /// The text with the spaces between backticks made unbreakable ones.
    private static func joiningCode(_ text: String) -> String {
        var isCode = false
        return String(
            text.map { character in
                if character == "`" { isCode.toggle() }
                return isCode && character == " " ? "\u{A0}" : character
            })
    }

    /// Text whose parts between backticks are bold.
    private static func marked(_ text: String) -> String {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false).map(String.init)
        guard parts.count % 2 == 1 else { return line(text) }
        let words = parts.enumerated().map { $0 % 2 == 1 ? bold($1) : escaped($1) }
        return guarded(words.joined())
    }

    private static func bold(_ text: String) -> String { "\\fB\(escaped(text))\\fR" }

    private static func line(_ text: String) -> String { guarded(escaped(text)) }

    /// A line that begins like a request is none.
    private static func guarded(_ line: String) -> String {
        line.hasPrefix(".") || line.hasPrefix("'") ? "\\&" + line : line
    }

    private func quoted(_ text: String) -> String {
        "\"" + Self.escaped(text) + "\""
    }

    static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "\\": escaped += "\\e"
            case "-": escaped += "\\-"
            case "'": escaped += "\\(aq"
            case "`": escaped += "\\(ga"
            case "^": escaped += "\\(ha"
            case "~": escaped += "\\(ti"
            case "\"": escaped += "\\(dq"
            case "\u{A0}": escaped += "\\ "
            default:
                for scalar in character.unicodeScalars {
                    escaped += scalar.isASCII ? String(scalar) : "\\[u\(Self.digits(scalar))]"
                }
            }
        }
        return escaped
    }

    private static func digits(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
