import TestSupport
import Testing

@Suite("Searching and following real stores", .blocks)
struct SearchAndFollowTests {
    /// The database as another program has it, which waits for readers as Python's sqlite3 does.
    private static func other(_ path: String) throws -> RawDatabase { try RawDatabase(path, patience: 5000) }

    /// A thread of so many messages of which some hold a word.
    private func addThread(_ path: String, _ id: String, messages: Int, word: String, at places: [Int]) throws {
        try Self.other(path).run(
            """
            INSERT INTO threads (id, created_at, updated_at, metadata)
            VALUES ('\(id)', '2099-01-01T00:00:00', '2099-01-01T00:00:00', '{"title": "The long one"}')
            """)
        for index in 0..<messages { try addMessage(path, id, index, places.contains(index) ? word : "nothing") }
    }

    private func addMessage(_ path: String, _ id: String, _ index: Int, _ text: String) throws {
        try Self.other(path).run(
            """
            INSERT INTO messages (id, thread_id, content, role, created_at, message_index, metadata, token_count)
            VALUES ('\(id)-\(index)', '\(id)', '\(text) in message \(index + 1)', 'user', '2099-01-01T00:00:00',
            \(index), '{}', 3)
            """)
    }

    @Test("S finds a word in every source, Enter opens the message, n goes on, Esc comes back")
    func search() throws {
        let directory = try CopiedStores.make("memexllm", "looopy")
        let database = directory.path("memexllm/memexllm.db")
        try addThread(database, "long", messages: 130, word: "Xylophone", at: [17, 99])
        let session = try BrowserSession(
            [database, directory.path("looopy/_agent_store")], home: directory.path, columns: 100, rows: 30)
        try session.press("2", until: "The long one")
        try session.press("S", until: "search everywhere:")
        try session.press("xylophone\r", until: "searched all 2 sources")
        try session.press("\r", until: "message 18 of 130")
        try session.press(until: "Xylophone in message 18")
        try session.press("n", until: "message 100 of 130")
        try session.press("\u{1B}", until: "searched all 2 sources")
        try session.press(until: "hit 2 of 2")
        #expect(session.end("Q") == 0)
    }

    @Test("What grows while the question is open is not deleted with the others, and is asked about anew")
    func grownWhileAsked() throws {
        let directory = try CopiedStores.make("memexllm")
        let database = directory.path("memexllm/memexllm.db")
        try addThread(database, "first", messages: 3, word: "", at: [])
        try addThread(database, "second", messages: 3, word: "", at: [])
        let session = try BrowserSession([database], home: directory.path)
        try session.press("2", until: "The long one")
        try session.press("  ", until: "2 marked")
        try session.press("d", until: "Delete 2 marked records")
        try addMessage(database, "first", 3, "Freshly added")
        try session.press("y", until: "deleted 1 of 2 records; 1 failed")
        let left = "SELECT DISTINCT thread_id FROM messages WHERE thread_id IN ('first', 'second')"
        #expect(try Self.other(database).texts(left) == ["first"])
        #expect(try Self.other(database).texts("SELECT count(*) FROM messages WHERE thread_id = 'first'") == ["4"])
        try session.press("d", until: "4 messages would go")
        try session.press("y", until: "deleted thread")
        #expect(try Self.other(database).texts(left) == [])
        #expect(session.end("Q") == 0)
    }

    @Test("F shows a conversation in a directory grow")
    func followDirectory() throws {
        let directory = try CopiedStores.make("memexllm", "looopy")
        let session = try BrowserSession([directory.path("looopy/_agent_store")], home: directory.path)
        try session.press("2", until: "About")
        try session.press("/run-102\r", until: "filter \"run-102\"")
        try session.press(until: "one thread") { $0.lines[$0.lines.count - 1].contains("1-1 of 1") }
        try session.press("\r", until: "message 1 of 35")
        try session.press("G", until: "message 35 of 35")
        try session.press("F", until: "following")
        let messages = directory.path("looopy/_agent_store/agent=data-analyst/context=run-102/messages")
        try RawFiles.write(
            "\(messages)/2099-01-01T00-00-00_000Z-035-000200.json",
            """
            {"role": "user", "content": "Freshly added", "id": "run-102-35", "contextId": "run-102", "index": 35,
            "timestamp": "2099-01-01T00:00:00.000Z"}
            """)
        try session.press(until: "Freshly added")
        try session.press(until: "message 36 of 36")
        #expect(session.end("Q") == 0)
    }

    @Test("F shows a thread of a database grow, and reads it anew when another program trims it")
    func followDatabase() throws {
        let directory = try CopiedStores.make("memexllm", "looopy")
        let database = directory.path("memexllm/memexllm.db")
        try addThread(database, "long", messages: 12, word: "word", at: [])
        let session = try BrowserSession([database], home: directory.path)
        try session.press("2", until: "The long one")
        try session.press("\r", until: "message 1 of 12")
        try session.press("G", until: "message 12 of 12")
        try session.press("F", until: "following")
        try addMessage(database, "long", 12, "Freshly added")
        try session.press(until: "Freshly added in message 13")
        try session.press(until: "message 13 of 13")
        try Self.other(database).run("DELETE FROM messages WHERE thread_id = 'long' AND message_index < 10")
        try session.press(until: "message 3 of 3")
        #expect(session.end("Q") == 0)
    }
}
