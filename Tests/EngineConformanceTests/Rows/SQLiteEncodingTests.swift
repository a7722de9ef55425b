import EngineCore
import SQLiteEngine
import StoredRecords
import TestSupport
import Testing

/// Databases that store text as UTF-16.
@Suite(.blocks) struct SQLiteEncodingTests {
    /// Code units as little-endian hexadecimal bytes: lone surrogates in every
    /// place, a pair, marks of byte order, characters that are none, NUL.
    private static let texts = [
        "", "6100", "00D8", "00DC", "6100 00D8", "00D8 6100", "41D8 41D8 00DC", "00DC 00D8", "3DD8 42DE", "FFFE",
        "FFFE FFFE 00D8", "FEFF", "FEFF 00DC", "FFFF", "0000 00D8 0000", "6100 0000", "E500 2026 00DF",
    ].map { $0.split(separator: " ").joined() }

    @Test(arguments: ["UTF-16le", "UTF-16be", "UTF-8"])
    func `text is written back with every byte it had`(_ encoding: String) async throws {
        let directory = try TemporaryDirectory()
        let database = try RawDatabase(directory.path("t.db"))
        try database.run("PRAGMA encoding = '\(encoding)'")
        try database.run("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT); CREATE TABLE back (id INTEGER, v TEXT)")
        for text in Self.texts {
            // The bytes of each unit change places where the other end comes first.
            let units = stride(from: 0, to: text.count, by: 4).map { Array(text)[$0..<$0 + 4] }
            let bytes = encoding == "UTF-16be" ? units.map { $0.suffix(2) + $0.prefix(2) } : units.map { $0 + [] }
            try database.run("INSERT INTO t (v) VALUES (CAST(x'\(String(bytes.joined()))' AS TEXT))")
        }
        let engine = try await SQLiteEngine(path: directory.path("t.db"))
        let rows = try await engine.query(SQLStatement("SELECT id, v FROM t ORDER BY id"))
        try await engine.transaction("copy") { transaction throws(StorageError) in
            for row in rows { try transaction.execute(SQLStatement("INSERT INTO back VALUES (?, ?)", row.values)) }
        }
        for row in rows {
            let found = try await engine.query(SQLStatement("SELECT id FROM t WHERE v = ?", [row[1]]))
            #expect(found.map { $0[0] } == [row[0]])
        }
        await engine.close()
        let stored = "SELECT id || typeof(v) || hex(CAST(v AS BLOB)) FROM"
        #expect(try database.texts("\(stored) back ORDER BY id") == database.texts("\(stored) t ORDER BY id"))
    }
}
