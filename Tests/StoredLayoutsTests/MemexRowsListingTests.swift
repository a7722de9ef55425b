import EngineCore
import SQLiteEngine
import StoredLayouts
import StoredRecords
import TestSupport
import Testing

@Suite(.usesPostgres) struct MemexRowsListingTests {
    private func page(
        _ start: PageRequest.Start = .first, limit: Int = 100, sort: RecordSort = .newest, filter: String = ""
    ) -> RecordQuery {
        RecordQuery(
            .thread, filter: TextFilter(filter), sort: sort, page: PageRequest(start, limit: limit))
    }

    @Test(arguments: MemexPlace.Kind.allCases)
    func `all threads of the real store come newest first`(_ kind: MemexPlace.Kind) async throws {
        let place = try await MemexPlace.fixture(kind)
        let page = try await place.layout().list(page())
        #expect(page.items.count == 14)
        #expect(page.total == .exact(14))
        #expect(page.next == nil)
        #expect(page.previous == nil)
        let asStored = try await place.engine.query(
            SQLStatement("SELECT id FROM threads ORDER BY updated_at DESC, id"))
        #expect(page.items.map(\.id.key) == asStored.compactMap { $0[0].text })
        let counts = try await place.engine.query(SQLStatement("SELECT count(*) FROM messages"))
        #expect(page.items.compactMap(\.messages).reduce(0, +) == counts.first?[0].integer.map { Int($0) })
        #expect(page.items.contains { $0.title == "thread 1 – ünïcode" })
        #expect(page.items.allSatisfy { $0.updated != nil && $0.created != nil && $0.notes.isEmpty })
    }

    @Test(arguments: RecordSort.Field.allCases, [1, 2, 3, 5, 13, 14, 20])
    func `pages in either direction hold what one page holds`(_ field: RecordSort.Field, _ limit: Int) async throws {
        let place = try await MemexPlace.fixture()
        let layout = try await place.layout()
        guard layout.capabilities(of: .thread).sortFields.contains(field) else {
            await #expect(throws: StorageError.self) {
                try await layout.list(page(sort: RecordSort(field, descending: true)))
            }
            return
        }
        for descending in [true, false] {
            let sort = RecordSort(field, descending: descending)
            let all = try await layout.list(page(sort: sort)).items.map(\.id.key)
            #expect(all.count == 14)

            var forward: [String] = []
            var start = PageRequest.Start.first
            while true {
                let page = try await layout.list(self.page(start, limit: limit, sort: sort))
                #expect((page.previous == nil) == forward.isEmpty)
                forward += page.items.map(\.id.key)
                guard let next = page.next else { break }
                start = .after(next)
            }
            #expect(forward == all)

            var backward: [String] = []
            start = .last
            while true {
                let page = try await layout.list(self.page(start, limit: limit, sort: sort))
                #expect((page.next == nil) == backward.isEmpty)
                backward = page.items.map(\.id.key) + backward
                guard let previous = page.previous else { break }
                start = .before(previous)
            }
            #expect(backward == all)

            for position in [0, 1, 7, 13] {
                let page = try await layout.list(self.page(.position(position), limit: limit, sort: sort))
                #expect(page.items.map(\.id.key) == Array(all.dropFirst(position).prefix(limit)))
            }
            let beyond = try await layout.list(self.page(.position(99), limit: limit, sort: sort))
            #expect(beyond.items.isEmpty)
            let back = try #require(beyond.previous)
            let last = try await layout.list(self.page(.before(back), limit: limit, sort: sort))
            #expect(last.items.map(\.id.key) == Array(all.suffix(limit)))
        }
    }

    @Test(arguments: MemexPlace.Kind.engines)
    func `many threads stored in any order are paged in the order of their times`(_ kind: MemexPlace.Kind) async throws
    {
        let place = try await MemexPlace.empty(kind)
        // Multiples of a number that is prime to 700 visit every second once, far from in order.
        try await place.engine.transaction("prepare") { transaction throws(StorageError) in
            for number in 0..<700 {
                let second = number * 257 % 700
                let time = "2025-03-01T08:\(10 + second / 60):\(10 + second % 60 % 50)+00:00"
                try transaction.execute(
                    SQLStatement(
                        "INSERT INTO threads VALUES (?, ?, ?, '{}')",
                        [.text("t\(number)"), .text(time), .text(time)]))
            }
        }
        let layout = try await place.layout()
        for descending in [true, false] {
            let order = descending ? "DESC" : "ASC"
            let asStored = try await place.engine.query(
                SQLStatement("SELECT id FROM threads ORDER BY updated_at \(order), id"))
            let expected = asStored.compactMap { $0[0].text }
            var found: [String] = []
            var start = PageRequest.Start.first
            while true {
                let page = try await layout.list(
                    page(start, limit: 11, sort: RecordSort(.updated, descending: descending)))
                found += page.items.map(\.id.key)
                guard let next = page.next else { break }
                start = .after(next)
            }
            #expect(found == expected)
        }
    }

    @Test func `the last page of a large store leaves orphans to the page behind it`() async throws {
        let place = try await MemexPlace.lax()
        try await place.run(
            """
            INSERT INTO threads WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 30) \
            SELECT 't' || i, '2025-01-01T00:00:00+00:00', printf('2025-02-%02dT00:00:00+00:00', i), '{}' FROM n
            """)
        try await place.run(
            """
            INSERT INTO messages WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 25000) \
            SELECT 'm' || i, 't' || (i % 31), 'x', 'user', '', '{}', NULL, i FROM n
            """)
        let layout = try await place.layout()
        let last = try await layout.list(RecordQuery(.thread, page: PageRequest(.last, limit: 7)))
        #expect(last.items.map(\.id.key) == (1...7).reversed().map { "t\($0)" })
        #expect(last.total == .atLeast(30))
        let next = try #require(last.next)
        let behind = try await layout.list(RecordQuery(.thread, page: PageRequest(.after(next), limit: 7)))
        #expect(behind.items.map(\.id.key) == ["t0"])
        #expect(behind.next == nil)
        // The orphans are known now, until the tables change.
        let again = try await layout.list(RecordQuery(.thread, page: PageRequest(.last, limit: 7)))
        #expect(again.items.map(\.id.key) == (1...6).reversed().map { "t\($0)" } + ["t0"])
        #expect(again.next == nil)
        #expect(again.total == .exact(31))
    }

    @Test func `the last page finds orphans among threads without a time`() async throws {
        let place = try await MemexPlace.lax([
            "INSERT INTO threads VALUES ('b', NULL, NULL, '{}'), ('d', NULL, NULL, '{}')"
        ])
        try await place.run(
            """
            INSERT INTO messages WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 21000) \
            SELECT 'm' || i, char(97 + i % 4), 'x', 'user', '', '{}', NULL, i FROM n
            """)
        let page = try await place.layout().list(RecordQuery(.thread, page: PageRequest(.last, limit: 9)))
        #expect(page.items.map(\.id.key) == ["a", "b", "c", "d"])
        #expect(page.next == nil)
    }

    @Test(arguments: MemexPlace.Kind.engines)
    func `a cursor stays right when threads come and go`(_ kind: MemexPlace.Kind) async throws {
        let place = try await MemexPlace.fixture(kind)
        let layout = try await place.layout()
        let all = try await layout.list(page()).items.map(\.id.key)
        let first = try await layout.list(page(limit: 4))
        let next = try #require(first.next)
        try await place.addThread("aaa", messages: 1, updated: "2026-01-01T00:00:00+00:00")
        try await place.run("DELETE FROM messages WHERE thread_id = ?", [.text(all[3])])
        try await place.run("DELETE FROM threads WHERE id = ?", [.text(all[3])])
        let second = try await layout.list(page(.after(next), limit: 4))
        #expect(second.items.map(\.id.key) == Array(all[4..<8]))
    }

    @Test(arguments: MemexPlace.Kind.engines)
    func `a filter looks at id, title and metadata and pages what it lets through`(_ kind: MemexPlace.Kind) async throws
    {
        let place = try await MemexPlace.fixture(kind)
        let layout = try await place.layout()
        let all = try await layout.list(page(filter: "thread u1"))
        #expect(all.items.count == 3)
        #expect(all.total == .exact(3))
        let first = try await layout.list(page(limit: 2, filter: "thread u1"))
        #expect(first.items == Array(all.items.prefix(2)))
        let next = try #require(first.next)
        let second = try await layout.list(page(.after(next), limit: 2, filter: "thread u1"))
        #expect(second.items == Array(all.items.suffix(1)))
        #expect(second.next == nil)
        let none = try await layout.list(page(filter: "no such thread anywhere"))
        #expect(none.items.isEmpty)
    }

    @Test(arguments: MemexPlace.Kind.engines)
    func `a cursor of another order is refused`(_ kind: MemexPlace.Kind) async throws {
        let place = try await MemexPlace.fixture(kind)
        let layout = try await place.layout()
        let next = try #require(try await layout.list(page(limit: 2)).next)
        let error = await #expect(throws: StorageError.self) {
            try await layout.list(page(.after(next), sort: RecordSort(.key, descending: false)))
        }
        #expect(error?.kind == .invalid)
    }

    @Test(arguments: MemexPlace.Kind.engines)
    func `a summary sums tokens and a list does not`(_ kind: MemexPlace.Kind) async throws {
        let place = try await MemexPlace.fixture(kind)
        let layout = try await place.layout()
        let listed = try #require(try await layout.list(page()).items.first { $0.messages == 300 })
        #expect(listed.tokens == nil)
        let summary = try #require(try await layout.summary(.thread, listed.id.key))
        let sum = try await place.engine.query(
            SQLStatement("SELECT sum(token_count) FROM messages WHERE thread_id = ?", [.text(listed.id.key)]))
        #expect(summary.tokens == sum.first?[0].integer.map { Int($0) })
        #expect(summary.messages == 300)
        #expect(try await layout.summary(.thread, "no such thread") == nil)
    }

    @Test(arguments: MemexPlace.Kind.engines)
    func `tables under other names are found when they are named`(_ kind: MemexPlace.Kind) async throws {
        let place = try await MemexPlace.empty(kind)
        try await place.run("ALTER TABLE threads RENAME TO chat_threads")
        try await place.run("ALTER TABLE messages RENAME TO \"chat \"\"messages\"")
        try await place.run("ALTER TABLE chat_threads ADD COLUMN owner TEXT")
        #expect(try await MemexRowsLayout.detect(place.engine, MemexPlace.context()).isEmpty)
        var context = MemexPlace.context()
        context.options.tables = ["threads": "chat_threads", "messages": "chat \"messages"]
        let layout = try #require(try await MemexRowsLayout.detect(place.engine, context).first as? MemexRowsLayout)
        try await layout.saveThread(
            ConversationThread(id: "t", created: MemexPlace.now, updated: MemexPlace.now))
        #expect(try await layout.list(page()).items.map(\.id.key) == ["t"])
    }

    @Test(arguments: MemexPlace.Kind.engines)
    func `reading changes nothing and a read-only source says so`(_ kind: MemexPlace.Kind) async throws {
        let place = try await MemexPlace.fixture(kind, readOnly: true)
        let before = try await place.dump()
        let layout = try await place.layout()
        let key = try #require(try await layout.list(page()).items.first?.id.key)
        _ = try await layout.messages(key, PageRequest(limit: 10))
        #expect(layout.capabilities(of: .thread).trim.reason == "the source is opened read-only")
        #expect(try await layout.plan(.delete(.record), .thread, key).refusal != nil)
        await #expect(throws: StorageError.self) { try await layout.deleteThread(key) }
        #expect(try await place.dump() == before)
    }

    @Test(arguments: MemexPlace.Kind.engines)
    func `the revision changes with what another program saves, and only then`(_ kind: MemexPlace.Kind) async throws {
        let place = try await MemexPlace.fixture(kind)
        let layout = try await place.layout()
        let key = try #require(try await layout.list(page()).items.first { $0.messages == 300 }?.id.key)
        let first = try await layout.revision(.thread, key)
        #expect(first != nil)
        #expect(try await layout.revision(.thread, key) == first)
        var thread = try #require(try await layout.thread(key, messageLimit: nil))
        thread.updated = MemexPlace.now
        try await layout.saveThread(thread)
        #expect(try await layout.revision(.thread, key) != first)
        #expect(try await layout.revision(.thread, "no such thread") == nil)
    }
}
