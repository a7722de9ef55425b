internal import StoredRecords

/// Where a thread stands in a list: all that paging needs to know of it.
struct ThreadPlace: Sendable, Hashable {
    /// What the list is sorted by; null for a thread without it.
    var value: StoredValue
    var id: StoredValue
    /// What names the thread's row; null for an orphan, which has none.
    var identity: StoredValue
    /// Number of messages, when making the place told it.
    var messages: Int?

    init(value: StoredValue, id: StoredValue, identity: StoredValue, messages: Int? = nil) {
        self.value = value
        self.id = id
        self.identity = identity
        self.messages = messages
    }

    var isOrphan: Bool { identity.isNull }
}

/// The order of a thread list and its cursors.
struct ThreadOrder: Sendable {
    let sort: RecordSort

    /// Whether `left` stands before `right`: by the value, threads without it
    /// last, then by the id and what names the row, as SQLite sorts them.
    func precedes(_ left: ThreadPlace, _ right: ThreadPlace) -> Bool {
        switch (left.value, right.value) {
        case (.null, .null): break
        case (.null, _): return false
        case (_, .null): return true
        case (let a, let b):
            if a.isSorted(before: b) { return !sort.descending }
            if b.isSorted(before: a) { return sort.descending }
        }
        if left.id.isSorted(before: right.id) { return true }
        return !right.id.isSorted(before: left.id) && left.identity.isSorted(before: right.identity)
    }

    private var heading: StoredValue { .text(sort.field.rawValue + (sort.descending ? "-" : "+")) }

    func cursor(_ place: ThreadPlace) -> PageCursor {
        PageCursor(PackedValues.write([heading, place.value, place.id, place.identity]))
    }

    /// The cursor behind the last thread, whichever that is.
    var end: PageCursor { PageCursor(PackedValues.write([heading])) }

    /// `nil` when the cursor was made for another order.
    func place(_ cursor: PageCursor) -> ThreadPlace? {
        guard let values = PackedValues.read(cursor.text), values.count == 4, values[0] == heading else { return nil }
        return ThreadPlace(value: values[1], id: values[2], identity: values[3])
    }
}

extension StoredValue {
    /// SQLite's order of values of any type: null, numbers, text, bytes
    /// (https://www.sqlite.org/datatype3.html, "Sort Order").
    func isSorted(before other: StoredValue) -> Bool {
        switch (self, other) {
        case (.integer(let a), .integer(let b)): return a < b
        case (.text(let a), .text(let b)): return a.utf8.lexicographicallyPrecedes(b.utf8)
        default: break
        }
        if rank != other.rank { return rank < other.rank }
        if let a = storedBytes, let b = other.storedBytes { return a.lexicographicallyPrecedes(b) }
        return (number ?? 0) < (other.number ?? 0)
    }

    private var rank: Int {
        switch self {
        case .null: 0
        case .integer, .real: 1
        case .text, .invalidText: 2
        case .bytes: 3
        }
    }

    private var number: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .real(let number): number
        default: nil
        }
    }
}
