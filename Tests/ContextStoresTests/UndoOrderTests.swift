import StoredRecords
import TestSupport
import Testing

@testable import ContextStores

/// Each change of a conversation numbers what it leaves, so that its changes
/// can be undone in their order only.
@Suite struct UndoOrderTests {
    @Test(arguments: [false, true])
    func `the older of two trims is undone after the newer one`(inexactly: Bool) async throws {
        let store = try ConversationStore(messages: 10)
        let before = try store.files()
        let older = try await store.trim(keeping: 6)
        let newer = try await store.trim(keeping: 3)
        try await expectRefusal(store, older, naming: newer, inexactly: inexactly)
        for entry in [newer, older] { _ = try await store.library().undo(entry) }
        #expect(try store.files() == before)
    }

    @Test(arguments: [false, true])
    func `a trim is undone after the deletion that followed it`(inexactly: Bool) async throws {
        let store = try ConversationStore(messages: 10)
        let before = try store.files()
        let trim = try await store.trim(keeping: 3)
        let delete = try await store.delete()
        try await expectRefusal(store, trim, naming: delete, inexactly: inexactly)
        for entry in [delete, trim] { _ = try await store.library().undo(entry) }
        #expect(try store.files() == before)
    }

    @Test func `the newest of several later changes is the one asked for`() async throws {
        let store = try ConversationStore(messages: 10)
        let oldest = try await store.trim(keeping: 6)
        _ = try await store.trim(keeping: 3)
        try await expectRefusal(store, oldest, naming: try await store.delete(), inexactly: false)
    }

    @Test func `a later change made under another spelling of the path counts`() async throws {
        let store = try ConversationStore(messages: 10)
        let older = try await store.trim(keeping: 6)
        let agent = StoreLibrary(
            specs: [
                SourceSpec(
                    name: "store", location: StoreLocation(store.directory.path("store/agent=a"), relativeTo: "/"))
            ], stateDirectory: store.directory.path("state"))
        let newer = try await agent.carryOut(try await agent.plan(.trim(keep: 3, snap: false), store.thread)).entry
        try await expectRefusal(store, older, naming: newer, inexactly: false)
    }

    @Test func `changes of other threads are undone in any order`() async throws {
        let store = try ConversationStore(messages: 10)
        let other = store.directory.path("store/agent=a/context=d/messages")
        try RawFiles.makeDirectory(other)
        try RawFiles.write(other + "/one.json", #"{"role":"user","index":0}"#)
        let before = try store.files()
        let trim = try await store.trim(keeping: 6)
        let library = store.library()
        var thread = store.thread
        thread.key = "a/d"
        _ = try await library.carryOut(try await library.plan(.delete(.record), thread))
        _ = try await store.library().undo(trim)
        #expect(try store.files() == before)
    }

    private func expectRefusal(
        _ store: ConversationStore, _ entry: String, naming later: String, inexactly: Bool
    ) async throws {
        let before = try store.files()
        let error = await #expect(throws: StorageError.self) {
            try await store.library().undo(entry, inexactly: inexactly)
        }
        #expect(error?.kind == .conflict)
        #expect(error?.description.contains(later) == true)
        #expect(try store.files() == before)
        #expect(try store.library().journal.summary(entry)?.state == .done)
    }
}
