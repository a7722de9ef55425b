internal import JSONText
public import StoredRecords

/// The rows of a table as they are stored, for jobs that read all of them.
public struct TableRows: Sendable, Equatable {
    public var bytes: StoredBytes
    public var columns: [String]
    /// The rows that count, in the order they are shown; `nil` for all as stored.
    public var order: [UInt32]?

    /// Rows between two looks at whether the work is cancelled.
    static let stride = 1024

    /// Tells every stored row that counts, in stored order, until `body` returns `false`.
    ///
    /// - Returns: Whether it came to the end.
    func forEach(
        isCancelled: () -> Bool, report: (Int) -> Void,
        _ body: (_ row: Int, _ value: JSONValue?, _ line: [UInt8]) -> Void
    ) -> Bool {
        let wanted = order.map { $0.sorted() }
        var next = 0
        var row = 0
        return bytes.withBytes { buffer in
            var start = 0
            while start < buffer.count {
                if row.isMultiple(of: Self.stride) {
                    if isCancelled() { return false }
                    report(start)
                }
                var end = ByteSearch.first(10, in: buffer, from: start) ?? buffer.count
                let following = end + 1
                if let wanted {
                    guard next < wanted.count else { return true }
                    guard wanted[next] == UInt32(row) else {
                        start = following
                        row += 1
                        continue
                    }
                    next += 1
                }
                if end > start, buffer[end - 1] == 13 { end -= 1 }
                let line = Array(buffer[start..<end])
                body(row, try? JSONValue.parse(line), line)
                start = following
                row += 1
            }
            return true
        }
    }

    /// The cells of a row, one for each column.
    static func cells(_ value: JSONValue?, _ line: [UInt8], _ columns: [String]) -> [TablePane.Cell] {
        guard let value, value.objectValue != nil else {
            let text = String(decoding: line, as: UTF8.self)
            let only: TablePane.Cell = value.map { TablePane.Cell($0) } ?? .broken(text)
            return [only] + Array(repeating: .missing, count: max(0, columns.count - 1))
        }
        return columns.map { TablePane.Cell($0, in: value) }
    }

    /// Finds the rows that hold a text; their places in the order they are shown in.
    func places(of text: String, isCancelled: () -> Bool, report: (Int) -> Void) -> MatchPlaces {
        var filter = TextFind()
        filter.text = text
        let pattern = try? TextPattern.typed(text)
        var found: Set<UInt32> = []
        let isWhole = forEach(isCancelled: isCancelled, report: report) { row, value, line in
            if Self.cells(value, line, columns).contains(where: {
                pattern?.matches($0.plain) ?? filter.matches($0.plain)
            }) {
                found.insert(UInt32(row))
            }
        }
        let places =
            order.map { order in order.indices.filter { found.contains(order[$0]) } } ?? found.map(Int.init).sorted()
        return MatchPlaces(
            Array(places.prefix(MatchPlaces.most)), isComplete: isWhole && places.count <= MatchPlaces.most)
    }
}
