public import StoredRecords
internal import TerminalSurface

/// The records marked to be acted on together, whatever list they were marked in.
///
/// Marks are identities, so that they outlive filters, orders, refreshes and
/// screens. An act takes those of the kind that is listed: what was marked in
/// another list is not on the screen. What a key press or a frame asks is
/// answered from running sums; nothing but an act walks over all marks.
public struct Marks: Sendable, Equatable {
    /// Marked records of one kind in one source.
    public struct Group: Sendable, Hashable, Comparable {
        public var kind: RecordKind
        public var source: String

        public static func < (left: Group, right: Group) -> Bool {
            (left.kind, left.source) < (right.kind, right.source)
        }
    }

    /// The sums over a group.
    public struct Tally: Sendable, Equatable {
        public var records = 0
        /// Messages of those whose number is known.
        public var messages = 0
        /// Conversations that hold more than their messages.
        public var contexts = 0

        fileprivate mutating func add(_ mark: Mark, _ sign: Int) {
            records += sign
            messages += sign * (mark.messages ?? 0)
            if mark.hasContext { contexts += sign }
        }
    }

    public private(set) var groups: [Group: Tally] = [:]
    /// Different after every change.
    private(set) var revision = 0
    /// In the order they were marked; what was unmarked leaves a gap until there are too many.
    private(set) var slots: [Mark?] = []
    private var places: [RecordID: Int] = [:]
    private var first = 0

    public init() {}

    public var count: Int { places.count }
    public var isEmpty: Bool { places.isEmpty }

    public func contains(_ id: RecordID) -> Bool { !places.isEmpty && places[id] != nil }

    public subscript(_ id: RecordID) -> Mark? {
        places[id].flatMap { slots[$0] }
    }

    /// The marks that were made first.
    public func oldest(_ count: Int) -> [Mark] {
        Array(slots[min(first, slots.count)...].lazy.compactMap { $0 }.prefix(count))
    }

    public func count(of kind: RecordKind) -> Int {
        groups.reduce(0) { $0 + ($1.key.kind == kind ? $1.value.records : 0) }
    }

    /// Those of one kind, in their order.
    func only(_ kind: RecordKind) -> Marks {
        if groups.keys.allSatisfy({ $0.kind == kind }) { return self }
        var own = Marks()
        own.revision = revision
        for case let mark? in slots where mark.id.kind == kind { own.insert(mark) }
        return own
    }

    mutating func insert(_ record: RecordSummary) {
        if places[record.id] == nil { insert(Mark(record)) }
    }

    private mutating func insert(_ mark: Mark) {
        revision += 1
        places[mark.id] = slots.count
        slots.append(mark)
        groups[Group(kind: mark.id.kind, source: mark.id.source), default: Tally()].add(mark, 1)
    }

    mutating func remove(_ id: RecordID) {
        guard let place = places.removeValue(forKey: id), let mark = slots[place] else { return }
        revision += 1
        slots[place] = nil
        let group = Group(kind: id.kind, source: id.source)
        groups[group]?.add(mark, -1)
        if groups[group]?.records == 0 { groups[group] = nil }
        while first < slots.count, slots[first] == nil { first += 1 }
        if slots.count > 64, slots.count > 2 * places.count { closeGaps() }
    }

    mutating func toggle(_ record: RecordSummary) {
        if contains(record.id) { remove(record.id) } else { insert(record) }
    }

    mutating func removeAll(_ kind: RecordKind) {
        var rest = Marks()
        for case let mark? in slots where mark.id.kind != kind { rest.insert(mark) }
        rest.revision = revision + 1
        self = rest
    }

    /// Takes in what is known anew of a record, if it is marked.
    mutating func update(_ record: RecordSummary) {
        guard let place = places[record.id], let old = slots[place] else { return }
        var new = Mark(record)
        new.reason = old.reason
        guard new != old else { return }
        revision += 1
        slots[place] = new
        groups[old.group]?.add(old, -1)
        groups[old.group]?.add(new, 1)
    }

    /// Remembers why an act on a record failed, for its row.
    mutating func explain(_ id: RecordID, _ reason: String?) {
        guard let place = places[id] else { return }
        revision += 1
        slots[place]?.reason = reason
    }

    private mutating func closeGaps() {
        slots = slots.filter { $0 != nil }
        first = 0
        for (place, mark) in slots.enumerated() {
            if let mark { places[mark.id] = place }
        }
    }
}

/// A marked record: what a dialog and a report say of it.
public struct Mark: Sendable, Equatable {
    public let id: RecordID
    /// What people call it, shortened. Hostile text.
    public let name: String
    public let messages: Int?
    private let updated: Timestamp?
    let hasContext: Bool
    /// Why the last act on it failed; `nil` when none did.
    public internal(set) var reason: String?

    init(_ record: RecordSummary) {
        id = record.id
        name = record.name.utf8.count <= 80 ? record.name : String(record.name.prefix(80))
        messages = record.messages
        updated = record.updated
        hasContext = record.hasContext
    }

    /// What has become of the record since this was known of it; `nil` when it is the same, as far as that can be told.
    func change(to now: RecordSummary) -> String? {
        if let messages, let count = now.messages, count != messages {
            return "it has \(Words.count(count, "messages")) now and had \(Words.grouped(messages))"
        }
        if let updated, let time = now.updated, time != updated { return "it has been written since it was listed" }
        return nil
    }
}
