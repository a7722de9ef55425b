internal import StoredRecords

/// Which rows of a table are shown.
///
/// Words in any order, all must fit: a plain word is held by any cell (smart
/// case); `column:word` by that column; `column=value` is the value as it is
/// shown; `column>number`, `<`, `>=`, `<=` compare exactly.
struct TableFilter {
    private enum Test {
        case word(TextFilter)
        case held(Int, TextFilter)
        case equal(Int, String)
        case compare(Int, ExactNumber, (ExactNumber, ExactNumber) -> Bool)
    }

    private let tests: [Test]

    init(_ text: String, columns: [String]) {
        tests = text.split(whereSeparator: \.isWhitespace).compactMap { Self.test(String($0), columns) }
    }

    func matches(_ cells: [TablePane.Cell]) -> Bool {
        var texts: [String]?
        return tests.allSatisfy { test in
            switch test {
            case .word(let filter):
                let all = texts ?? cells.map(\.plain)
                texts = all
                return filter.matches(all)
            case .held(let column, let filter): return filter.matches([cells[column].plain])
            case .equal(let column, let value):
                let cell = cells[column]
                if case .number(let spelling) = cell, let left = ExactNumber(spelling), let right = ExactNumber(value) {
                    return left == right
                }
                return cell.shown == value || cell.plain == value && cell != .null && cell != .missing
            case .compare(let column, let number, let fits):
                guard case .number(let spelling) = cells[column], let cell = ExactNumber(spelling) else { return false }
                return fits(cell, number)
            }
        }
    }

    private static func test(_ word: String, _ columns: [String]) -> Test? {
        for sign in [">=", "<=", ">", "<", "=", ":"] {
            guard let range = range(of: sign, in: word) else { continue }
            let name = String(word[..<range.lowerBound])
            let value = String(word[range.upperBound...])
            guard let column = columns.firstIndex(of: name) ?? columns.firstIndex(where: { $0.lowercased() == name })
            else { continue }
            switch sign {
            case ":":
                if let filter = TextFilter(value) { return .held(column, filter) }
            case "=": return .equal(column, value)
            default:
                if let number = ExactNumber(value) { return .compare(column, number, comparison(sign)) }
            }
        }
        return TextFilter(word).map(Test.word)
    }

    private static func comparison(_ sign: String) -> (ExactNumber, ExactNumber) -> Bool {
        switch sign {
        case ">=": { $0 >= $1 }
        case "<=": { $0 <= $1 }
        case ">": { $0 > $1 }
        default: { $0 < $1 }
        }
    }

    private static func range(of sign: String, in word: String) -> Range<String.Index>? {
        var at = word.startIndex
        while at < word.endIndex {
            if word[at...].hasPrefix(sign) { return at..<word.index(at, offsetBy: sign.count) }
            at = word.index(after: at)
        }
        return nil
    }
}
