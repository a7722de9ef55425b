internal import StoredRecords

/// Takes the items of one page out of a stream of any length, ordered by
/// their bytes; memory follows the page, not the stream.
///
/// A cursor is the place before or after one key. In a stream that is in
/// order already, `isFull` tells when no further item can matter.
struct KeyWindow<Item: Sendable>: Sendable {
    private let page: PageRequest
    private let descending: Bool
    /// How many items there were, counted once each if the stream is free of repeats.
    private(set) var seen = 0
    private var kept: [(key: [UInt8], item: Item)] = []
    private let bound: (side: Side, key: [UInt8])?

    private enum Side: String {
        case before = "<"
        case after = ">"
    }

    /// `nil` for a cursor that this type did not make.
    init?(_ page: PageRequest, descending: Bool) {
        self.page = page
        self.descending = descending
        switch page.start {
        case .after(let cursor), .before(let cursor):
            guard let bound = Self.read(cursor) else { return nil }
            self.bound = bound
        case .first, .last, .position: bound = nil
        }
    }

    /// The greatest key that an ascending stream need not hand over again;
    /// `nil` when it must begin at the beginning.
    var startsAfter: [UInt8]? {
        guard !descending, case .after = page.start, let bound, bound.side == .after else { return nil }
        return bound.key
    }

    /// Whether the page is cut from the end of the order.
    private var isFromEnd: Bool {
        switch page.start {
        case .last, .before: true
        case .first, .after, .position: false
        }
    }

    /// How many items must be known: the page, one beyond it, and what a position skips.
    private var wanted: Int {
        var skipped = 0
        if case .position(let position) = page.start { skipped = max(0, position) }
        return min(skipped, Self.most) + min(page.limit, Self.most) + 1
    }

    /// More items than any page asks for; keeps sums of them in range.
    private static var most: Int { 1 << 40 }

    /// Whether an ascending stream has handed over all that the page needs.
    var isFull: Bool {
        if descending { return false }
        return isFromEnd ? bound != nil && hasOutside : kept.count >= wanted
    }

    private func precedes(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        descending ? right.lexicographicallyPrecedes(left) : left.lexicographicallyPrecedes(right)
    }

    /// Whether the place of the cursor stands before the key.
    private func isBehindBound(_ key: [UInt8]) -> Bool {
        guard let bound else { return true }
        return bound.side == .after ? precedes(bound.key, key) : !precedes(key, bound.key)
    }

    /// Whether something stands on the other side of the page.
    private var hasOutside = false

    mutating func take(_ key: [UInt8], _ item: Item) {
        seen += 1
        guard isBehindBound(key) != isFromEnd || bound == nil else {
            hasOutside = true
            return
        }
        kept.append((key, item))
        if kept.count >= 2 * max(wanted, 512) { shrink() }
    }

    private mutating func shrink() {
        var sorted = kept
        sorted.sort { precedes($0.key, $1.key) }
        // A keyspace may hand over a key twice.
        var unique: [(key: [UInt8], item: Item)] = []
        for entry in sorted where unique.last?.key != entry.key { unique.append(entry) }
        if unique.count > wanted {
            if isFromEnd { unique.removeFirst(unique.count - wanted) } else { unique.removeLast(unique.count - wanted) }
        }
        kept = unique
    }

    /// The page of what was taken.
    mutating func finish(total: Total, notes: [String]) -> Page<Item> {
        shrink()
        var items = kept
        var hasBefore = hasOutside
        var hasBehind = hasOutside
        if isFromEnd {
            hasBefore = items.count > page.limit
            if hasBefore { items.removeFirst(items.count - page.limit) }
            if bound == nil { hasBehind = false }
        } else {
            if case .position(let position) = page.start {
                let skipped = min(max(0, position), items.count)
                hasBefore = skipped > 0
                let last = items.last?.key
                items.removeFirst(skipped)
                if items.isEmpty, let last {
                    return Page(items: [], previous: Self.cursor(.after, last), total: total, notes: notes)
                }
            } else if case .after = page.start {
                // An ascending stream may leave out all before the cursor; the cursor's own item was there.
                hasBefore = hasOutside || startsAfter != nil
            } else {
                hasBefore = false
            }
            hasBehind = items.count > page.limit
            if hasBehind { items.removeLast(items.count - page.limit) }
        }
        var result = Page(items: items.map(\.item), total: total, notes: notes)
        var own: PageCursor?
        if let bound { own = Self.cursor(bound.side, bound.key) }
        if hasBehind { result.next = items.last.map { Self.cursor(.after, $0.key) } ?? own }
        if hasBefore { result.previous = items.first.map { Self.cursor(.before, $0.key) } ?? own }
        return result
    }

    /// The side and the key as hexadecimal digits, as keys are any bytes.
    private static func cursor(_ side: Side, _ key: [UInt8]) -> PageCursor {
        PageCursor(side.rawValue + HexText.of(key))
    }

    private static func read(_ cursor: PageCursor) -> (Side, [UInt8])? {
        guard let side = Side(rawValue: String(cursor.text.prefix(1))) else { return nil }
        let digits = cursor.text.dropFirst().utf8.map { Character(UnicodeScalar($0)).hexDigitValue }
        guard digits.count % 2 == 0 else { return nil }
        var key: [UInt8] = []
        for at in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digits[at], let low = digits[at + 1] else { return nil }
            key.append(UInt8(high << 4 | low))
        }
        return (side, key)
    }
}
