import EngineCore
import StoredRecords
import TestSupport
import Testing

@testable import ContextStores

/// What the journal tells of its entries without opening any source.
@Suite(.blocks) struct RecoveryStandingTests {
    @Test func `the newer of two trims can be undone, the older one says which stands before it`() async throws {
        let store = try ConversationStore(messages: 10)
        let older = try await store.trim(keeping: 6)
        let newer = try await store.trim(keeping: 3)
        let standings = try await store.library().recoveryStandings().entries
        #expect(standings.map(\.summary.id) == [newer, older])
        #expect(standings.map(\.source) == ["store", "store"])
        #expect(standings[0].obstacle == nil)
        #expect(standings[1].obstacle?.contains("changed again after it (trim to 3)") == true)
        _ = try await store.library().undo(newer)
        let after = try await store.library().recoveryStandings().entries
        #expect(after.map { $0.obstacle == nil } == [false, true])
        #expect(after[0].obstacle == "it is undone already")
    }

    @Test func `a source that is not named here is told with its place, one that is gone is an obstacle`() async throws
    {
        let store = try ConversationStore(messages: 4)
        _ = try await store.trim(keeping: 2)
        let other = StoreLibrary(specs: [], stateDirectory: store.directory.path("state"))
        let standing = try #require(try await other.recoveryStandings().entries.first)
        #expect(standing.source == nil && standing.obstacle == nil)
        #expect(standing.note?.contains(store.directory.path("store")) == true)
        _ = try ProgramRun.run("/bin/mv", [store.directory.path("store"), store.directory.path("moved")])
        let gone = try #require(try await other.recoveryStandings().entries.first)
        #expect(gone.obstacle == "\(store.directory.path("store")) is not there")
    }

    @Test func `a read-only source stands against its undo`() async throws {
        let store = try ConversationStore(messages: 4)
        _ = try await store.trim(keeping: 2)
        var spec = SourceSpec(
            name: "store", location: StoreLocation(store.directory.path("store"), relativeTo: "/"))
        spec.engineOptions.readOnly = true
        let library = StoreLibrary(specs: [spec], stateDirectory: store.directory.path("state"))
        #expect(try await library.recoveryStandings().entries.first?.obstacle == "source store is read-only")
    }

    @Test func `an entry shows the messages that went and not those that stayed under new names`() async throws {
        let store = try ConversationStore(messages: 10)
        let entry = try await store.trim(keeping: 7)
        let documents = try store.library().contents(ofEntry: entry)
        let text = try #require(documents.first?.bytes.text)
        #expect(text.contains("3 removed, 7 kept under another name"))
        for index in 0..<3 { #expect(text.contains("\nm\(index)\n")) }
        #expect(!text.contains("\nm3\n"))
        #expect(documents.count == 4)
        #expect(try documents[1].bytes.array == #require(try? store.library().contents(ofEntry: entry))[1].bytes.array)
        // Nothing holds the entry: it can be undone at once.
        _ = try await store.library().undo(entry)
    }

    @Test func `an assistant that only called a tool is shown with its call, and what is no message is counted apart`()
        async throws
    {
        let store = try ConversationStore(messages: 2)
        try RawFiles.write(
            "\(store.folder)/2026-01-01T00-00-02_002Z-002-000002.json",
            #"{"role":"assistant","content":"","index":2,"id":"c-2","contextId":"c","toolCalls":[{"id":"call-7","type":"function","function":{"name":"lookup","arguments":{"q":"refund"}}}]}"#
        )
        let kept = try await store.trim(keeping: 1)
        #expect(try text(store, kept).contains("holds   2 removed, 1 kept under another name\n"))
        let library = store.library()
        var plan = try await library.plan(.delete(.wholeContext), store.thread)
        plan.group = nil
        let entry = try await library.carryOut(plan).entry
        #expect(try text(store, entry).contains("\n#1  assistant\ncalls lookup as call-7\n{\"q\":\"refund\"}\n"))
    }

    private func text(_ store: ConversationStore, _ entry: String) throws -> String {
        try #require(try store.library().contents(ofEntry: entry).first?.bytes.text)
    }

    @Test func `an entry that is removed is gone for good, one that is missing says so`() async throws {
        let store = try ConversationStore(messages: 10)
        let entry = try await store.trim(keeping: 7)
        let files = try store.files()
        #expect(try store.library().forget(entry) > 0)
        #expect(try await store.library().recoveryStandings().entries.isEmpty)
        #expect(throws: StorageError.self) { try store.library().forget(entry) }
        #expect(throws: StorageError.self) { try store.library().forget("../../x") }
        #expect(try store.files() == files)
    }

    @Test func `the outlook of a plan says of every cut what a plan for it says`() async throws {
        let store = try ConversationStore(messages: 12)
        let library = store.library()
        let outlook = try #require(try await library.plan(.trim(keep: 6, snap: false), store.thread).outlook)
        #expect(outlook.count == 12)
        for keep in 1..<12 {
            let plan = try await library.plan(.trim(keep: keep, snap: false), store.thread)
            let cut = 12 - keep
            #expect(plan.warnings.contains { $0.kind == .splitsToolCall } == (outlook.run(at: cut) != nil))
            #expect(plan.warnings.contains { $0.kind == .dropsFirstUserMessage } == ((outlook.firstUser ?? 99) < cut))
            #expect(plan.safeKeeps.sorted() == outlook.safeKeeps(at: cut).sorted())
        }
    }
}
