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
    /// last, then by the id's bytes.
    func precedes(_ left: ThreadPlace, _ right: ThreadPlace) -> Bool {
        switch (left.value, right.value) {
        case (.null, .null): break
        case (.null, _): return false
        case (_, .null): return true
        case (.integer(let a), .integer(let b)) where a != b: return sort.descending ? a > b : a < b
        default:
            let a = bytes(left.value)
            let b = bytes(right.value)
            if a != b { return sort.descending ? b.lexicographicallyPrecedes(a) : a.lexicographicallyPrecedes(b) }
        }
        return bytes(left.id).lexicographicallyPrecedes(bytes(right.id))
    }

    private func bytes(_ value: StoredValue) -> [UInt8] { value.storedBytes ?? [] }

    private var heading: StoredValue { .text(sort.field.rawValue + (sort.descending ? "-" : "+")) }

    func cursor(_ place: ThreadPlace) -> PageCursor {
        PageCursor(PackedValues.write([heading, place.value, place.id, place.identity]))
    }

    /// `nil` when the cursor was made for another order.
    func place(_ cursor: PageCursor) -> ThreadPlace? {
        guard let values = PackedValues.read(cursor.text), values.count == 4, values[0] == heading else { return nil }
        return ThreadPlace(value: values[1], id: values[2], identity: values[3])
    }
}
