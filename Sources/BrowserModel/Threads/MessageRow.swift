/// A line of a message on the screen.
public struct MessageRow: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        /// A blank line or a day between messages.
        case lead
        /// Who and when; drawn with the age of the message.
        case heading
        case text
        /// What Enter unfolds or folds.
        case fold(FoldItem)
        /// Where a long text goes on: above or below what is laid out.
        case more(part: Int, isBelow: Bool)
    }

    public internal(set) var line: StyledLine
    public internal(set) var kind = Kind.text
    /// The part of the message it shows, and the byte of that part's text its line begins at.
    var part = -1
    var source = 0

    init(_ line: StyledLine, _ kind: Kind = .text, part: Int = -1, source: Int = 0) {
        self.line = line
        self.kind = kind
        self.part = part
        self.source = source
    }

    var fold: FoldItem? {
        if case .fold(let item) = kind { item } else { nil }
    }
}
