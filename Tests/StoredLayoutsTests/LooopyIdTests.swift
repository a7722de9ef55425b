import EngineCore
import StoredRecords
import TestSupport
import Testing

@testable import StoredLayouts

/// Two spellings of one letter are two ids, though Swift takes them for equal.
@Suite(.blocks) struct LooopyIdTests {
    @Test(arguments: [("caf\u{E9}", "cafe\u{301}"), ("\u{C5}", "\u{212B}")])
    func `the context that is named is deleted, not the one that looks the same`(pair: (String, String)) async throws {
        for (named, other) in [pair, (pair.1, pair.0)] {
            let store = try await LooopyTestStore(.memory)
            for (context, roles) in [(named, "uau"), (other, "ua")] {
                for (key, bytes) in LooopyTestStore.thread(roles, context: context) {
                    try await store.engine.write(ObjectKey(key), StoredBytes(bytes))
                }
            }
            let listed = try await store.layout().list(RecordQuery(.thread, page: PageRequest(limit: 10))).items
            #expect(listed.map(\.messages).sorted { ($0 ?? 0) < ($1 ?? 0) } == [2, 3])
            let plan = try await store.layout().plan(.delete(.record), .thread, "bot/" + named)
            #expect(plan.drops == 3)
            _ = try await store.layout().carryOut(plan, recording: LooopyJournal(plan))
            let left = try await store.engine.listAll(.root).entries.map(\.key)
            #expect(left.count == 2)
            #expect(left.allSatisfy { $0.hasPrefix(ObjectKey("agent=bot/context=\(other)/")) })
        }
    }
}
