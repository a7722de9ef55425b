import EngineCore
import StoredRecords
import TestSupport
import Testing

@Suite(.usesPostgres) struct RowValueConformance {
    private static let integers: [Int64] = [0, 1, -1, 127, -128, 1 << 31, 1 << 53, (1 << 53) + 1, .max, .min]
    private static let reals: [Double] = [
        0, 1, -1.5, 0.1, 1.0 / 3.0, .pi, .greatestFiniteMagnitude, .leastNonzeroMagnitude, -.leastNormalMagnitude,
        1e15, 9_007_199_254_740_994, .infinity,
    ]
    private static let texts = [
        "", " ", "null", "a'b\"c", "line\nbreak\r\t", "日本語", "🙂👨‍👩‍👧", "e\u{301}", "\u{FEFF}x", "\u{1b}[31m", "0", "1e5",
        String(repeating: "long ", count: 50_000),
    ]
    private static let blobs: [[UInt8]] = [
        [], [0], [0xFF, 0xFE], Array("text".utf8), Array(repeating: 7, count: 100_000),
    ]

    private func roundTrip(
        _ harness: any RowHarness, _ type: String, _ values: [StoredValue]
    ) async throws -> [StoredValue] {
        try harness.run("CREATE TABLE t (id \(harness.types.integer) PRIMARY KEY, v \(type))")
        let engine = try await harness.engine()
        try await engine.transaction("insert") { transaction throws(StorageError) in
            for (number, value) in values.enumerated() {
                try transaction.execute(
                    SQLStatement("INSERT INTO t VALUES (?, ?)", [.integer(Int64(number)), value]))
            }
        }
        let back = try await engine.query(SQLStatement("SELECT v FROM t ORDER BY id")).map { $0[0] }
        for (number, value) in values.enumerated() where !value.isNull {
            let found = try await engine.query(SQLStatement("SELECT id FROM t WHERE v = ?", [value]))
            #expect(found.map { $0[0] } == [.integer(Int64(number))], "\(value) is found by its value")
        }
        return back
    }

    @Test(arguments: RowBackend.allCases)
    func `integers come back exactly`(backend: RowBackend) async throws {
        let harness = try backend.harness()
        let values = Self.integers.map { StoredValue.integer($0) }
        #expect(try await roundTrip(harness, harness.types.integer, values) == values)
    }

    @Test(arguments: RowBackend.allCases)
    func `reals come back exactly and as reals`(backend: RowBackend) async throws {
        let harness = try backend.harness()
        let values = Self.reals.map { StoredValue.real($0) }
        #expect(try await roundTrip(harness, harness.types.real, values) == values)
    }

    @Test(arguments: RowBackend.allCases)
    func `text comes back byte by byte`(backend: RowBackend) async throws {
        let harness = try backend.harness()
        let values = Self.texts.map { StoredValue.text($0) }
        let back = try await roundTrip(harness, harness.types.text, values)
        #expect(back.map(\.storedBytes) == values.map(\.storedBytes))
        #expect(back.allSatisfy { $0.text != nil })
    }

    @Test(arguments: RowBackend.allCases)
    func `bytes come back byte by byte`(backend: RowBackend) async throws {
        let harness = try backend.harness()
        let values = Self.blobs.map { StoredValue.bytes($0) }
        #expect(try await roundTrip(harness, harness.types.bytes, values) == values)
    }

    @Test(arguments: RowBackend.allCases)
    func `null empty text and empty bytes are three things`(backend: RowBackend) async throws {
        let harness = try backend.harness()
        let types = harness.types
        try harness.run("CREATE TABLE t (a \(types.text), b \(types.text), c \(types.bytes), d \(types.bytes))")
        let engine = try await harness.engine()
        try await engine.transaction("insert") { transaction throws(StorageError) in
            try transaction.execute(
                SQLStatement("INSERT INTO t VALUES (?, ?, ?, ?)", [.null, .text(""), .null, .bytes([])]))
        }
        let row = try #require(try await engine.query(SQLStatement("SELECT a, b, c, d FROM t")).first)
        #expect(row.values == [.null, .text(""), .null, .bytes([])])
    }

    @Test(arguments: RowBackend.allCases)
    func `text that is not UTF-8 or holds NUL is kept as it is`(backend: RowBackend) async throws {
        let harness = try backend.harness()
        guard harness.types.hasFreeText else { return }
        let values: [StoredValue] = [
            .invalidText([0xFF]), .invalidText(Array("caf".utf8) + [0xE9]), .invalidText([0xED, 0xA0, 0x80]),
            .text("a\0b"), .text("\0"), .invalidText([0, 0xFF, 0]),
        ]
        let back = try await roundTrip(harness, harness.types.text, values)
        #expect(back == values)
    }

    @Test(arguments: RowBackend.allCases)
    func `values written outside are read as they are`(backend: RowBackend) async throws {
        let harness = try backend.harness()
        guard harness.types.hasFreeText else { return }
        // In SQLite any column holds any type, whatever it was declared as.
        try harness.run(
            "CREATE TABLE t (v INTEGER); INSERT INTO t VALUES ('text'), (1.5), (x'00ff'), (NULL), (CAST(x'ff' AS TEXT))"
        )
        let engine = try await harness.engine()
        let values = try await engine.query(SQLStatement("SELECT v FROM t")).map { $0[0] }
        #expect(values == [.text("text"), .real(1.5), .bytes([0, 0xFF]), .null, .invalidText([0xFF])])
    }
}
