import StoredRecords
import Testing

@testable import StoredLayouts

@Suite struct SummaryPagingTests {
    private func record(
        _ key: String, title: String = "", updated: Int64? = nil, bytes: Int64? = nil
    ) -> RecordSummary {
        RecordSummary(
            id: RecordID(source: "s", layout: "l", kind: .index, key: key), title: title,
            updated: updated.map { Timestamp(seconds: $0) }, bytes: bytes)
    }

    private func page(
        _ records: [RecordSummary], _ start: PageRequest.Start = .first, limit: Int = 2,
        sort: RecordSort = .newest, filter: String = ""
    ) throws(StorageError) -> Page<RecordSummary> {
        let query = RecordQuery(
            .index, filter: TextFilter(filter), sort: sort, page: PageRequest(start, limit: limit))
        return try SummaryPaging(query).page(of: records, operation: "list indexes", place: "here")
    }

    private func keys(_ page: Page<RecordSummary>) -> [String] { page.items.map(\.id.key) }

    private var mixed: [RecordSummary] {
        [
            record("b", updated: 5), record("none"), record("a", updated: 5), record("old", updated: 1),
            record("new", updated: 9),
        ]
    }

    @Test func `ties go by key and records without the field come last in both directions`() throws {
        #expect(keys(try page(mixed, limit: 9)) == ["new", "a", "b", "old", "none"])
        let ascending = RecordSort(.updated, descending: false)
        #expect(keys(try page(mixed, limit: 9, sort: ascending)) == ["old", "a", "b", "new", "none"])
    }

    @Test(arguments: 1...6, RecordSort.Field.allCases)
    func `walking forward and back gives every record once`(limit: Int, field: RecordSort.Field) throws {
        let sort = RecordSort(field, descending: true)
        let records = mixed + [record("t:1.x", title: "A:b", bytes: 3), record("", title: "é", bytes: 3)]
        let whole = keys(try page(records, limit: 99, sort: sort))
        #expect(whole.count == 7)
        var forward: [String] = []
        var current = try page(records, limit: limit, sort: sort)
        #expect(current.previous == nil)
        while true {
            forward += keys(current)
            #expect(current.total == .exact(7))
            guard let next = current.next else { break }
            current = try page(records, .after(next), limit: limit, sort: sort)
        }
        #expect(forward == whole)
        current = try page(records, .last, limit: limit, sort: sort)
        #expect(current.next == nil)
        var backward: [String] = []
        while true {
            backward = keys(current) + backward
            guard let previous = current.previous else { break }
            current = try page(records, .before(previous), limit: limit, sort: sort)
        }
        #expect(backward == whole)
    }

    @Test func `a cursor stays right when its record goes and others come`() throws {
        let first = try page(mixed)
        let next = try #require(first.next)
        let changed = mixed.filter { $0.id.key != "a" } + [record("newest", updated: 99), record("aa", updated: 5)]
        #expect(keys(try page(changed, .after(next))) == ["aa", "b"])
    }

    @Test func `a page's own cursors give the page again`() throws {
        let middle = try page(mixed, .position(2))
        let next = try #require(middle.next)
        let previous = try #require(middle.previous)
        #expect(keys(middle) == ["b", "old"])
        #expect(keys(try page(mixed, .before(next))) == ["b", "old"])
        #expect(keys(try page(mixed, .after(previous))) == ["b", "old"])
    }

    @Test func `a position past the end is an empty page with a way back`() throws {
        let past = try page(mixed, .position(50))
        #expect(past.items.isEmpty && past.next == nil)
        let previous = try #require(past.previous)
        #expect(keys(try page(mixed, .before(previous))) == ["old", "none"])
        #expect(keys(try page(mixed, .position(-3))) == ["new", "a"])
    }

    @Test func `the total counts what the filter lets through`() throws {
        let filtered = try page(mixed, filter: "ne")
        #expect(keys(filtered) == ["new", "none"])
        #expect(filtered.total == .exact(2))
    }

    @Test(arguments: [
        "", "x", "key+<", "updated-<", "updated->t5.ab:", "updated->t-1.:", "updated-?-:a", "updated->i:",
    ])
    func `a cursor of another order or making is refused`(text: String) {
        #expect(throws: StorageError.self) { try page(mixed, .after(PageCursor(text))) }
    }
}
