public import StoredRecords

/// The order of a record list: the sort field, then the key, both ascending
/// or the field descending; records without the field come last either way.
///
/// Text is compared without regard to case, keys by their bytes, so that the
/// order is total for records of one layout and kind.
public struct RecordOrder: Sendable, Hashable {
    public let sort: RecordSort

    public init(_ sort: RecordSort) {
        self.sort = sort
    }

    /// Whether `left` stands before `right`.
    public func precedes(_ left: RecordSummary, _ right: RecordSummary) -> Bool {
        precedes(place(of: left), place(of: right))
    }

    /// Whether the record tells what is sorted by.
    public func hasValue(_ record: RecordSummary) -> Bool { place(of: record).value != .missing }

    /// What the order sees of one record.
    struct Place: Sendable, Hashable {
        var value: Value
        var key: [UInt8]
    }

    enum Value: Sendable, Hashable {
        case missing
        case number(Int64)
        case moment(Timestamp)
        case text([UInt8])
    }

    func place(of record: RecordSummary) -> Place {
        Place(value: value(of: record), key: Self.ownPlace(of: record) + Array(record.id.key.utf8))
    }

    /// Behind a byte that no text begins with, so that such records come last.
    private static func ownPlace(of record: RecordSummary) -> [UInt8] {
        guard let place = record.ownPlace else { return [] }
        return [0xFF] + (0..<8).map { UInt8(truncatingIfNeeded: place >> (56 - 8 * $0)) }
    }

    func precedes(_ left: Place, _ right: Place) -> Bool {
        switch (left.value, right.value) {
        case (.missing, .missing): break
        case (.missing, _): return false
        case (_, .missing): return true
        case (.number(let a), .number(let b)) where a != b: return sort.descending ? a > b : a < b
        case (.moment(let a), .moment(let b)) where a != b: return sort.descending ? a > b : a < b
        case (.text(let a), .text(let b)) where a != b:
            return sort.descending ? b.lexicographicallyPrecedes(a) : a.lexicographicallyPrecedes(b)
        default: break
        }
        return left.key.lexicographicallyPrecedes(right.key)
    }

    private func value(of record: RecordSummary) -> Value {
        switch sort.field {
        case .updated: record.updated.map { .moment($0) } ?? .missing
        case .created: record.created.map { .moment($0) } ?? .missing
        case .key: .text(Array(record.id.key.utf8))
        case .title: text(record.title)
        case .messages: record.messages.map { .number(Int64($0)) } ?? .missing
        case .tokens: record.tokens.map { .number(Int64($0)) } ?? .missing
        case .bytes: record.bytes.map { .number($0) } ?? .missing
        case .group:
            switch record.detail {
            case .none: .missing
            case .index(let index): text(index.origin)
            case .thread(let thread): text(thread.agent)
            case .artifact(let artifact): text(artifact.type)
            case .task(let task): text(task.agent)
            }
        case .status:
            switch record.detail {
            case .none, .index: .missing
            case .thread(let thread): text(thread.status)
            case .artifact(let artifact): text(artifact.status)
            case .task(let task): text(task.state)
            }
        }
    }

    private func text(_ text: String?) -> Value {
        guard let text, !text.isEmpty else { return .missing }
        return .text(Array(text.lowercased().utf8))
    }
}
