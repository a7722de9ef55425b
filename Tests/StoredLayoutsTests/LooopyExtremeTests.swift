import EngineCore
import StoredRecords
import TestSupport
import Testing

@testable import StoredLayouts

/// Numbers at the end of their range, as a mistaken or hostile tool may store them.
@Suite(.blocks) struct LooopyExtremeTests {
    private let folder = "agent=bot/context=c1/messages/"

    @Test func `a trim finds a free name beside the greatest sequence`() async throws {
        let greatest = LooopyTestStore.fileName(0, sequence: .max)
        let time = greatest.dropLast("000-\(Int.max).json".count)
        let store = try await LooopyTestStore(
            .memory,
            [
                folder + greatest: Array(LooopyTestStore.message("u", 0).utf8),
                folder + "\(time)001-\(Int.max).json": Array(LooopyTestStore.message("a", 1).utf8),
            ])
        let before = try await store.contents()
        let plan = try await store.layout().plan(.trim(keep: 1, snap: false), .thread, "bot/c1")
        let journal = LooopyJournal(plan)
        _ = try await store.layout().carryOut(plan, recording: journal)
        #expect(try await store.indexes("bot/c1") == [0])
        #expect(try await store.contents().keys.sorted() == [folder + "\(time)000-000000.json"])
        _ = try await store.layout().undo(journal, inexactly: false)
        #expect(try await store.contents() == before)
    }

    @Test func `token counts that cannot be added up leave the thread's own total`() async throws {
        var objects = LooopyTestStore.thread("ua")
        for (key, bytes) in objects {
            objects[key] = Array(#"{"tokens":\#(Int.max),"#.utf8) + bytes.dropFirst()
        }
        objects["agent=bot/context=c1/context.json"] = Array(#"{"title":"t","totalTokensUsed":7}"#.utf8)
        let store = try await LooopyTestStore(.memory, objects)
        let summary = try #require(try await store.layout().summary(.thread, "bot/c1"))
        #expect(summary.tokens == 7)
        #expect(summary.notes.contains("the messages' token counts are too large to be added up"))
    }

    @Test func `token counts are added up`() async throws {
        var objects = LooopyTestStore.thread("ua")
        for (key, bytes) in objects { objects[key] = Array(#"{"tokens":20,"#.utf8) + bytes.dropFirst() }
        let store = try await LooopyTestStore(.memory, objects)
        #expect(try await store.layout().summary(.thread, "bot/c1")?.tokens == 40)
    }
}
