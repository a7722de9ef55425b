import CPostgres
import EngineCore
import PostgresEngine
import StoredRecords
import TestSupport

/// A database of a test's own on the server of `CTXBROWSE_TEST_POSTGRES`.
struct PostgresHarness: RowHarness {
    let database: PostgresDatabase
    let types = ColumnTypes(
        integer: "bigint", real: "double precision", text: "text", bytes: "bytea", hasFreeText: false)
    static let endless = SQLStatement(
        "WITH RECURSIVE n(x) AS (SELECT 1::bigint UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n")

    var endlessQuery: SQLStatement { Self.endless }

    init() throws {
        database = try PostgresDatabase()
    }

    func engine(_ options: EngineOptions) async throws -> any RowEngine {
        try await PostgresEngine(location: database.location, options: options)
    }

    func run(_ text: String) throws { try database.run(text) }
}
