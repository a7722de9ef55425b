public import StoredRecords

/// What `y` can copy here: a line of letters that waits for one of them.
public struct CopyMenu: Sendable, Equatable {
    public struct Item: Sendable, Equatable {
        public var letter: Character
        /// One word for the menu.
        public var label: String
        var order: CopyOrder
    }

    public let items: [Item]
    /// What is too large for a clipboard and can be written to a file instead, and why.
    public internal(set) var offer: Offer?

    public struct Offer: Sendable, Equatable {
        public var order: CopyOrder
        /// One sentence: "1.2 MB are more than the 75 KB a terminal's clipboard takes".
        public var reason: String
        /// The key that was pressed last and is no answer.
        public var slip: String?
    }
}

/// Something to be copied: bytes of a document, or a text.
public struct CopyOrder: Sendable, Equatable {
    public enum Content: Sendable, Equatable {
        case text(String)
        /// A part of some bytes, just as it is stored.
        case bytes(StoredBytes, Range<Int>)
        /// A JSON string among some bytes, by what it means.
        case string(StoredBytes, Range<Int>)
    }

    /// The most that terminals take through OSC 52: 100 000 characters of base 64 with what is around them.
    public static let clipboardBytes = 74_994

    /// What it is, for people: ".a.b", "the id".
    public var name: String
    public var content: Content

    public init(_ name: String, _ content: Content) {
        self.name = name
        self.content = content
    }

    /// How large it is, at most: a string with escapes gets smaller.
    public var byteCount: Int {
        switch content {
        case .text(let text): text.utf8.count
        case .bytes(_, let range), .string(_, let range): range.count
        }
    }
}
