/// A line of text being typed, with a cursor between its characters.
public struct LineInput: Sendable, Equatable {
    public private(set) var text: String
    /// Characters before the cursor.
    public private(set) var cursor: Int
    /// Whether the text is only proposed: what is typed takes its place, any other key keeps it.
    public private(set) var isProposal: Bool

    public init(_ text: String = "", isProposal: Bool = false) {
        self.text = text
        self.isProposal = isProposal && !text.isEmpty
        cursor = text.count
    }

    public var beforeCursor: Substring { text.prefix(cursor) }

    mutating func type(_ typed: String) {
        if isProposal, !typed.isEmpty { self = LineInput() }
        let head = text.prefix(cursor)
        let tail = text.dropFirst(cursor)
        text = String(head) + typed + tail
        cursor = min(text.count, cursor + typed.count)
    }

    /// Carries out an editing command; `false` when it is none.
    mutating func edit(_ command: Command) -> Bool {
        switch command {
        case .erase:
            if cursor > 0 {
                text = String(text.prefix(cursor - 1)) + text.dropFirst(cursor)
                cursor -= 1
            }
        case .eraseWord:
            var head = text.prefix(cursor)
            while head.last?.isWhitespace == true { head.removeLast() }
            while let last = head.last, !last.isWhitespace { head.removeLast() }
            text = String(head) + text.dropFirst(cursor)
            cursor = head.count
        case .eraseAll:
            text = ""
            cursor = 0
        case .cursorLeft: cursor = max(0, cursor - 1)
        case .cursorRight: cursor = min(text.count, cursor + 1)
        case .cursorStart: cursor = 0
        case .cursorEnd: cursor = text.count
        default: return false
        }
        isProposal = false
        return true
    }
}
