import EngineCore
import StoredLayouts
import StoredRecords
import TestSupport
import Testing

/// Other programs add and delete records between the pages of a list: what is
/// there all the time is shown once and only once.
@Suite(.blocks) struct ChangingListTests {
    private static let names = (0..<60).map { "k\(10 + $0)" }

    /// Pages through everything while, after each page, a record that was
    /// shown and one that was not go, and one comes before and one behind.
    private func page(
        _ kind: RecordKind, _ layout: any RecordLayout,
        _ change: (_ gone: [String], _ come: [String]) async throws -> Void
    ) async throws {
        var shown: [String] = []
        var start = PageRequest.Start.first
        var gone: Set<String> = []
        var turn = 0
        while true {
            let page = try await layout.list(
                RecordQuery(kind, sort: RecordSort(.key, descending: false), page: PageRequest(start, limit: 7)))
            shown += page.items.map(\.id.key)
            guard let next = page.next else { break }
            start = .after(next)
            guard turn < 4 else { continue }
            let going = [shown[shown.count - 1 - turn], Self.names[59 - turn]]
            gone.formUnion(going)
            try await change(going, ["a\(turn)", "z\(turn)"])
            turn += 1
        }
        #expect(Set(shown).count == shown.count, "shown twice")
        #expect(Set(Self.names).subtracting(gone).isSubset(of: shown), "not shown")
        #expect((0..<4).allSatisfy { shown.contains("z\($0)") })
        #expect(shown == shown.sorted())
    }

    @Test(arguments: ObjectPlace.Kind.allCases)
    func `indexes that come and go while they are paged`(kind: ObjectPlace.Kind) async throws {
        func objects(_ name: String) -> [(key: String, bytes: [UInt8])] {
            ["search.json", "state.json"].map {
                (
                    "indexes/\(name)/\($0)",
                    Array(#"{"version":1,"contextState":{"mode":"full","blobs":[]},"source":{"type":"github"}}"#.utf8)
                )
            }
        }
        let place = try await ObjectPlace(kind, Self.names.flatMap(objects))
        let layouts = try await LayoutDetection.detect(.objects(place.engine), .test())
        let layout = try #require(layouts.first { $0.kinds.contains(.index) })
        try await page(.index, layout) { gone, come in
            _ = try await place.engine.delete(gone.flatMap(objects).map { ObjectKey($0.key) }, pruning: nil)
            for (key, bytes) in come.flatMap(objects) {
                try await place.engine.write(ObjectKey(key), StoredBytes(bytes), condition: .ifAbsent)
            }
        }
    }

    @Test(.usesRedis, arguments: KeyBackend.wantedOnce)
    func `threads that come and go while they are paged`(backend: KeyBackend) async throws {
        let harness = try backend.harness()
        let thread = #"{"metadata":{},"messages":[{"role":"user","content":"hello"}]}"#
        for name in Self.names { try harness.seed("thread:\(name)", thread) }
        let engine = try await harness.engine()
        let layouts = try await LayoutDetection.detect(.keys(engine), .test())
        let layout = try #require(layouts.first { $0.kinds.contains(.thread) })
        try await page(.thread, layout) { gone, come in
            for name in come { try harness.seed("thread:\(name)", thread) }
            for name in gone {
                let keys = [StoredKey("thread:\(name)")]
                try await engine.commit(keys.map { .delete($0) }, expecting: [])
            }
        }
        await engine.close()
    }
}
