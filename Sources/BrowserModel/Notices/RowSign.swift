/// A sign that stands in or before the rows of a screen: drawn and explained from one place.
public struct RowSign: Sendable, Equatable {
    public let glyph: String
    /// What it says, for the help.
    public let meaning: String

    init(_ glyph: String, _ meaning: String) {
        self.glyph = glyph
        self.meaning = meaning
    }

    static let focus = RowSign(">", "in focus: what the keys act on")
    public static let marked = RowSign("●", "marked")
    public static let failed = RowSign("✗", "marked, and the last act on it failed: the last line says why")
    public static let inRange = RowSign("○", "in the range that v began")
    /// Of a record, a message or a document.
    public static let note = RowSign("!", "damaged or otherwise remarkable: m tells how")
    public static let unopened = RowSign("…", "a source that is not open yet")
    public static let sourceFailed = RowSign("!", "a source that cannot be opened: 5 tells why")
    public static let unknown = RowSign("…", "not known yet")
    /// Of a value of a record that its source does not tell.
    public static let untold = RowSign("?", "not known: the store does not tell it without reading the record")
    public static let noSuchKind = RowSign("-", "holds nothing of this kind")
    public static let folded = RowSign("▸", "folded")
    public static let unfolded = RowSign("▾", "unfolded")
    public static let sortedUp = RowSign("↑", "what it is sorted by, the smallest first")
    public static let sortedDown = RowSign("↓", "what it is sorted by, the largest or newest first")
    public static let moreLeft = RowSign("‹", "more columns to the left")
    public static let moreRight = RowSign("›", "more columns to the right")
    static let missing = RowSign("·", "not there; null is a stored null")
    static let brokenRow = RowSign("!", "a line that is no JSON")
    public static let undoable = RowSign("u", "can be brought back")
    public static let undone = RowSign("-", "was brought back already")
    public static let blocked = RowSign("!", "cannot be brought back: the lines below say why")
    static let call = RowSign("→", "calls a tool")
    static let result = RowSign("←", "what the tool answered")
    static let messageNote = RowSign("!", "damaged or otherwise remarkable: what follows says how")
    public static let goes = RowSign("-", "goes when the thread is trimmed here")
}

extension RowSign {
    /// The signs of the screen that the help was opened on.
    static func signs(_ state: BrowserState) -> [RowSign] {
        switch state.top {
        case .browse(let screen):
            if state.knowsSources, state.sources.isEmpty { return [] }
            guard screen.kind != nil else { return [focus, unknown, noSuchKind] }
            let signs = [focus, marked, failed, inRange, note, untold, sortedUp, sortedDown]
            return state.layout.hasSourcesColumn ? signs + [sourceFailed, unopened] : signs
        case .thread:
            let roles = [
                ("S", "system"), ("U", "user"), ("A", "assistant"), ("T", "tool"), ("?", "another or no role"),
            ]
            let signs = [focus] + roles.map { RowSign($0.0, $0.1) } + [call, result, messageNote]
            return state.showsTrim ? signs + [goes] : signs
        case .document(let screen):
            switch screen.pane?.form {
            case .tree: return [focus, folded, unfolded]
            case .table: return [focus, sortedUp, sortedDown, moreLeft, moreRight, missing, brokenRow]
            case .text: return [RowSign(">", "the line of the hit")]
            case .hex, nil: return []
            }
        case .results: return [focus]
        case .diff:
            return [
                focus, RowSign("-", "only on the left"), RowSign("+", "only on the right"), RowSign("~", "changed"),
                folded, unfolded,
            ]
        case .recovery: return [focus, undoable, undone, blocked]
        case .jobs: return [focus]
        case .reader: return []
        }
    }
}
