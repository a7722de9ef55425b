import StoredRecords
import Synchronization
import Testing

@testable import ContextStores

@Suite("Pages of records that sums decide on")
struct FilteredPagesTests {
    private static let now = Timestamp(seconds: 1_750_000_000)

    /// Records numbered from 0 of which some have many messages, in pages as a layout hands them over.
    private final class Shelf: Sendable {
        let count: Int
        let large: Set<Int>
        let asked = Mutex<[RecordQuery]>([])

        init(_ count: Int, large: Set<Int>) {
            self.count = count
            self.large = large
        }

        var requests: Int { asked.withLock { $0.count } }

        func read(_ query: RecordQuery) -> Page<RecordSummary> {
            asked.withLock { $0.append(query) }
            var (start, end) = (0, query.page.limit)
            switch query.page.start {
            case .first, .position: break
            case .after(let cursor): (start, end) = (Int(cursor.text) ?? 0, (Int(cursor.text) ?? 0) + query.page.limit)
            case .last: (start, end) = (count - query.page.limit, count)
            case .before(let cursor): (start, end) = ((Int(cursor.text) ?? 0) - query.page.limit, Int(cursor.text) ?? 0)
            }
            (start, end) = (max(0, start), min(count, end))
            let records = (start..<end).map { number in
                RecordSummary(
                    id: RecordID(source: "s", layout: "l", kind: .thread, key: String(number)),
                    title: "Thread \(number)", messages: large.contains(number) ? 500 : 2)
            }
            return Page(
                items: records, next: end < count ? PageCursor(String(end)) : nil,
                previous: start > 0 ? PageCursor(String(start)) : nil, total: .exact(count))
        }
    }

    private func query(_ start: PageRequest.Start, limit: Int = 10) throws -> (RecordFilter, RecordQuery) {
        let filter = try #require(try RecordFilter.read("thread messages:>100", now: Self.now))
        let sums = try #require(filter.bySums)
        return (sums, RecordQuery(.thread, filter: filter, page: PageRequest(start, limit: limit)))
    }

    private func page(
        _ shelf: Shelf, _ start: PageRequest.Start, limit: Int = 10
    ) async throws -> Page<RecordSummary> {
        let (sums, query) = try query(start, limit: limit)
        return try await FilteredPages(sums, query).page { query in shelf.read(query) }
    }

    private func keys(_ page: Page<RecordSummary>) -> [String] { page.items.map(\.id.key) }

    @Test("Pages without a match are passed over, and all matches come once and in order")
    func forward() async throws {
        let shelf = Shelf(200, large: [3, 7, 64, 150, 199])
        var start: PageRequest.Start? = .first
        var found: [[String]] = []
        while let from = start {
            let page = try await page(shelf, from)
            found.append(keys(page))
            #expect(page.total == .unknown)
            start = page.next.map { .after($0) }
        }
        #expect(found == [["3", "7"], ["64"], ["150"], ["199"]])
        #expect(shelf.requests == 20)
    }

    @Test("Backwards too, each page in the order of the list")
    func backward() async throws {
        let shelf = Shelf(200, large: [3, 7, 64, 150, 199])
        var start: PageRequest.Start? = .last
        var found: [[String]] = []
        while let from = start {
            let page = try await page(shelf, from)
            found.append(keys(page))
            start = page.previous.map { .before($0) }
        }
        #expect(found == [["199"], ["150"], ["64"], ["3", "7"]])
    }

    @Test("Where one page is all, the number is known; the layout is asked only for what it can decide")
    func onePage() async throws {
        let shelf = Shelf(8, large: [1, 5])
        let page = try await page(shelf, .first)
        #expect(keys(page) == ["1", "5"])
        #expect(page.total == .exact(2))
        #expect(shelf.asked.withLock { $0.map(\.filter?.bySums) } == [nil])
        #expect(shelf.asked.withLock { $0.allSatisfy { $0.filter?.matches(["a thread"]) == true } })
        let none = try await self.page(Shelf(0, large: []), .first)
        #expect(none.items.isEmpty && none.total == .exact(0))
    }

    @Test("Who finds nothing for long is handed an empty page with more behind it, so that reading can be stopped")
    func patience() async throws {
        let shelf = Shelf(10_000, large: [9_999])
        let first = try await page(shelf, .first, limit: 100)
        #expect(first.items.isEmpty)
        #expect(first.next?.text == "2000")
        #expect(first.total == .unknown)
        #expect(shelf.requests == 20)
    }

    @Test("A place by number cannot be told, and a cancelled reading ends")
    func refusals() async throws {
        let shelf = Shelf(10_000, large: [])
        let (sums, query) = try query(.position(50))
        let refusal = await #expect(throws: StorageError.self) {
            try await FilteredPages(sums, query).page { query in shelf.read(query) }
        }
        #expect(refusal?.kind == .unsupported)
        let (allSums, all) = try self.query(.first)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await FilteredPages(allSums, all).page { query in shelf.read(query) }
        }
        let error = await #expect(throws: StorageError.self) { _ = try await task.value }
        #expect(error?.kind == .cancelled)
        #expect(shelf.requests == 1)
    }
}
