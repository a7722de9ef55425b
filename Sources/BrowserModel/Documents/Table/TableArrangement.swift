internal import JSONText

/// Which column rows are sorted by.
public struct TableSort: Sendable, Equatable {
    public var column: Int
    public var isDescending: Bool
}

/// The work of choosing and sorting the rows of a table.
public struct TableArrangement: Sendable, Equatable {
    /// All rows as stored.
    public var rows: TableRows
    public var sort: TableSort?
    public var filter: String

    /// The stored rows in the order they are to be shown; `nil` when cancelled.
    ///
    /// Numbers are compared exactly and come first, then texts, then the rest;
    /// nulls, missing values and broken lines come last in both directions.
    /// Rows that compare equal stay in stored order.
    public func run(isCancelled: () -> Bool = { false }, report: (Int) -> Void = { _ in }) -> [UInt32]? {
        let filter = filter.isEmpty ? nil : TableFilter(filter, columns: rows.columns)
        var order: [UInt32] = []
        var keys: [SortKey] = []
        let isWhole = rows.forEach(isCancelled: isCancelled, report: report) { row, value, line in
            let name = sort.map { rows.columns[$0.column] }
            if filter == nil, let name {
                let cell: TablePane.Cell = value.map { TablePane.Cell(name, in: $0) } ?? .broken("")
                keys.append(SortKey(cell))
            } else {
                let cells = TableRows.cells(value, line, rows.columns)
                if let filter, !filter.matches(cells) { return }
                if let sort { keys.append(SortKey(cells[sort.column])) }
            }
            order.append(UInt32(row))
        }
        guard isWhole else { return nil }
        guard let sort else { return order }
        guard let places = Self.sorted(keys, sort.isDescending, isCancelled) else { return nil }
        return places.map { order[Int($0)] }
    }

    private struct Cancelled: Error {}

    private static func sorted(
        _ keys: [SortKey], _ isDescending: Bool, _ isCancelled: () -> Bool
    ) -> [UInt32]? {
        var places = Array(0..<UInt32(keys.count))
        var comparisons = 0
        do {
            try places.sort { left, right in
                comparisons += 1
                if comparisons & 0x3FFF == 0, isCancelled() { throw Cancelled() }
                let (a, b) = (keys[Int(left)], keys[Int(right)])
                if a.isLast != b.isLast || a.isLast { return a.rank == b.rank ? left < right : a.rank < b.rank }
                if a.isLess(b) { return !isDescending }
                if b.isLess(a) { return isDescending }
                return left < right
            }
        } catch {
            return nil
        }
        return places
    }
}

/// What a cell is sorted by.
private enum SortKey {
    case number(ExactNumber)
    case text(folded: String, exact: String)
    case word(String)
    case null, missing, broken

    init(_ cell: TablePane.Cell) {
        switch cell {
        case .number(let spelling): self = ExactNumber(spelling).map(SortKey.number) ?? .word(spelling)
        case .text(let text): self = .text(folded: text.lowercased(), exact: text)
        case .word(let text): self = .word(text)
        case .null: self = .null
        case .missing: self = .missing
        case .broken: self = .broken
        }
    }

    var rank: Int {
        switch self {
        case .number: 0
        case .text: 1
        case .word: 2
        case .null: 3
        case .missing: 4
        case .broken: 5
        }
    }

    /// Whether it stands at the end in either direction.
    var isLast: Bool { rank >= 3 }

    func isLess(_ other: SortKey) -> Bool {
        switch (self, other) {
        case (.number(let left), .number(let right)): left < right
        case (.text(let left, let leftExact), .text(let right, let rightExact)):
            left == right ? leftExact < rightExact : left < right
        case (.word(let left), .word(let right)): left < right
        default: rank < other.rank
        }
    }
}
