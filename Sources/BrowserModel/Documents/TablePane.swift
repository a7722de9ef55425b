internal import JSONText
public import StoredRecords
internal import TerminalSurface

/// Lines of JSON as a table with a heading that stays.
public struct TablePane: Sendable, Equatable {
    /// Rows that are read to choose columns and their widths.
    static let sampledRows = 100
    static let widestColumn = 40

    /// One value of a row.
    public enum Cell: Sendable, Equatable {
        case text(String)
        case number(String)
        case word(String)
        case null
        /// The row has no such member.
        case missing
        /// The line is no JSON object; all of it stands in the first column.
        case broken(String)
    }

    public let bytes: StoredBytes
    public let index: LineIndex
    public let columns: [TableColumn]
    public let widths: [Int]
    public private(set) var cursor = 0
    public private(set) var top = 0
    /// The first column on the screen.
    public private(set) var left = 0
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
        widths = columns.map { column in
            let cells = sample.map { Self.width(of: Self.cell(column.name, in: $0)) }
            let name = CharacterWidth.columns(of: column.name)
            return max(1, min(Self.widestColumn, max(name, cells.max() ?? 0)))
        }
    }

    public var rowCount: Int { index.count }

    /// The cells of a row, one for each column.
    public func cells(row: Int) -> [Cell] {
        let value = Self.value(of: row, bytes, index)
        guard let value, value.objectValue != nil else {
            let text = index.range(of: row, in: bytes).map { Sanitizer.visible(bytes: bytes.slice($0)) } ?? ""
            let only: Cell = value == nil ? .broken(text) : .text(text)
            return [only] + Array(repeating: .missing, count: max(0, columns.count - 1))
        }
        return columns.map { Self.cell($0.name, in: value) }
    }

    /// The stored line of a row.
    public func line(row: Int) -> StoredBytes? {
        index.range(of: row, in: bytes).map { StoredBytes(bytes.slice($0)) }
    }

    mutating func move(by rows: Int, height: Int) {
        moveTo(row: cursor + rows, height: height)
    }

    mutating func moveTo(row: Int, height: Int) {
        cursor = max(0, min(row, rowCount - 1))
        if cursor < top { top = cursor }
        if cursor >= top + height { top = cursor - height + 1 }
        top = max(0, min(top, rowCount - height))
    }

    /// Goes to the row that holds a byte of the document.
    mutating func show(offset: Int, height: Int) {
        var low = 0
        var high = rowCount - 1
        while low < high {
            let middle = (low + high + 1) / 2
            if (index.range(of: middle, in: bytes)?.lowerBound ?? .max) <= offset {
                low = middle
            } else {
                high = middle - 1
            }
        }
        moveTo(row: low, height: height)
        match = cursor
    }

    mutating func scrollColumns(by count: Int) {
        left = max(0, min(left + count, columns.count - 1))
    }

    private static func value(of row: Int, _ bytes: StoredBytes, _ index: LineIndex) -> JSONValue? {
        index.range(of: row, in: bytes).flatMap { try? JSONValue.parse(bytes.slice($0)) }
    }

    private static func cell(_ name: String, in value: JSONValue?) -> Cell {
        guard let found = value?[name] else { return .missing }
        switch found {
        case .null: return .null
        case .bool, .array, .object: return .word(found.serialized(.compact))
        case .number(let number): return .number(number.spelling)
        case .string(let text): return .text(text.text)
        }
    }

    private static func width(of cell: Cell) -> Int {
        switch cell {
        case .text(let text), .number(let text), .word(let text):
            CharacterWidth.columns(of: Sanitizer.visible(String(text.prefix(200))))
        case .null: 4
        case .missing: 1
        case .broken: 0
        }
    }
}
