import EngineCore
import StoredRecords
import TestSupport
import Testing

@Suite(.blocks) struct ObjectListingConformance {
    private static let keys = [
        "!", "a", "a!", "a-b", "a.b/deep/er", "a.txt", "a0", "b/1", "b/10", "b/2", "b/c/1", "b/c/2", "b-", "b0/x", "z",
        "ä/日本", "🙂",
    ]

    private static var ordered: [String] {
        keys.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
    }

    private func pages(
        _ engine: any ObjectEngine, _ prefix: String, isDelimited: Bool, limit: Int
    ) async throws -> [[String]] {
        var pages: [[String]] = []
        var after: ObjectKey?
        repeat {
            let page = try await engine.list(
                ObjectListing(prefix: ObjectKey(prefix), isDelimited: isDelimited, after: after, limit: limit))
            pages.append(page.entries.map(\.key.description))
            after = page.next
        } while after != nil
        return pages
    }

    @Test(arguments: ObjectBackend.allCases)
    func `an empty store lists nothing`(backend: ObjectBackend) async throws {
        let harness = try backend.harness()
        let engine = try await harness.engine()
        #expect(try await engine.list(ObjectListing()) == ObjectPage(entries: []))
        #expect(try await engine.list(ObjectListing(prefix: ObjectKey("no/such/"), isDelimited: true)).entries == [])
    }

    @Test(arguments: ObjectBackend.allCases)
    func `keys come in byte order of the whole key`(backend: ObjectBackend) async throws {
        let harness = try backend.harness()
        try harness.seed(Self.keys)
        let listed = try await harness.engine().listAll(.root)
        #expect(listed.entries.map(\.key.description) == Self.ordered)
        #expect(listed.notes == [])
    }

    @Test(arguments: ObjectBackend.allCases)
    func `a delimited listing groups what is below the next slash`(backend: ObjectBackend) async throws {
        let harness = try backend.harness()
        try harness.seed(Self.keys)
        let engine = try await harness.engine()
        let top = try await engine.listAll(.root, isDelimited: true).entries
        #expect(
            top.map(\.key.description) == [
                "!", "a", "a!", "a-b", "a.b/", "a.txt", "a0", "b-", "b/", "b0/", "z", "ä/", "🙂",
            ])
        let groups = top.compactMap { if case .prefix(let key) = $0 { key.description } else { nil } }
        #expect(groups == ["a.b/", "b/", "b0/", "ä/"])
        let below = try await engine.listAll(ObjectKey("b/"), isDelimited: true).entries
        #expect(below.map(\.key.description) == ["b/1", "b/10", "b/2", "b/c/"])
    }

    @Test(arguments: ObjectBackend.allCases)
    func `a prefix may end in the middle of a name`(backend: ObjectBackend) async throws {
        let harness = try backend.harness()
        try harness.seed(Self.keys)
        let engine = try await harness.engine()
        #expect(try await engine.listAll(ObjectKey("b/1")).entries.map(\.key.description) == ["b/1", "b/10"])
        #expect(
            try await engine.listAll(ObjectKey("a"), isDelimited: true).entries.map(\.key.description)
                == ["a", "a!", "a-b", "a.b/", "a.txt", "a0"])
        #expect(try await engine.listAll(ObjectKey("b/c")).entries.map(\.key.description) == ["b/c/1", "b/c/2"])
    }

    @Test(arguments: ObjectBackend.allCases, ["", "b/", "a", "b"])
    func `pages of every size join to the whole list`(backend: ObjectBackend, prefix: String) async throws {
        let harness = try backend.harness()
        try harness.seed(Self.keys)
        let engine = try await harness.engine()
        for isDelimited in [false, true] {
            let whole = try await engine.listAll(ObjectKey(prefix), isDelimited: isDelimited).entries
                .map(\.key.description)
            #expect(!whole.isEmpty)
            for limit in 1...whole.count + 1 {
                let pages = try await pages(engine, prefix, isDelimited: isDelimited, limit: limit)
                #expect(Array(pages.joined()) == whole, "limit \(limit), delimited \(isDelimited)")
                #expect(pages.dropLast().allSatisfy { $0.count == limit })
                #expect(pages.count == max(1, (whole.count + limit - 1) / limit), "limit \(limit)")
            }
        }
    }

    @Test(arguments: ObjectBackend.allCases)
    func `a cursor survives inserts and the deletion of its own key`(backend: ObjectBackend) async throws {
        let harness = try backend.harness()
        try harness.seed(["b", "d", "f", "h/1", "h/2"])
        let engine = try await harness.engine()
        let first = try await engine.list(ObjectListing(limit: 2))
        #expect(first.entries.map(\.key.description) == ["b", "d"])
        try harness.seed(["a", "c", "e", "h/0"])
        _ = try await engine.delete([ObjectKey("d")], pruning: nil)
        let rest = try await engine.list(ObjectListing(after: first.next, limit: 10))
        #expect(rest.entries.map(\.key.description) == ["e", "f", "h/0", "h/1", "h/2"])
    }

    @Test(arguments: ObjectBackend.allCases)
    func `a listing goes on while objects are deleted behind and before it`(backend: ObjectBackend) async throws {
        let harness = try backend.harness()
        let keys = (0..<30).map { "dir/k\($0 / 10)\($0 % 10)" }
        try harness.seed(keys)
        let engine = try await harness.engine()
        var after: ObjectKey?
        var seen: [String] = []
        repeat {
            let page = try await engine.list(ObjectListing(after: after, limit: 7))
            seen += page.entries.map(\.key.description)
            _ = try await engine.delete(page.entries.map(\.key) + [ObjectKey("dir/k29")], pruning: .root)
            after = page.next
        } while after != nil
        #expect(seen == keys.dropLast())
        #expect(try await engine.list(ObjectListing()).entries == [])
    }

    @Test(arguments: ObjectBackend.allCases)
    func `what a listing says of an object is what a look-up says`(backend: ObjectBackend) async throws {
        let harness = try backend.harness()
        try harness.seed(Self.keys)
        let engine = try await harness.engine()
        for case .object(let info) in try await engine.listAll(.root).entries {
            #expect(try await engine.stat(info.key) == info)
            #expect(info.size == Int64("content of \(info.key)".utf8.count))
            #expect(info.modified != nil)
        }
    }
}
