import EngineCore
import StoredRecords
import TestSupport
import Testing

@Suite(.blocks) struct ObjectNameConformance {
    /// Names that a file may have and a careless program trips over.
    static let nasty: [ObjectKey] =
        [
            "with space", " ", "'quote'", "\"double\"", "back\\slash", "new\nline", "tab\tand\u{7}bell", "-rf", "--",
            "...",
            "..x", ".hidden", "a..b", "%2e%2e", "%00", "$(touch x)", "`x`", "*?[a]", "|;&<>", "日本語/会話.json", "🙂👨‍👩‍👧",
            "e\u{301}", "\u{e9}", "\u{202e}abc", "\u{1b}[31m", "con", "a:b", "~", "#",
        ].map { ObjectKey($0) } + [
            ObjectKey(bytes: [0xFF, 0xFE]), ObjectKey(bytes: Array("caf".utf8) + [0xE9]),
            ObjectKey(bytes: [0xC3]), ObjectKey(bytes: [0xED, 0xA0, 0x80]), ObjectKey(bytes: Array("\\xff".utf8)),
            ObjectKey(bytes: [0x80] + Array("/".utf8) + [0x81]), ObjectKey(bytes: [1, 2, 0x7F]),
            ObjectKey(String(repeating: "n", count: 255)), ObjectKey(String(repeating: "é", count: 127)),
            ObjectKey((0..<20).map { "level\($0)" }.joined(separator: "/")),
        ]

    static let unusable = [
        "", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/..", "a/../b", "./a", "a/./b", "a/.", "nul\0", "\0",
    ]

    @Test(arguments: ObjectBackend.allCases)
    func `names written outside are listed and read back byte by byte`(backend: ObjectBackend) async throws {
        let harness = try backend.harness()
        let nasty = Self.nasty.filter { harness.canHold($0) && harness.mismatch($0) == nil }
        try harness.seedAll(nasty.map { ($0, $0.bytes) })
        let engine = try await harness.engine()
        let listed = try await engine.listAll(.root)
        #expect(listed.entries.map(\.key) == nasty.sorted())
        #expect(listed.notes == [])
        for key in nasty { #expect(try await engine.read(key)?.bytes.array == key.bytes, "\(key)") }
        #expect(Self.nasty.map { ObjectKey(description: $0.description) } == Self.nasty)
    }

    @Test(arguments: ObjectBackend.allCases)
    func `names are written looked up and deleted`(backend: ObjectBackend) async throws {
        let harness = try backend.harness()
        let engine = try await harness.engine()
        let nasty = Self.nasty.filter { harness.canHold($0) && harness.mismatch($0) == nil }
        for key in nasty {
            let written = try await engine.write(key, StoredBytes(key.bytes), condition: .ifAbsent)
            #expect(try await engine.stat(key) == written)
        }
        for key in Self.nasty where !harness.canHold(key) {
            await expectFailure(.invalid) { try await engine.write(key, StoredBytes("x")) }
            #expect(try await engine.stat(key) == nil)
            #expect(try await engine.read(key) == nil)
        }
        #expect(try await engine.listAll(.root).entries.map(\.key) == nasty.sorted())
        let deletions = try await engine.delete(Self.nasty, pruning: .root)
        #expect(deletions == Self.nasty.map { ObjectDeletion(key: $0) })
        #expect(try await engine.listAll(.root, isDelimited: true).entries == [])
    }

    @Test(arguments: ObjectBackend.allCases)
    func `a name that a server is known to lose is still lost`(backend: ObjectBackend) async throws {
        let harness = try backend.harness()
        let engine = try await harness.engine()
        for key in Self.nasty {
            guard let reason = harness.mismatch(key) else { continue }
            await withKnownIssue("\(key): \(reason)") {
                try await engine.write(key, StoredBytes(key.bytes))
                #expect(try await engine.read(key)?.bytes.array == key.bytes)
                #expect(try await engine.listAll(.root).entries.map(\.key) == [key])
            }
        }
        #expect(Self.nasty.count > Self.nasty.filter { harness.mismatch($0) != nil }.count)
    }

    @Test(arguments: ObjectBackend.allCases, unusable)
    func `an unusable name is refused by every call`(backend: ObjectBackend, name: String) async throws {
        let harness = try backend.harness()
        try harness.seed(["a/b", "b"])
        let engine = try await harness.engine()
        let key = ObjectKey(name)
        await expectFailure(.invalid) { try await engine.stat(key) }
        await expectFailure(.invalid) { try await engine.read(key) }
        await expectFailure(.invalid) { try await engine.write(key, StoredBytes("x")) }
        let many = try await engine.readMany([key, ObjectKey("b")])
        #expect(throws: StorageError.self) { try many[0].get() }
        #expect(try many[1].get()?.bytes.text == "content of b")
        let deletions = try await engine.delete([key, ObjectKey("b")], pruning: nil)
        #expect(deletions.map { $0.failure?.kind } == [.invalid, nil])
    }

    @Test(arguments: ObjectBackend.allCases, ["../", "a/../", "/", "a//", "./", "a/./b", "x\0"])
    func `an unusable prefix is refused`(backend: ObjectBackend, prefix: String) async throws {
        let harness = try backend.harness()
        let engine = try await harness.engine()
        await expectFailure(.invalid) { try await engine.list(ObjectListing(prefix: ObjectKey(prefix))) }
    }

    @Test(arguments: ObjectBackend.allCases)
    func `a name longer than the backend allows is missing and cannot be written`(
        backend: ObjectBackend
    ) async throws {
        let harness = try backend.harness()
        let engine = try await harness.engine()
        guard let longest = harness.longestPart else {
            let key = ObjectKey(String(repeating: "n", count: 10_000))
            try await engine.write(key, StoredBytes("x"))
            #expect(try await engine.read(key)?.bytes.text == "x")
            return
        }
        for name in [String(repeating: "n", count: longest + 1), String(repeating: "n", count: longest + 1) + "/x"] {
            #expect(try await engine.stat(ObjectKey(name)) == nil)
            #expect(try await engine.read(ObjectKey(name)) == nil)
            await expectFailure(.invalid) { try await engine.write(ObjectKey(name), StoredBytes("x")) }
        }
        #expect(try await engine.list(ObjectListing()).entries == [])
    }
}
