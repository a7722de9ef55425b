public import TerminalSurface

/// A piece of text in one style; the text is in visible form.
public struct Span: Sendable, Equatable {
    public var text: String
    public var style: Style

    public init(_ text: String, _ style: Style = .normal) {
        self.text = text
        self.style = style
    }
}

/// One line of the screen, no wider than it was made for.
public struct StyledLine: Sendable, Equatable {
    /// How a line goes on from the one above it, so that the text before wrapping can be told.
    public enum Joint: Sendable, Equatable {
        /// It begins a line of its own.
        case start
        /// It goes on after a space that is not shown.
        case space
        /// It goes on in the middle of a word.
        case none
    }

    public var spans: [Span]
    /// Columns left free on the left.
    public var indent: Int
    public var joint = Joint.start

    public init(_ spans: [Span] = [], indent: Int = 0) {
        self.spans = spans
        self.indent = indent
    }

    /// A line of stored text, made visible.
    public init(_ text: String, _ style: Style = .normal, indent: Int = 0) {
        self.init([Span(Sanitizer.visible(text), style)], indent: indent)
    }

    public static let empty = StyledLine()

    public var text: String { String(repeating: " ", count: indent) + spans.map(\.text).joined() }
}

extension StyledLine {
    /// The lines of `spans`, no wider than `width` columns, broken at spaces
    /// where there is one; every line but the first is indented by `hanging` more.
    public static func wrapped(
        _ spans: [Span], width: Int, indent: Int = 0, hanging: Int = 0
    ) -> [StyledLine] {
        let room = max(1, width - indent)
        let total = spans.reduce(0) { $0 + CharacterWidth.columns(of: $1.text) }
        if total <= room { return [StyledLine(spans, indent: indent)] }
        var filler = LineFiller(width: max(1, width), indent: indent, hanging: room - hanging >= 8 ? hanging : 0)
        for span in spans { filler.append(span) }
        return filler.finished
    }
}

/// Fills lines word by word.
private struct LineFiller {
    let width: Int
    let hanging: Int
    private var lines: [StyledLine] = []
    private var current: StyledLine
    private var used: Int

    init(width: Int, indent: Int, hanging: Int) {
        self.width = width
        self.hanging = indent + hanging
        current = StyledLine([], indent: indent)
        used = min(indent, width - 1)
    }

    var finished: [StyledLine] {
        var all = lines
        if !current.spans.isEmpty || all.isEmpty { all.append(current) }
        return all
    }

    mutating func append(_ span: Span) {
        for word in Self.words(span.text) {
            let columns = CharacterWidth.columns(of: word)
            if used + columns <= width {
                add(word, columns, span.style)
            } else if word.first == " " {
                newLine(after: .space)
            } else {
                appendLong(word, columns, span.style)
            }
        }
    }

    private mutating func appendLong(_ word: String, _ columns: Int, _ style: Style) {
        if !current.spans.isEmpty, columns <= width - hanging {
            newLine(after: endWithoutSpace() ? .space : .none)
            add(word, columns, style)
            return
        }
        var at = 0
        while at < columns {
            // A wide cluster that would be cut is a space at the end of the slice, and goes to the next line.
            var piece = TextFit.slice(word, from: at, columns: max(0, width - used))
            if piece.last == " " { piece.removeLast() }
            let pieceColumns = CharacterWidth.columns(of: piece)
            if pieceColumns > 0 {
                add(piece, pieceColumns, style)
                at += pieceColumns
            } else if current.spans.isEmpty {
                // Not even an empty line has room for this cluster.
                at += max(1, width - used + 1)
            }
            if at < columns { newLine(after: .none) }
        }
    }

    private mutating func add(_ text: String, _ columns: Int, _ style: Style) {
        if text.first == " ", current.spans.isEmpty, !lines.isEmpty { return }
        if let last = current.spans.indices.last, current.spans[last].style == style {
            current.spans[last].text += text
        } else {
            current.spans.append(Span(text, style))
        }
        used += columns
    }

    private mutating func newLine(after joint: StyledLine.Joint) {
        lines.append(current)
        current = StyledLine([], indent: min(hanging, width - 1))
        current.joint = joint
        used = current.indent
    }

    /// Takes the space off the end of the line under way; `false` when none is there.
    private mutating func endWithoutSpace() -> Bool {
        guard let last = current.spans.indices.last, current.spans[last].text.last == " " else { return false }
        current.spans[last].text.removeLast()
        if current.spans[last].text.isEmpty { current.spans.removeLast() }
        return true
    }

    /// Runs of spaces and of other characters, in turn.
    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        var current = ""
        var isSpace = false
        for character in text {
            if (character == " ") != isSpace, !current.isEmpty {
                words.append(current)
                current = ""
            }
            isSpace = character == " "
            current.append(character)
        }
        if !current.isEmpty { words.append(current) }
        return words
    }
}
