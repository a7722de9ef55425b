internal import JSONText

/// What the values of a column come to.
public struct ColumnStatistics: Sendable, Equatable {
    public internal(set) var rows = 0
    public internal(set) var nulls = 0
    public internal(set) var missing = 0
    public internal(set) var texts = 0
    public internal(set) var others = 0
    var sum = ExactSum()
    private var least: (number: ExactNumber, spelling: String)?
    private var most: (number: ExactNumber, spelling: String)?

    public var numbers: Int { sum.count }
    /// As stored.
    public var minimum: String? { least?.spelling }
    public var maximum: String? { most?.spelling }

    /// The column of rows that count; `nil` when cancelled.
    public static func of(
        _ rows: TableRows, column: Int, isCancelled: () -> Bool = { false }, report: (Int) -> Void = { _ in }
    ) -> ColumnStatistics? {
        var result = ColumnStatistics()
        let name = rows.columns[column]
        let isWhole = rows.forEach(isCancelled: isCancelled, report: report) { _, value, line in
            let cell =
                value?.objectValue == nil
                ? TableRows.cells(value, line, rows.columns)[column] : TablePane.Cell(name, in: value)
            result.add(cell)
        }
        return isWhole ? result : nil
    }

    private mutating func add(_ cell: TablePane.Cell) {
        rows += 1
        switch cell {
        case .number(let spelling):
            guard let number = ExactNumber(spelling) else {
                others += 1
                return
            }
            sum.add(number, spelling)
            if least.map({ number < $0.number }) ?? true { least = (number, spelling) }
            if most.map({ $0.number < number }) ?? true { most = (number, spelling) }
        case .text: texts += 1
        case .word, .broken: others += 1
        case .null: nulls += 1
        case .missing: missing += 1
        }
    }

    /// What there is to say, the most wanted first; sums that are not exact say so.
    public var parts: [String] {
        var parts: [String] = []
        if numbers > 0 {
            let mean = sum.mean
            parts.append("sum \(sum.isExact ? "" : "~ ")\(sum.sum)\(sum.isExact ? "" : " (floating)")")
            parts.append("mean \(mean.isExact ? "" : "~ ")\(mean.text)")
            if let minimum { parts.append("min \(minimum)") }
            if let maximum { parts.append("max \(maximum)") }
            parts.append(Words.count(numbers, "numbers"))
        }
        if texts > 0 { parts.append(Words.count(texts, "texts")) }
        if others > 0 { parts.append("\(Words.grouped(others)) other") }
        if nulls > 0 { parts.append(Words.count(nulls, "nulls")) }
        if missing > 0 { parts.append("\(Words.grouped(missing)) missing") }
        return parts
    }

    public static func == (left: ColumnStatistics, right: ColumnStatistics) -> Bool {
        left.rows == right.rows && left.nulls == right.nulls && left.missing == right.missing
            && left.texts == right.texts && left.others == right.others && left.sum == right.sum
            && left.minimum == right.minimum && left.maximum == right.maximum
    }
}
