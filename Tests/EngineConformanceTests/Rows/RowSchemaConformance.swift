import EngineCore
import StoredRecords
import TestSupport
import Testing

/// What an engine tells of references and triggers.
@Suite(.usesPostgres) struct RowSchemaConformance {
    @Test(arguments: RowBackend.allCases)
    func `the foreign keys that refer to a table are told with their columns and what a deletion does`(
        backend: RowBackend
    ) async throws {
        let harness = try backend.harness()
        let number = harness.types.integer
        try harness.run("CREATE TABLE kept (a \(number), b \(number), c \(number) UNIQUE, PRIMARY KEY (b, a))")
        try harness.run("CREATE TABLE tree (id \(number) PRIMARY KEY, up \(number) REFERENCES tree ON DELETE SET NULL)")
        try harness.run("CREATE TABLE apart (id \(number) REFERENCES tree (id) ON DELETE CASCADE)")
        try harness.run(
            """
            CREATE TABLE "a ""b" (x \(number), y \(number) DEFAULT 1, z \(number), \
            FOREIGN KEY (x, y) REFERENCES KEPT ON DELETE CASCADE, \
            FOREIGN KEY (z, "y") REFERENCES kept (a, b) ON DELETE SET DEFAULT, \
            FOREIGN KEY (z) REFERENCES kept (c))
            """)
        try harness.run("CREATE TABLE shut (c \(number) REFERENCES kept (c) ON DELETE RESTRICT)")
        let engine = try await harness.engine()
        let tables = try await engine.tables()
        func references(to names: [String]) async throws -> Set<TableReference> {
            Set(try await engine.references(to: tables.filter { names.contains($0.name) }))
        }
        func key(
            _ table: String, _ columns: [String], _ target: String, _ others: [String],
            _ action: TableReference.DeleteAction
        ) -> TableReference {
            TableReference(table: table, columns: columns, target: target, targetColumns: others, onDelete: action)
        }
        let ofKept: Set = [
            key("a \"b", ["x", "y"], "kept", ["b", "a"], .cascade),
            key("a \"b", ["z", "y"], "kept", ["a", "b"], .setDefault),
            key("a \"b", ["z"], "kept", ["c"], .nothing), key("shut", ["c"], "kept", ["c"], .nothing),
        ]
        let ofTree: Set = [
            key("tree", ["up"], "tree", ["id"], .setNull), key("apart", ["id"], "tree", ["id"], .cascade),
        ]
        #expect(try await references(to: ["kept"]) == ofKept)
        #expect(try await references(to: ["tree"]) == ofTree)
        #expect(try await references(to: ["kept", "tree"]) == ofKept.union(ofTree))
        #expect(try await references(to: ["apart"]).isEmpty)
        #expect(try await references(to: []).isEmpty)
    }

    @Test(arguments: RowBackend.allCases)
    func `tables with triggers are told from those without`(backend: RowBackend) async throws {
        let harness = try backend.harness()
        for name in ["one", "two"] { try harness.run("CREATE TABLE \(name) (id \(harness.types.integer))") }
        let engine = try await harness.engine()
        let tables = try await engine.tables()
        #expect(try await engine.triggered(of: tables).isEmpty)
        if engine.dialect.hasSchemas {
            try harness.run(
                "CREATE FUNCTION act() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$")
            try harness.run("CREATE TRIGGER act AFTER INSERT ON two FOR EACH ROW EXECUTE FUNCTION act()")
        } else {
            try harness.run("CREATE TRIGGER act AFTER INSERT ON TWO BEGIN SELECT 1; END")
        }
        #expect(try await engine.triggered(of: tables).map(\.name) == ["two"])
        #expect(try await engine.triggered(of: []).isEmpty)
    }

    @Test(.enabled(if: TestServer.postgres.isWanted, "PostgreSQL runs"))
    func `references to a partitioned table and to its parts are told once, with the schema they are in`() async throws
    {
        let harness = try RowBackend.postgres.harness()
        for text in [
            "CREATE SCHEMA s", "CREATE TABLE kept (id int PRIMARY KEY) PARTITION BY RANGE (id)",
            "CREATE TABLE low PARTITION OF kept FOR VALUES FROM (0) TO (10)",
            "CREATE TABLE high PARTITION OF kept FOR VALUES FROM (10) TO (20)",
            "CREATE TABLE s.refers (kept int REFERENCES kept ON DELETE CASCADE)",
            "CREATE TABLE direct (low int REFERENCES low ON DELETE SET NULL)",
        ] { try harness.run(text) }
        let engine = try await harness.engine()
        let kept = try #require(try await engine.tables().first { $0.name == "kept" })
        let references = try await engine.references(to: [kept]).sorted { $0.table < $1.table }
        #expect(references.map(\.path) == [["direct"], ["s", "refers"]])
        #expect(references.map(\.table) == ["direct", "s.refers"])
        #expect(references.map(\.target) == ["kept", "kept"])
        #expect(references.map(\.onDelete) == [.setNull, .cascade])
    }
}
