import EngineCore
import JSONText
import SQLiteEngine
import StoredLayouts
import StoredRecords
import TestSupport
import Testing

@Suite(.usesPostgres) struct MemexThreadStoreTests {
    private func thread(_ id: String, messages: Int, at seconds: Int64 = 1_740_816_000) -> ConversationThread {
        ConversationThread(
            id: id, created: Timestamp(seconds: seconds),
            updated: Timestamp(seconds: seconds, nanoseconds: 249_523_999),
            metadata: .object([
                JSONMember("title", .text("Grüße")), JSONMember("n", .integer(9_007_199_254_740_993)),
                JSONMember("nested", .object([JSONMember("a", .null), JSONMember("b", .double(1.5))])),
            ]),
            messages: (0..<messages).map { index in
                ConversationMessage(
                    id: "\(id)-\(index)", role: index == 0 ? "system" : "user", content: .text("message \(index) 🚀"),
                    created: Timestamp(seconds: seconds + Int64(index)),
                    metadata: .object([JSONMember("i", .integer(index))]), tokenCount: index == 1 ? nil : index)
            })
    }

    @Test(arguments: MemexPlace.Kind.engines)
    func `a saved thread is stored as MemexLLM stores it`(_ kind: MemexPlace.Kind) async throws {
        let place = try await MemexPlace.empty(kind)
        let layout = try await place.layout()
        try await layout.saveThread(thread("t", messages: 2))
        let stored = try await place.engine.query(SQLStatement("SELECT * FROM threads"))
        #expect(
            stored.map(\.values) == [
                [
                    .text("t"), .text("2025-03-01T08:00:00+00:00"), .text("2025-03-01T08:00:00.249523+00:00"),
                    .text(
                        #"{"title": "Gr\u00fc\u00dfe", "n": 9007199254740993, "nested": {"a": null, "b": 1.5}}"#),
                ]
            ])
        let messages = try await place.engine.query(SQLStatement("SELECT * FROM messages ORDER BY message_index"))
        #expect(
            messages.last?.values == [
                .text("t-1"), .text("t"), .text("message 1 🚀"), .text("user"), .text("2025-03-01T08:00:01+00:00"),
                .text(#"{"i": 1}"#), .null, .integer(1),
            ])
        var expected = thread("t", messages: 2)
        expected.updated.nanoseconds = 249_523_000
        let read = try #require(try await layout.thread("t", messageLimit: nil))
        #expect(read.metadata["title"]?.stringValue == "Grüße")
        #expect(read.metadata["nested"] == expected.metadata["nested"])
        expected.metadata = read.metadata
        #expect(read == expected)
    }

    @Test(arguments: MemexPlace.Kind.engines)
    func `saving keeps the newest messages and numbers them from zero`(_ kind: MemexPlace.Kind) async throws {
        let place = try await MemexPlace.empty(kind)
        let layout = try await place.layout(maxMessages: 3)
        try await layout.saveThread(thread("t", messages: 8))
        let rows = try await place.engine.query(
            SQLStatement("SELECT id, message_index FROM messages ORDER BY message_index"))
        #expect(rows.map { $0[0].text } == ["t-5", "t-6", "t-7"])
        #expect(rows.map { $0[1].integer } == [0, 1, 2])
        #expect(try await layout.thread("t", messageLimit: 2)?.messages.map(\.id) == ["t-6", "t-7"])
        #expect(try await layout.thread("t", messageLimit: 9)?.messages.count == 3)
        #expect(try await layout.thread("none", messageLimit: nil) == nil)
        await #expect(throws: StorageError.self) { try await layout.thread("t", messageLimit: 0) }
    }

    @Test(arguments: MemexPlace.Kind.engines)
    func `a message id of another thread is a conflict and saves nothing`(_ kind: MemexPlace.Kind) async throws {
        let place = try await MemexPlace.empty(kind)
        let layout = try await place.layout()
        try await layout.saveThread(thread("t", messages: 3))
        let before = try await place.dump()
        var other = thread("u", messages: 1)
        other.messages[0].id = "t-1"
        let error = await #expect(throws: StorageError.self) { try await layout.saveThread(other) }
        #expect(error?.kind == .conflict)
        #expect(try await place.dump() == before)
    }

    @Test(arguments: MemexPlace.Kind.engines)
    func `threads are listed by limit and offset, newest update first`(_ kind: MemexPlace.Kind) async throws {
        let place = try await MemexPlace.empty(kind)
        let layout = try await place.layout()
        for number in 0..<7 { try await layout.saveThread(thread("t\(number)", messages: 1, at: 100 - Int64(number))) }
        #expect(try await layout.listThreads(limit: 100, offset: 0).map(\.id) == (0..<7).map { "t\($0)" })
        let part = try await layout.listThreads(limit: 2, offset: 3)
        #expect(part.map(\.id) == ["t3", "t4"])
        #expect(part.allSatisfy { $0.messages.count == 1 })
        await #expect(throws: StorageError.self) { try await layout.listThreads(limit: 0, offset: 0) }
    }

    @Test(arguments: MemexPlace.Kind.engines)
    func `a search needs all metadata and the text in one message`(_ kind: MemexPlace.Kind) async throws {
        let place = try await MemexPlace.empty(kind)
        let layout = try await place.layout()
        try await layout.saveThread(thread("a", messages: 3, at: 1))
        try await layout.saveThread(thread("b", messages: 1, at: 2))
        var other = thread("c", messages: 3, at: 3)
        other.metadata = .object([JSONMember("title", .text("other"))])
        try await layout.saveThread(other)
        let greeting = JSONMember("title", .text("Grüße"))
        #expect(try await layout.searchThreads(ThreadSearch(metadata: [greeting])).map(\.id) == ["b", "a"])
        #expect(try await layout.searchThreads(ThreadSearch(content: "MESSAGE 2")).map(\.id) == ["c", "a"])
        let both = try await layout.searchThreads(ThreadSearch(metadata: [greeting], content: "message 2"))
        #expect(both.map(\.id) == ["a"])
        #expect(both.first?.messages.count == 3)
        let number = JSONMember("n", .integer(9_007_199_254_740_993))
        #expect(try await layout.searchThreads(ThreadSearch(metadata: [number])).count == 2)
        await #expect(throws: StorageError.self) { try await layout.searchThreads(ThreadSearch()) }
    }

    @Test(arguments: MemexPlace.Kind.engines)
    func `deleting tells whether there was a thread`(_ kind: MemexPlace.Kind) async throws {
        let place = try await MemexPlace.fixture(kind)
        let layout = try await place.layout()
        let key = try #require(try await layout.listThreads(limit: 1, offset: 0).first?.id)
        #expect(try await layout.deleteThread(key))
        #expect(try await !layout.deleteThread(key))
        let left = try await place.engine.query(
            SQLStatement("SELECT count(*) FROM messages WHERE thread_id = ?", [.text(key)]))
        #expect(left.first?[0] == .integer(0))
    }

    @Test(arguments: MemexPlace.Kind.engines)
    func `every thread of the real store comes back as it was saved`(_ kind: MemexPlace.Kind) async throws {
        let place = try await MemexPlace.fixture(kind)
        let layout = try await place.layout()
        let columns = "SELECT id, created_at, updated_at, metadata FROM threads ORDER BY id"
        let rows = "SELECT * FROM messages ORDER BY id"
        let threads = try await place.engine.query(SQLStatement(columns))
        let messages = try await place.engine.query(SQLStatement(rows))
        for thread in try await layout.listThreads(limit: 100, offset: 0) { try await layout.saveThread(thread) }
        #expect(try await place.engine.query(SQLStatement(columns)) == threads)
        #expect(try await place.engine.query(SQLStatement(rows)) == messages)
    }
}
