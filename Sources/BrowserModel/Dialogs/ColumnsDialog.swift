public import StoredRecords

/// Lets the columns of a list be switched on and off and put in order.
public struct ColumnsDialog: Sendable, Equatable {
    public struct Item: Sendable, Equatable {
        public var column: ListColumn
        public var isShown: Bool
    }

    public let kind: RecordKind
    public internal(set) var items: [Item]
    public internal(set) var selected = 0

    init(kind: RecordKind, shown: [ListColumn]) {
        self.kind = kind
        let all = ListColumn.all(of: kind)
        let known = shown.filter(all.contains)
        let first = all.first.map { [$0] } ?? []
        let order = first + known.filter { !first.contains($0) }
        items =
            order.map { Item(column: $0, isShown: true) }
            + all.filter { !order.contains($0) }.map { Item(column: $0, isShown: false) }
    }

    /// The columns as they are chosen now.
    public var shown: [ListColumn] { items.filter(\.isShown).map(\.column) }

    /// The name of a record is what a list is read by: it stays, and stays first.
    public func isFixed(_ index: Int) -> Bool { index == 0 }

    mutating func toggle() {
        guard items.indices.contains(selected), !isFixed(selected) else { return }
        items[selected].isShown.toggle()
    }

    mutating func move(by step: Int) {
        let target = selected + step
        guard items.indices.contains(target), !isFixed(selected), !isFixed(target) else { return }
        items.swapAt(selected, target)
        selected = target
    }
}
