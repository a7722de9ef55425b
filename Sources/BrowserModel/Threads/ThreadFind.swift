public import StoredRecords

/// A search through all messages of a thread: from the one the cursor is in to the end, then from the beginning.
public struct ThreadFind: Sendable, Equatable {
    public var needle: TextNeedle
    /// The position it begins at.
    public var from: Int

    /// Places of one message that can be gone to; all are counted.
    public static let placesPerMessage = 10_000
    /// Messages that are read at once.
    public static let pageSize = 100

    public init(_ text: String, from: Int) {
        needle = TextNeedle(text)
        self.from = from
    }

    /// Where a message holds the text; `nil` when it does not.
    public func hits(in message: StoredMessage, isCancelled: () -> Bool = { false }) -> MessageHits? {
        var hits = MessageHits(position: message.position)
        for (index, part) in MessagePart.parts(of: message, limit: .max).enumerated() {
            let found = needle.places(
                in: part.text, limit: Self.placesPerMessage - hits.places.count, isCancelled: isCancelled)
            hits.places += found.places.map { MessageHits.Place(part: index, offset: $0) }
            hits.count += found.count
        }
        return hits.count > 0 ? hits : nil
    }
}

/// Where one message holds a text.
public struct MessageHits: Sendable, Equatable {
    public struct Place: Sendable, Equatable, Comparable {
        /// Which part of the message, and the byte of its text.
        var part: Int
        var offset: Int

        public static func < (left: Place, right: Place) -> Bool {
            (left.part, left.offset) < (right.part, right.offset)
        }
    }

    public let position: Int
    public internal(set) var places: [Place] = []
    public internal(set) var count = 0

    init(position: Int) {
        self.position = position
    }
}

/// What a search has found since it told last.
public struct ThreadFindings: Sendable, Equatable {
    public var hits: [MessageHits]
    /// The positions that were read for it.
    public var read: Range<Int>
    /// Whether all of the thread was read.
    public var isLast: Bool

    public init(hits: [MessageHits], read: Range<Int>, isLast: Bool = false) {
        self.hits = hits
        self.read = read
        self.isLast = isLast
    }
}

/// A search for the next message of a kind beyond what is loaded.
public struct MessageSeek: Sendable, Equatable {
    public enum Landmark: String, Sendable, Equatable {
        case userTurn = "user turn"
        case toolCall = "tool call"
        case error = "error"
    }

    public var landmark: Landmark
    /// The position it begins beside; the message there does not count.
    public var from: Int
    public var isForward: Bool

    public init(_ landmark: Landmark, from: Int, isForward: Bool) {
        self.landmark = landmark
        self.from = from
        self.isForward = isForward
    }

    public func matches(_ message: StoredMessage) -> Bool {
        switch landmark {
        case .toolCall: !message.toolCalls.isEmpty || message.content.contains { $0.toolCall != nil }
        case .userTurn: message.isUserTurn
        case .error: Self.matches(MessageDigest(message), .error)
        }
    }

    static func matches(_ digest: MessageDigest, _ landmark: Landmark) -> Bool {
        switch landmark {
        case .toolCall: !digest.calls.isEmpty
        case .userTurn: digest.isUserTurn
        case .error: digest.isError
        }
    }
}
