import EngineCore
import SQLiteEngine
import StoredRecords
import TestSupport
import Testing

/// One database under test: engines on it, and SQL run on it without them.
protocol RowHarness: Sendable {
    /// Another engine on the same database.
    func engine(_ options: EngineOptions) async throws -> any RowEngine
    /// Runs SQL through the vendor's own interface.
    func run(_ text: String) throws
    var types: ColumnTypes { get }
    /// A query that never ends by itself.
    var endlessQuery: SQLStatement { get }
}

/// What the dialect calls the types the suite needs.
struct ColumnTypes: Sendable {
    var integer: String
    var real: String
    var text: String
    var bytes: String
    /// Whether text may hold NUL and bytes that are not UTF-8.
    var hasFreeText: Bool
}

extension RowHarness {
    func engine() async throws -> any RowEngine { try await engine(EngineOptions()) }

    /// `items(id, name)` with the names `n0`, `n1` ...
    func seedItems(_ count: Int) throws {
        try run("CREATE TABLE items (id \(types.integer) PRIMARY KEY, name \(types.text))")
        guard count > 0 else { return }
        try run("INSERT INTO items VALUES " + (0..<count).map { "(\($0), 'n\($0)')" }.joined(separator: ","))
    }
}

/// Every backend that the row suite runs on.
enum RowBackend: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case sqliteRollbackJournal
    case sqliteWriteAhead
    case postgres

    /// Those whose server runs, and those whose missing server is a failure.
    static var allCases: [RowBackend] {
        let local: [RowBackend] = [.sqliteRollbackJournal, .sqliteWriteAhead]
        return TestServer.postgres.isWanted ? local + [.postgres] : local
    }

    var testDescription: String { rawValue }

    func harness() throws -> any RowHarness {
        switch self {
        case .sqliteRollbackJournal: try SQLiteHarness(journalMode: "delete")
        case .sqliteWriteAhead: try SQLiteHarness(journalMode: "wal")
        case .postgres: try PostgresHarness()
        }
    }
}

struct SQLiteHarness: RowHarness {
    let directory: TemporaryDirectory
    let path: String
    let types = ColumnTypes(integer: "INTEGER", real: "REAL", text: "TEXT", bytes: "BLOB", hasFreeText: true)
    let endlessQuery = SQLStatement(
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n")

    init(journalMode: String) throws {
        directory = try TemporaryDirectory()
        path = directory.path("it's 100% a #1 db?.sqlite")
        try RawDatabase(path).run("PRAGMA journal_mode = \(journalMode); VACUUM")
    }

    func engine(_ options: EngineOptions) async throws -> any RowEngine {
        try await SQLiteEngine(path: path, options: options)
    }

    func run(_ text: String) throws { try RawDatabase(path).run(text) }

    /// What is stored, apart from the content of `-shm` files, which is none.
    func storedFiles() throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for name in RawFiles.names(directory.path) {
            files[name] = name.hasSuffix("-shm") ? [] : try RawFiles.read(directory.path(name))
        }
        return files
    }
}
