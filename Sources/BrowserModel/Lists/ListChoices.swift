public import StoredRecords

/// What the user chose for lists and finds again: order and columns of each kind.
public struct ListChoices: Sendable, Equatable {
    /// The orders that are not the usual ones.
    public var sorts: [RecordKind: RecordSort]
    /// The columns that were chosen, in their order; a kind without an entry has the configured or the usual ones.
    public var columns: [RecordKind: [ListColumn]]
    /// The columns the configuration names in place of the usual ones.
    public var configured: [RecordKind: [ListColumn]]

    public init(
        sorts: [RecordKind: RecordSort] = [:], columns: [RecordKind: [ListColumn]] = [:],
        configured: [RecordKind: [ListColumn]] = [:]
    ) {
        self.sorts = sorts
        self.columns = columns
        self.configured = configured
    }

    public func sort(of kind: RecordKind) -> RecordSort {
        sorts[kind] ?? RecordList.usualSort(of: kind)
    }

    /// The columns somebody asked for; `nil` for the usual ones.
    public func columns(of kind: RecordKind) -> [ListColumn]? {
        columns[kind] ?? configured[kind]
    }

    /// The columns as long as nothing else is chosen.
    public func standard(of kind: RecordKind) -> [ListColumn] {
        configured[kind] ?? ListColumn.usual(of: kind)
    }

    mutating func set(_ sort: RecordSort, of kind: RecordKind) {
        sorts[kind] = sort == RecordList.usualSort(of: kind) ? nil : sort
    }

    mutating func set(_ shown: [ListColumn], of kind: RecordKind) {
        columns[kind] = shown == standard(of: kind) ? nil : shown
    }

    /// The same under another configuration: where that says something new of a kind, it holds.
    func adapted(to configured: [RecordKind: [ListColumn]]) -> ListChoices {
        var choices = self
        for kind in RecordKind.allCases where configured[kind] != self.configured[kind] { choices.columns[kind] = nil }
        choices.configured = configured
        return choices
    }
}
