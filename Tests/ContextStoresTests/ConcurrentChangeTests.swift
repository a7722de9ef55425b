import StoredLayouts
import StoredRecords
import TestSupport
import Testing

@testable import ContextStores

@Suite struct ConcurrentChangeTests {
    @Test func `of two trims planned on the same messages one is carried out and one is a conflict`() async throws {
        for _ in 0..<8 {
            let store = try ConversationStore(messages: 80)
            let (first, second) = (store.library(), store.library())
            let plans = (
                try await first.plan(.trim(keep: 40, snap: false), store.thread),
                try await second.plan(.trim(keep: 20, snap: false), store.thread)
            )
            async let one = result { () async throws(StorageError) in try await first.carryOut(plans.0) }
            async let other = result { () async throws(StorageError) in try await second.carryOut(plans.1) }
            let results = await [one, other]
            let kept = results.compactMap { try? $0.get() }.map(\.outcome.kept)
            #expect(kept.count == 1)
            #expect(results.contains { $0.isConflict })
            let expected = (80 - (kept.first ?? 0)..<80).map { "m\($0)" }
            #expect(try await store.messages() == expected)
            #expect(try store.files().count == expected.count)
        }
    }

    @Test func `a change that waits for another one finds its plan outdated`() async throws {
        let store = try ConversationStore(messages: 10)
        let library = store.library()
        let plan = try await library.plan(.trim(keep: 2, snap: false), store.thread)
        let spec = try #require(library.specs.first)
        let held = try await StoreLock.take(spec, journal: library.journal)
        let waiting = Task { await result { () async throws(StorageError) in try await library.carryOut(plan) } }
        try RawFiles.write(store.folder + "/2026-01-02T00-00-00_000Z-010-000010.json", #"{"role":"user","index":10}"#)
        let before = try store.files()
        held.release()
        #expect(await waiting.value.isConflict)
        #expect(try store.files() == before)
    }

    @Test func `a change that a dead process left half done is settled before the next one`() async throws {
        let store = try ConversationStore(messages: 10)
        let library = store.library()
        let plan = try await library.plan(.trim(keep: 2, snap: false), store.thread)
        // Another process trims, and loses its power between the writes and the deletions.
        let entry = try await store.trim(keeping: 6)
        let summary = try #require(try library.journal.summary(entry))
        let settled = try store.files()
        try library.journal.setState(.sealed, of: summary)
        for item in try library.journal.open(summary).allItems() {
            guard case .object(let key, let before, let after) = item, let before, after == nil else { continue }
            try RawFiles.write(store.directory.path("store/" + String(decoding: key, as: UTF8.self)), before.array)
        }
        let leftover = store.folder + "/.ctxbrowse-99999999-abc.tmp"
        try RawFiles.write(leftover, "half a message")
        #expect(try store.files().count > settled.count)
        let outcome = await result { () async throws(StorageError) in try await library.carryOut(plan) }
        #expect(outcome.isConflict)
        #expect(!RawFiles.exists(leftover))
        #expect(try store.files() == settled)
    }

    @Test func `what a dead process removed stays in the journal although its place was written anew`() async throws {
        let store = try ConversationStore(messages: 10)
        let library = store.library()
        let entry = try await store.trim(keeping: 6)
        let summary = try #require(try library.journal.summary(entry))
        // The power goes before the end is noted durably, and the agent goes on where the messages were.
        try library.journal.setState(.sealed, of: summary)
        var held = 0
        for item in try library.journal.open(summary).allItems() {
            guard case .object(let key, _, _) = item else { continue }
            let path = store.directory.path("store/" + String(decoding: key, as: UTF8.self))
            try RawFiles.write(path, #"{"role":"user","content":"new"}"#)
            held += 1
        }
        let theirs = try store.files()
        let again = store.library()
        let notes = try await again.open(store.thread.source).notes
        #expect(notes.contains { $0.contains("its recovery entry stays") })
        let kept = try #require(try again.recoveryEntries().first { $0.id == entry })
        #expect(kept.state == .done)
        #expect(try again.journal.open(kept).allItems().count >= held)
        #expect(try store.files() == theirs)
    }
}

/// What the work gave or threw.
private func result<Value: Sendable>(
    _ work: @Sendable () async throws(StorageError) -> Value
) async -> Result<Value, StorageError> {
    do throws(StorageError) {
        return .success(try await work())
    } catch {
        return .failure(error)
    }
}

extension Result where Failure == StorageError {
    fileprivate var isConflict: Bool {
        if case .failure(let error) = self { error.kind == .conflict } else { false }
    }
}
