internal import JSONText
public import StoredRecords
internal import TerminalSurface

/// Lines of JSON as a table with a heading that stays and a cursor on one cell.
public struct TablePane: Sendable, Equatable {
    /// Rows that are read to choose columns and their first widths.
    static let sampledRows = 100
    static let widestColumn = 40
    /// Digits behind a decimal point that are aligned at most.
    private static let widestFraction = 9

    public let bytes: StoredBytes
    public let index: LineIndex
    public let columns: [TableColumn]
    /// How wide the content seen so far is.
    public private(set) var widths: [Int]
    /// Columns that hold numbers and nothing else but nulls in what was seen.
    public private(set) var isNumeric: [Bool]
    /// Columns behind the decimal point that the numbers of a column take.
    public private(set) var fractions: [Int]
    /// The row in focus, as a place among those that are shown.
    public private(set) var cursor = 0
    public private(set) var top = 0
    /// The column in focus, and the first on the screen.
    public private(set) var column = 0
    public private(set) var left = 0
    /// The stored rows in the order they are shown; `nil` for all as stored.
    public private(set) var order: [UInt32]?
    public internal(set) var sort: TableSort? {
        didSet {
            // The arrow beside the name needs a column more.
            guard let column = sort?.column else { return }
            let name = CharacterWidth.columns(of: columns[column].name)
            widths[column] = max(widths[column], min(Self.widestColumn, name + 1))
        }
    }
    /// The filter that `order` was made with.
    public internal(set) var filter = ""
    /// What the columns come to, as far as it was asked for.
    public internal(set) var statistics: [Int: ColumnStatistics] = [:]
    /// The place of the row that a search found last.
    public internal(set) var match: Int?

    public init(_ bytes: StoredBytes, index: LineIndex, columns named: [TableColumn]) {
        self.bytes = bytes
        self.index = index
        var columns = named
        var known = Set(named.map(\.name))
        let sample = (0..<min(index.count, Self.sampledRows)).map { Self.value(of: $0, bytes, index) }
        for case .some(let value) in sample {
            for member in value.objectValue ?? [] where known.insert(member.key.text).inserted {
                columns.append(TableColumn(name: member.key.text))
            }
        }
        if columns.isEmpty { columns = [TableColumn(name: "value")] }
        self.columns = columns
        widths = columns.map { min(Self.widestColumn, max(1, CharacterWidth.columns(of: $0.name))) }
        fractions = columns.map { _ in 0 }
        let names = columns.map(\.name)
        let cells = sample.map { value in names.map { Cell($0, in: value) } }
        isNumeric = columns.indices.map { column in
            let kinds = cells.map { $0[column] }.filter { $0 != .null && $0 != .missing }
            return !kinds.isEmpty && kinds.allSatisfy { if case .number = $0 { true } else { false } }
        }
        for row in cells { fit(row) }
    }

    /// The rows that are shown, and all there are.
    public var rowCount: Int { order?.count ?? index.count }
    public var storedCount: Int { index.count }

    var names: [String] { columns.map(\.name) }

    /// All rows as stored, for a job.
    var storedRows: TableRows { TableRows(bytes: bytes, columns: names, order: nil) }
    var shownRows: TableRows { TableRows(bytes: bytes, columns: names, order: order) }

    /// The stored row at a place among those that are shown.
    public func row(at place: Int) -> Int { order.map { Int($0[place]) } ?? place }

    /// The cells of the row at a place, one for each column.
    public func cells(row place: Int) -> [Cell] {
        guard place >= 0, place < rowCount, let range = index.range(of: row(at: place), in: bytes) else { return [] }
        let line = bytes.slice(range)
        return TableRows.cells(try? JSONValue.parse(line), line, names)
    }

    /// The stored line of the row at a place.
    public func range(row place: Int) -> Range<Int>? {
        place >= 0 && place < rowCount ? index.range(of: row(at: place), in: bytes) : nil
    }

    /// The cell in focus.
    public var cell: Cell? {
        let cells = cells(row: cursor)
        return cells.indices.contains(column) ? cells[column] : nil
    }

    /// The way to the cell in focus: `[12].amount`.
    public var path: String {
        guard cursor < rowCount else { return "." }
        return JSONPath([.index(row(at: cursor)), .key(columns[column].name)]).description
    }

    // MARK: Moving

    mutating func move(by rows: Int, height: Int) {
        moveTo(row: cursor + max(-rowCount, min(rows, rowCount)), height: height)
    }

    mutating func moveTo(row: Int, height: Int) {
        cursor = max(0, min(row, rowCount - 1))
        if cursor < top { top = cursor }
        if cursor >= top + height { top = cursor - height + 1 }
        top = max(0, min(top, rowCount - height))
        for row in top..<max(top, min(rowCount, top + height)) { fit(cells(row: row)) }
    }

    /// Goes to a row that was found.
    mutating func land(on row: Int, height: Int) {
        top = max(0, Landing.top(for: row, from: top, height: height))
        moveTo(row: row, height: height)
    }

    /// Goes to a stored row; to the first one when it is not among those that are shown.
    mutating func moveTo(stored row: Int, height: Int) {
        let place = order.map { $0.firstIndex(of: UInt32(row)) ?? 0 } ?? row
        moveTo(row: place, height: height)
    }

    /// Goes to the row that holds a byte of the document.
    mutating func show(offset: Int, height: Int) {
        var low = 0
        var high = storedCount - 1
        while low < high {
            let middle = (low + high + 1) / 2
            if (index.range(of: middle, in: bytes)?.lowerBound ?? .max) <= offset {
                low = middle
            } else {
                high = middle - 1
            }
        }
        land(on: order.map { $0.firstIndex(of: UInt32(low)) ?? 0 } ?? low, height: height)
    }

    mutating func moveColumn(by count: Int, width: Int) {
        moveTo(column: column + count, width: width)
    }

    /// Goes to a column, and scrolls no further than it takes to show it.
    mutating func moveTo(column target: Int, width: Int) {
        column = max(0, min(target, columns.count - 1))
        left = min(left, column)
        while left < column, (left...column).reduce(-2, { $0 + widths[$1] + 2 }) > width { left += 1 }
    }

    // MARK: Arranging

    /// Shows other rows or another order; the row in focus stays where it is still shown.
    mutating func arrange(_ rows: [UInt32]?, height: Int) {
        let focus = cursor < rowCount ? row(at: cursor) : 0
        order = rows
        statistics = [:]
        match = nil
        moveTo(stored: focus, height: height)
    }

    /// Makes the columns as wide as a row wants; they never get narrower.
    private mutating func fit(_ cells: [Cell]) {
        if case .broken = cells.first { return }
        for (column, cell) in cells.enumerated() {
            var width = cell.columns
            if isNumeric[column], let fraction = cell.fractionWidth {
                fractions[column] = min(Self.widestFraction, max(fractions[column], fraction))
                width += max(0, fractions[column] - fraction)
            }
            widths[column] = max(widths[column], min(Self.widestColumn, width))
        }
    }

    private static func value(of row: Int, _ bytes: StoredBytes, _ index: LineIndex) -> JSONValue? {
        index.range(of: row, in: bytes).flatMap { try? JSONValue.parse(bytes.slice($0)) }
    }
}
