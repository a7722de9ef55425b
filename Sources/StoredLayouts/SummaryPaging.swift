public import StoredRecords

/// Cuts pages from summaries that are in memory as a whole.
///
/// A cursor is the place just before or just after one record, written as what
/// the order sees of that record; it stays right when that record or others
/// come or go. `.after` and `.before` take either of a page's cursors.
public struct SummaryPaging: Sendable {
    private let query: RecordQuery
    private let order: RecordOrder

    public init(_ query: RecordQuery) {
        self.query = query
        order = RecordOrder(query.sort)
    }

    /// The page of the filtered and sorted records; its total is exact and
    /// counts what the filter lets through.
    ///
    /// Throws `invalid` for a cursor that was not made for this sort.
    /// - Parameter operation: the act for that error: "list indexes".
    public func page(
        of records: [RecordSummary], notes: [String] = [], operation: String, place: String
    ) throws(StorageError) -> Page<RecordSummary> {
        var entries: [(place: RecordOrder.Place, record: RecordSummary)] = []
        entries.reserveCapacity(records.count)
        for record in records where query.filter?.matches(record) ?? true {
            entries.append((order.place(of: record), record))
        }
        entries.sort { order.precedes($0.place, $1.place) }

        let limit = query.page.limit
        let first: Int
        let end: Int
        var asked: PageCursor?
        switch query.page.start {
        case .first:
            first = 0
            end = min(limit, entries.count)
        case .last:
            end = entries.count
            first = max(0, end - limit)
        case .position(let position):
            first = min(max(0, position), entries.count)
            end = min(entries.count, first + min(limit, entries.count))
        case .after(let cursor):
            asked = cursor
            first = try index(of: cursor, in: entries.map(\.place), operation: operation, place: place)
            end = min(entries.count, first + min(limit, entries.count))
        case .before(let cursor):
            asked = cursor
            end = try index(of: cursor, in: entries.map(\.place), operation: operation, place: place)
            first = max(0, end - limit)
        }

        var page = Page(
            items: entries[first..<end].map(\.record), total: .exact(entries.count), notes: notes)
        if end < entries.count {
            page.next = end > first ? cursor(.after, entries[end - 1].place) : asked
        }
        if first > 0 {
            page.previous = end > first ? cursor(.before, entries[first].place) : asked
            // An empty page past the end was asked for by position.
            if page.previous == nil { page.previous = cursor(.after, entries[first - 1].place) }
        }
        return page
    }

    // MARK: Cursors

    private enum Side: String {
        case before = "<"
        case after = ">"
    }

    private var heading: String { "\(query.sort.field.rawValue)\(query.sort.descending ? "-" : "+")" }

    /// `updated-` `<` VALUE `:` KEY, where VALUE is `-`, `iNUMBER`,
    /// `mSECONDS.NANOSECONDS` or `tLENGTH.TEXT` with its length in bytes.
    private func cursor(_ side: Side, _ place: RecordOrder.Place) -> PageCursor {
        let value =
            switch place.value {
            case .missing: "-"
            case .number(let number): "i\(number)"
            case .moment(let moment): "m\(moment.seconds).\(moment.nanoseconds)"
            case .text(let text): "t\(text.count).\(String(decoding: text, as: UTF8.self))"
            }
        return PageCursor("\(heading)\(side.rawValue)\(value):\(String(decoding: place.key, as: UTF8.self))")
    }

    /// The index of the first entry behind the cursor's place.
    private func index(
        of cursor: PageCursor, in places: [RecordOrder.Place], operation: String, place: String
    ) throws(StorageError) -> Int {
        guard let (side, wanted) = read(cursor) else {
            throw StorageError(
                .invalid, operation: operation, place: place, reason: "the page cursor was not made for this order",
                help: "start again from the first page")
        }
        var low = 0
        var high = places.count
        while low < high {
            let middle = low + (high - low) / 2
            let isBehind =
                switch side {
                case .after: order.precedes(wanted, places[middle])
                case .before: !order.precedes(places[middle], wanted)
                }
            if isBehind { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private func read(_ cursor: PageCursor) -> (Side, RecordOrder.Place)? {
        let bytes = Array(cursor.text.utf8)
        let heading = Array(heading.utf8)
        guard bytes.starts(with: heading), bytes.count > heading.count + 1,
            let side = Side(rawValue: String(UnicodeScalar(bytes[heading.count])))
        else { return nil }
        let rest = bytes[(heading.count + 1)...]
        let mark = rest[rest.startIndex]
        if mark == UInt8(ascii: "t") {
            let body = rest.dropFirst()
            guard let dot = body.firstIndex(of: UInt8(ascii: ".")),
                let length = Int(String(decoding: body[..<dot], as: UTF8.self)), length >= 0,
                length < bytes.endIndex - dot - 1, bytes[dot + 1 + length] == UInt8(ascii: ":")
            else { return nil }
            let text = Array(bytes[(dot + 1)..<(dot + 1 + length)])
            return (side, RecordOrder.Place(value: .text(text), key: Array(bytes[(dot + 2 + length)...])))
        }
        guard let colon = rest.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let key = Array(bytes[(colon + 1)...])
        let number = String(decoding: rest[(rest.startIndex + 1)..<colon], as: UTF8.self)
        switch mark {
        case UInt8(ascii: "-") where number.isEmpty:
            return (side, RecordOrder.Place(value: .missing, key: key))
        case UInt8(ascii: "i"):
            return Int64(number).map { (side, RecordOrder.Place(value: .number($0), key: key)) }
        case UInt8(ascii: "m"):
            let parts = number.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 2, let seconds = Int64(parts[0]), let nanoseconds = Int32(parts[1]) else {
                return nil
            }
            let moment = Timestamp(seconds: seconds, nanoseconds: nanoseconds)
            return (side, RecordOrder.Place(value: .moment(moment), key: key))
        default: return nil
        }
    }
}
