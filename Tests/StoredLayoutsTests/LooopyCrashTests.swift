import EngineCore
import StoredRecords
import TestSupport
import Testing

@testable import StoredLayouts

/// Kills changes and undos after every single change they make.
@Suite(.blocks) struct LooopyCrashTests {
    private static let requests: [ChangeRequest] = [
        .trim(keep: 3, snap: false), .trim(keep: 1, snap: false), .delete(.record), .delete(.wholeContext),
    ]

    private func objects() -> [String: [UInt8]] {
        var objects = LooopyTestStore.thread("suctuaa")
        objects["agent=bot/context=c1/context.json"] = Array("{\"title\":\"t\"}".utf8)
        objects["agent=bot/context=c1/artifacts/x/metadata.json"] = Array("{}".utf8)
        return objects
    }

    private func isMessage(_ key: String) -> Bool { key.contains("/messages/") }

    /// The outcome of an undisturbed change, and how many changes it makes.
    private func undisturbed(
        _ kind: LooopyTestStore.Kind, _ request: ChangeRequest
    ) async throws -> (contents: [String: [UInt8]], changes: Int) {
        let store = try await LooopyTestStore(kind, objects())
        let plan = try await store.layout().plan(request, .thread, "bot/c1")
        let counting = DyingEngine(store.engine, after: nil)
        _ = try await store.layout(on: counting).carryOut(plan, recording: LooopyJournal(plan))
        return (try await store.contents(), counting.changes)
    }

    @Test(arguments: LooopyTestStore.Kind.allCases, requests)
    func `a change killed after any step is finished or never happened`(
        kind: LooopyTestStore.Kind, request: ChangeRequest
    ) async throws {
        let done = try await undisturbed(kind, request)
        #expect(done.changes >= 7)
        for step in 0...done.changes {
            let store = try await LooopyTestStore(kind, objects())
            let plan = try await store.layout().plan(request, .thread, "bot/c1")
            let journal = LooopyJournal(plan)
            _ = try? await store.layout(on: DyingEngine(store.engine, after: step)).carryOut(plan, recording: journal)
            #expect(journal.isSealed)
            let settled = try await store.layout().settle(journal, during: .change)
            #expect(settled == (step == 0 ? .notApplied : .applied))
            #expect(try await store.contents() == (step == 0 ? objects() : done.contents))
            if step > 0 {
                _ = try await store.layout().undo(journal, inexactly: false)
                #expect(try await store.contents() == objects())
            }
        }
    }

    @Test(arguments: LooopyTestStore.Kind.allCases, requests)
    func `an undo killed after any step is finished or never happened`(
        kind: LooopyTestStore.Kind, request: ChangeRequest
    ) async throws {
        let done = try await undisturbed(kind, request)
        for step in 0...done.changes {
            let store = try await LooopyTestStore(kind, objects())
            let plan = try await store.layout().plan(request, .thread, "bot/c1")
            let journal = LooopyJournal(plan)
            _ = try await store.layout().carryOut(plan, recording: journal)
            _ = try? await store.layout(on: DyingEngine(store.engine, after: step)).undo(journal, inexactly: false)
            let settled = try await store.layout().settle(journal, during: .undo)
            #expect(settled == (step == 0 ? .applied : .notApplied))
            #expect(try await store.contents() == (step == 0 ? done.contents : objects()))
        }
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `what an agent appends to a half trimmed thread ends up last`(kind: LooopyTestStore.Kind) async throws {
        let request = ChangeRequest.trim(keep: 3, snap: false)
        let done = try await undisturbed(kind, request)
        for step in 1...done.changes {
            let store = try await LooopyTestStore(kind, objects())
            let plan = try await store.layout().plan(request, .thread, "bot/c1")
            let kept = try await store.messages("bot/c1").suffix(3).map(\.plainText)
            let journal = LooopyJournal(plan)
            _ = try? await store.layout(on: DyingEngine(store.engine, after: step)).carryOut(plan, recording: journal)
            try await store.append("one", to: "bot/c1", at: 1_795_290_000)
            try await store.append("two", to: "bot/c1", at: 1_795_290_001)
            #expect(try await store.layout().settle(journal, during: .change) == .applied)
            #expect(try await store.messages("bot/c1").map(\.plainText) == kept + ["one", "two"])
            #expect(try await store.indexes("bot/c1") == [0, 1, 2, 3, 4])
            try await store.append("three", to: "bot/c1", at: 1_795_290_002)
            #expect(try await store.messages("bot/c1").last?.plainText == "three")
            #expect(try await store.indexes("bot/c1") == [0, 1, 2, 3, 4, 5])
        }
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `what was appended while files went is numbered in the order it was written`(
        kind: LooopyTestStore.Kind
    ) async throws {
        let base = "agent=bot/context=c1/messages/"
        var objects = LooopyTestStore.thread("uau")
        let leading = Set(objects.keys.map { ObjectKey($0) })
        // The count fell from 9 to 5 between the two, so the later one got the lower index.
        for (index, seconds) in [(9, Int64(1_795_290_000)), (5, 1_795_290_001)] {
            let name = LooopyMessageName(time: Timestamp(seconds: seconds), index: index, sequence: 0)
            objects[base + name.text] = Array(LooopyTestStore.message("u", index).utf8)
        }
        let store = try await LooopyTestStore(kind, objects)
        let appendix = LooopyAppendix(engine: store.engine, directory: ObjectKey(base))
        #expect(try await appendix.number(after: leading) == 2)
        #expect(try await store.messages("bot/c1").suffix(2).map(\.plainText) == ["question 9", "question 5"])
        #expect(try await store.indexes("bot/c1") == [0, 1, 2, 3, 4])
        #expect(
            try await store.contents().keys.sorted().suffix(2).allSatisfy {
                $0.contains("-003-") || $0.contains("-004-")
            })
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `numbering what was appended survives a kill after any step`(kind: LooopyTestStore.Kind) async throws {
        func halfTrimmed() async throws -> (store: LooopyTestStore, journal: LooopyJournal) {
            let store = try await LooopyTestStore(kind, objects())
            let plan = try await store.layout().plan(.trim(keep: 3, snap: false), .thread, "bot/c1")
            let journal = LooopyJournal(plan)
            _ = try? await store.layout(on: DyingEngine(store.engine, after: 5)).carryOut(plan, recording: journal)
            for (offset, text) in ["one", "two", "three"].enumerated() {
                try await store.append(text, to: "bot/c1", at: 1_795_290_000 + Int64(offset))
            }
            return (store, journal)
        }
        let whole = try await halfTrimmed()
        let counting = DyingEngine(whole.store.engine, after: nil)
        _ = try await whole.store.layout(on: counting).settle(whole.journal, during: .change)
        let expected = try await whole.store.messages("bot/c1").map(\.plainText)
        #expect(expected.suffix(3) == ["one", "two", "three"])
        for step in 0...counting.changes {
            let (store, journal) = try await halfTrimmed()
            _ = try? await store.layout(on: DyingEngine(store.engine, after: step)).settle(journal, during: .change)
            #expect(try await store.layout().settle(journal, during: .change) == .applied)
            #expect(try await store.messages("bot/c1").map(\.plainText) == expected)
            #expect(try await store.indexes("bot/c1") == [0, 1, 2, 3, 4, 5])
        }
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `an inexact undo survives a kill after any step`(kind: LooopyTestStore.Kind) async throws {
        func trimmedAndAppended() async throws -> (store: LooopyTestStore, journal: LooopyJournal) {
            let store = try await LooopyTestStore(kind, objects())
            let plan = try await store.layout().plan(.trim(keep: 3, snap: false), .thread, "bot/c1")
            let journal = LooopyJournal(plan)
            _ = try await store.layout().carryOut(plan, recording: journal)
            try await store.append("later", to: "bot/c1")
            return (store, journal)
        }
        let whole = try await trimmedAndAppended()
        let counting = DyingEngine(whole.store.engine, after: nil)
        _ = try await whole.store.layout(on: counting).undo(whole.journal, inexactly: true)
        let expected = try await whole.store.messages("bot/c1").map(\.plainText)
        #expect(expected.count == 8)
        #expect(expected.last == "later")
        for step in 1...counting.changes {
            let (store, journal) = try await trimmedAndAppended()
            _ = try? await store.layout(on: DyingEngine(store.engine, after: step)).undo(journal, inexactly: true)
            #expect(try await store.layout().settle(journal, during: .undo) == .notApplied)
            #expect(try await store.messages("bot/c1").map(\.plainText) == expected)
            #expect(try await store.indexes("bot/c1") == Array(0...7))
        }
    }
}
