import EngineCore
import PostgresEngine
import SQLiteEngine
import StoredLayouts
import StoredRecords
import Synchronization
import TestSupport
import Testing

/// A database of a test's own in MemexLLM's layout, with what keeps it alive.
struct MemexPlace: Sendable {
    enum Kind: String, CaseIterable, Sendable {
        case file, memory, postgres

        /// Those that can run here; a server that must be there and is not fails the tests.
        static var allCases: [Kind] { [.memory] + engines }

        /// One of each engine, the quickest of SQLite's.
        static var everyEngine: [Kind] { engines.map { $0 == .file ? .memory : $0 } }

        /// One of each engine.
        static var engines: [Kind] {
            TestServer.postgres.isWanted ? [.file, .postgres] : [.file]
        }
    }

    /// When the tests look at the store: days after the last save of the fixture.
    static let now = Timestamp(seconds: 1_760_000_000)

    let engine: any RowEngine
    let directory: TemporaryDirectory
    /// On a server, the database with the tables.
    var database: PostgresDatabase?
    var path: String { directory.path("memexllm.db") }

    /// The store the real library wrote: 14 threads, 523 messages.
    static func fixture(_ kind: Kind = .file, readOnly: Bool = false) async throws -> MemexPlace {
        let directory = try TemporaryDirectory()
        let path = directory.path("memexllm.db")
        let file = #filePath
        let folder = file[..<(file.lastIndex(of: "/") ?? file.endIndex)]
        try RawFiles.write(path, try RawFiles.read("\(folder)/Fixtures/memexllm/memexllm.db"))
        let engine = try await SQLiteEngine(path: path, options: EngineOptions(readOnly: readOnly))
        if kind == .file { return MemexPlace(engine: engine, directory: directory) }
        if kind == .postgres {
            var place = try await empty(.postgres)
            try await place.takeOver(engine)
            if readOnly { try await place.reopen(EngineOptions(readOnly: true)) }
            return place
        }
        let memory = try await SQLiteEngine.inMemory()
        let place = MemexPlace(engine: memory, directory: directory)
        for row in try await engine.query(SQLStatement("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")) {
            try await place.run(row[0].text ?? "")
        }
        for table in ["threads", "messages"] {
            let rows = try await engine.query(SQLStatement("SELECT rowid, * FROM \(table) ORDER BY rowid"))
            try await memory.transaction("copy") { transaction throws(StorageError) in
                for row in rows {
                    let names = row.columns.joined(separator: ", ")
                    let marks = row.values.map { _ in "?" }.joined(separator: ", ")
                    try transaction.execute(
                        SQLStatement("INSERT INTO \(table) (\(names)) VALUES (\(marks))", row.values))
                }
            }
        }
        await engine.close()
        return place
    }

    /// Tables without the constraints of the real ones, so that anything can be stored.
    static func lax(_ statements: [String] = []) async throws -> MemexPlace {
        let place = MemexPlace(engine: try await SQLiteEngine.inMemory(), directory: try TemporaryDirectory())
        try await place.run("CREATE TABLE threads (id TEXT, created_at TIMESTAMP, updated_at TIMESTAMP, metadata TEXT)")
        try await place.run(
            """
            CREATE TABLE messages (id TEXT, thread_id TEXT, content, role, created_at TIMESTAMP, metadata TEXT, \
            token_count, message_index)
            """)
        for statement in statements { try await place.run(statement) }
        return place
    }

    /// The real tables with a thread `s` of 3 messages and a thread `t` of 6.
    static func withTwoThreads(_ kind: Kind) async throws -> MemexPlace {
        let place = try await empty(kind)
        try await place.addThread("s", messages: 3)
        try await place.addThread("t", messages: 6)
        return place
    }

    /// The real tables, empty.
    static func empty(_ kind: Kind = .memory) async throws -> MemexPlace {
        let database = kind == .postgres ? try PostgresDatabase() : nil
        let directory = try TemporaryDirectory()
        let engine: any RowEngine
        if let database {
            engine = try await PostgresEngine(location: database.location)
        } else if kind == .file {
            engine = try await SQLiteEngine(path: directory.path("memexllm.db"), create: true)
        } else {
            engine = try await SQLiteEngine.inMemory()
        }
        let place = MemexPlace(engine: engine, directory: directory, database: database)
        _ = try await MemexRowsLayout.create(in: place.engine, context())
        return place
    }

    /// Another engine on the same server's database.
    private mutating func reopen(_ options: EngineOptions) async throws {
        guard let database else { return }
        await engine.close()
        self = MemexPlace(
            engine: try await PostgresEngine(location: database.location, options: options), directory: directory,
            database: database)
    }

    /// Copies the rows of both tables.
    private func takeOver(_ other: any RowEngine) async throws {
        for table in ["threads", "messages"] {
            let rows = try await other.query(SQLStatement("SELECT * FROM \(table) ORDER BY rowid"))
            try await engine.transaction("copy") { transaction throws(StorageError) in
                for row in rows {
                    let names = row.columns.joined(separator: ", ")
                    let marks = row.values.map { _ in "?" }.joined(separator: ", ")
                    try transaction.execute(
                        SQLStatement("INSERT INTO \(table) (\(names)) VALUES (\(marks))", row.values))
                }
            }
        }
        await other.close()
    }

    static func context(maxMessages: Int? = nil, now: Timestamp = now) -> LayoutContext {
        LayoutContext(
            source: "test", options: LayoutOptions(maxMessages: maxMessages), clock: Clock(now: { now }))
    }

    func layout(maxMessages: Int? = nil, now: Timestamp = now) async throws -> MemexRowsLayout {
        try await Self.layout(engine, Self.context(maxMessages: maxMessages, now: now))
    }

    /// The layout that is found in the database.
    static func layout(
        _ engine: any RowEngine, _ context: LayoutContext = context()
    ) async throws -> MemexRowsLayout {
        let found = try await MemexRowsLayout.detect(engine, context)
        return try #require(found.first as? MemexRowsLayout)
    }

    func run(_ text: String, _ values: [StoredValue] = []) async throws {
        try await engine.transaction("prepare") { transaction throws(StorageError) in
            _ = try transaction.execute(SQLStatement(text, values))
        }
    }

    /// Every row of both tables with its number, as text that shows each type.
    func dump() async throws -> [String] {
        var lines: [String] = []
        for table in ["threads", "messages"] {
            let text =
                engine.dialect.rowIdentity.map { "SELECT \($0), * FROM \(table) ORDER BY \($0)" }
                ?? "SELECT * FROM \(table) ORDER BY id"
            for row in try await engine.query(SQLStatement(text)) {
                lines.append(table + " " + row.values.map { "\($0)" }.joined(separator: " | "))
            }
        }
        return lines
    }

    /// A thread with so many messages `ID-0`, `ID-1` ... of the real form.
    func addThread(
        _ id: String, messages: Int, updated: String = "2025-03-01T08:00:00.249523+00:00",
        roles: [String] = ["user", "assistant"], metadata: String = "{}"
    ) async throws {
        try await run(
            "INSERT INTO threads VALUES (?, ?, ?, ?)",
            [.text(id), .text("2025-03-01T08:00:00+00:00"), .text(updated), .text(metadata)])
        try await engine.transaction("prepare") { transaction throws(StorageError) in
            for index in 0..<messages {
                try transaction.execute(
                    SQLStatement(
                        "INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                        [
                            .text("\(id)-\(index)"), .text(id), .text("message \(index)"),
                            .text(roles[index % roles.count]), .text("2025-03-01T08:00:00+00:00"), .text("{}"),
                            .integer(Int64(index)), .integer(Int64(index)),
                        ]))
            }
        }
    }
}

/// A recovery entry kept in memory.
final class MemexRecorder: RecoveryRecorder, RecoveryEntry {
    struct State: Sendable {
        var items: [RecoveryItem] = []
        var isSealed = false
        /// Fails the record with this number.
        var failsAt: Int?
    }

    let state: Mutex<State>
    let record: RecordID
    let request: ChangeRequest

    init(_ plan: ChangePlan, failsAt: Int? = nil) {
        record = plan.target.id
        request = plan.request
        state = Mutex(State(failsAt: failsAt))
    }

    func record(_ item: RecoveryItem) throws(StorageError) {
        let fails = state.withLock { state in
            if state.failsAt == state.items.count { return true }
            state.items.append(item)
            return false
        }
        if fails { throw StorageError(.full, operation: "record", place: "test", reason: "the journal is full") }
    }

    func seal() throws(StorageError) {
        state.withLock { $0.isSealed = true }
    }

    func items(_ receive: (RecoveryItem) throws(StorageError) -> StreamControl) throws(StorageError) {
        for item in state.withLock({ $0.items }) where try receive(item) == .stop { return }
    }

    var isSealed: Bool { state.withLock { $0.isSealed } }
    var isEmpty: Bool { state.withLock { $0.items.isEmpty } }
}
