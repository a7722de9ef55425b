/// One page of a longer list, with the cursors to its neighbours.
public struct Page<Item: Sendable>: Sendable {
    public var items: [Item]
    /// Where the next page begins; `nil` at the end.
    public var next: PageCursor?
    /// Where the previous page ends; `nil` at the beginning.
    public var previous: PageCursor?
    public var total: Total
    /// What could not be read while the page was made, for people.
    public var notes: [String]

    public init(
        items: [Item], next: PageCursor? = nil, previous: PageCursor? = nil, total: Total = .unknown,
        notes: [String] = []
    ) {
        self.items = items
        self.next = next
        self.previous = previous
        self.total = total
        self.notes = notes
    }
}

extension Page: Equatable where Item: Equatable {}

/// A place between two items; opaque outside the layout that made it, and
/// still right after items before or after it were added or removed.
public struct PageCursor: Sendable, Hashable {
    public var text: String

    public init(_ text: String) {
        self.text = text
    }
}

/// Which page is wanted.
public struct PageRequest: Sendable, Hashable {
    public enum Start: Sendable, Hashable {
        case first
        case last
        case after(PageCursor)
        case before(PageCursor)
        /// From the item with this 0-based position.
        case position(Int)
    }

    public var start: Start
    /// At most so many items; at least 1.
    public var limit: Int

    public init(_ start: Start = .first, limit: Int) {
        self.start = start
        self.limit = max(1, limit)
    }
}

/// How many items there are in all, and how sure that is.
public enum Total: Sendable, Hashable {
    case exact(Int)
    case atLeast(Int)
    case estimated(Int)
    case unknown

    public static func + (left: Total, right: Total) -> Total {
        switch (left, right) {
        case (.exact(let a), .exact(let b)): .exact(a + b)
        case (.unknown, .unknown): .unknown
        case (.unknown, let known), (let known, .unknown): .atLeast(known.number ?? 0)
        case (.atLeast(let a), let other): .atLeast(a + (other.number ?? 0))
        case (let other, .atLeast(let b)): .atLeast((other.number ?? 0) + b)
        default: .estimated((left.number ?? 0) + (right.number ?? 0))
        }
    }

    /// The number behind the certainty; `nil` when unknown.
    public var number: Int? {
        switch self {
        case .exact(let number), .atLeast(let number), .estimated(let number): number
        case .unknown: nil
        }
    }
}
