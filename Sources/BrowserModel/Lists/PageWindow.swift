public import StoredRecords

/// A run of neighbouring pages of a longer list, with both its ends known.
///
/// Pages are added at either end and dropped when they are far from what is
/// seen, so that a list of a million items costs what a few pages cost.
public struct PageWindow<Item: Sendable & Equatable>: Sendable, Equatable {
    public private(set) var pages: [Page<Item>] = []
    /// 0-based place of the first item in the whole list; `nil` while it cannot be known.
    public private(set) var start: Int?
    public private(set) var total: Total = .unknown

    public init() {}

    public var count: Int { pages.reduce(0) { $0 + $1.items.count } }
    public var isEmpty: Bool { pages.allSatisfy(\.items.isEmpty) }
    /// Whether a page was ever put in.
    public var isLoaded: Bool { !pages.isEmpty }
    /// Whether the first item of the window is the first of the list.
    public var isAtStart: Bool { pages.first.map { $0.previous == nil } ?? false }
    /// Whether the last item of the window is the last of the list.
    public var isAtEnd: Bool { pages.last.map { $0.next == nil } ?? false }
    /// Whether nothing of the list lies outside the window.
    public var isWhole: Bool { isAtStart && isAtEnd }
    public var items: [Item] { pages.flatMap(\.items) }
    public var notes: [String] { pages.flatMap(\.notes) }

    public var first: Item? { pages.first { !$0.items.isEmpty }?.items.first }
    public var last: Item? { pages.last { !$0.items.isEmpty }?.items.last }

    /// The request for the page after the window; `nil` at the end.
    public func following(limit: Int) -> PageRequest? {
        pages.last?.next.map { PageRequest(.after($0), limit: limit) }
    }

    /// The request for the page before the window; `nil` at the start.
    public func preceding(limit: Int) -> PageRequest? {
        pages.first?.previous.map { PageRequest(.before($0), limit: limit) }
    }

    /// Puts in the answer to `request`; any start but a cursor replaces the whole window.
    public mutating func insert(_ page: Page<Item>, for request: PageRequest) {
        switch request.start {
        case .after(let cursor):
            guard pages.last?.next == cursor else { return }
            if page.items.isEmpty, let last = pages.indices.last {
                // Where a filter lets little through, empty pages come in any number.
                pages[last].next = page.next
                pages[last].notes += page.notes
            } else {
                pages.append(page)
            }
        case .before(let cursor):
            guard pages.first?.previous == cursor else { return }
            pages.insert(page, at: 0)
            start = page.previous == nil ? 0 : start.map { max(0, $0 - page.items.count) }
        case .first:
            pages = [page]
            start = 0
        case .last:
            pages = [page]
            start = page.previous == nil ? 0 : exact(page.total).map { max(0, $0 - page.items.count) }
        case .position(let position):
            pages = [page]
            start = page.previous == nil ? 0 : position
        }
        if page.total != .unknown || pages.count == 1 { total = page.total }
        if isAtStart, isAtEnd { total = .exact(count) }
    }

    /// Drops whole pages that lie outside `range` of the window's own items.
    public mutating func keep(_ range: Range<Int>) {
        var leading = 0
        while pages.count > 1, let page = pages.first, leading + page.items.count <= range.lowerBound {
            leading += page.items.count
            pages.removeFirst()
        }
        start = start.map { $0 + leading }
        var end = leading + count
        while pages.count > 1, let page = pages.last, end - page.items.count >= range.upperBound {
            end -= page.items.count
            pages.removeLast()
        }
    }

    /// Changes items in place; the pages keep their cursors.
    public mutating func update(_ change: (inout Item) -> Void) {
        for page in pages.indices {
            for item in pages[page].items.indices { change(&pages[page].items[item]) }
        }
    }

    /// Puts the items of a whole list in another order; such a window has no cursors that could be lost.
    mutating func sort(by isBefore: (Item, Item) -> Bool) {
        guard isWhole else { return }
        pages = [Page(items: items.sorted(by: isBefore), total: total, notes: notes)]
    }

    /// Puts what has been added behind the last item, which may itself have grown.
    mutating func grow(_ items: [Item], replacingLast grown: Item?, next: PageCursor?, total: Total) {
        if pages.isEmpty { pages = [Page(items: [])] }
        let last = pages.count - 1
        if let grown, !pages[last].items.isEmpty { pages[last].items[pages[last].items.count - 1] = grown }
        pages[last].items += items
        pages[last].next = next
        setTotal(total)
    }

    mutating func setTotal(_ total: Total) {
        if total != .unknown { self.total = total }
    }

    /// Takes items out that are no longer stored; cursors stay right without them.
    public mutating func remove(_ isGone: (Item) -> Bool) {
        for index in pages.indices where pages[index].items.contains(where: isGone) {
            let before = pages[index].items.count
            pages[index].items.removeAll(where: isGone)
            if case .exact(let number) = total {
                total = .exact(max(0, number - before + pages[index].items.count))
            }
        }
    }

    private func exact(_ total: Total) -> Int? {
        if case .exact(let number) = total { number } else { nil }
    }
}
