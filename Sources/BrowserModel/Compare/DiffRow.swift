public import JSONText

/// One row of a comparison.
public struct DiffRow: Sendable, Equatable, Identifiable {
    public enum Change: Sendable, Equatable {
        /// The same on both sides, shown for its neighbours' sake.
        case same
        /// A container or document with differences in it.
        case inside
        case added, removed, changed
    }

    /// A line of text: its number from 0 and its bytes.
    public struct Line: Sendable, Equatable {
        public var number: Int
        public var range: Range<Int>
    }

    public enum Content: Sendable, Equatable {
        /// A pair of documents; the note says what is remarkable of it.
        case document(name: String, note: String)
        /// A JSON value; of one that is on both sides the right one is drawn, or both where they differ.
        case value(left: JSONOutlineNode?, right: JSONOutlineNode?, note: String)
        /// A line; `twin` is the line on the other side that it was made from or into.
        case line(left: Line?, right: Line?, twin: Range<Int>?)
        /// Children of a container that are the same on both sides, by their places on the right.
        case sameChildren(of: JSONOutlineNode, Range<Int>)
        /// Lines that are the same on both sides; the first of them is told.
        case sameLines(left: Line, right: Line, count: Int)
        case note(String)
        /// A line of a value or line of text that is shown whole below its row.
        case whole(String)
    }

    public let id: Int
    /// Which pair of documents it belongs to.
    public let section: Int
    public var depth: Int
    public var change: Change
    public var content: Content
    /// Which difference it is or begins, from 1; `nil` for all other rows.
    public var number: Int?
    /// Whether the rows below it that are deeper belong to it and are shown.
    public var isUnfolded = false

    /// Whether there is something in it to be shown or hidden.
    public var canFold: Bool {
        switch content {
        case .document: true
        case .sameChildren, .sameLines: true
        case .value(let left, let right, _):
            change == .inside
                || (right ?? left).map { $0.kind.isContainer && $0.childCount != 0 } ?? false
                    && !(change == .changed && left != nil && right != nil)
        case .line, .note, .whole: false
        }
    }

    /// `-`, `+` or `~` in front of the row, and a blank where nothing differs.
    public var sign: Character {
        switch change {
        case .same: " "
        case .inside: " "
        case .added: "+"
        case .removed: "-"
        case .changed: "~"
        }
    }
}
