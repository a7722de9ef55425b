import EngineCore
import FileEngine
import StoredRecords
import Synchronization
import TestSupport
import Testing

@testable import StoredLayouts

@Suite(.blocks) struct ConnectorsChangesTests {
    private let kept = KeptPlaces()

    private func fixture(
        _ kind: ObjectPlace.Kind, adding extra: [(key: String, bytes: [UInt8])] = []
    ) async throws -> (ObjectPlace, ConnectorsObjectsLayout) {
        let place = try await ObjectPlace(kind, ConnectorsFixture.objects() + extra)
        kept.keep(place)
        return (place, ConnectorsObjectsLayout(engine: place.engine, context: .test()))
    }

    @Test(arguments: ObjectPlace.Kind.allCases, ["mobile", "."])
    func `a delete takes both documents and undo brings them back byte for byte`(
        kind: ObjectPlace.Kind, key: String
    ) async throws {
        let (place, layout) = try await fixture(kind)
        let before = try await place.contents()
        let plan = try await layout.plan(.delete(.record), .index, key)
        #expect(plan.unit == "documents" && plan.drops == 2 && plan.keeps == 0 && plan.refusal == nil)
        #expect(try await place.contents() == before)

        let journal = TestJournal(plan)
        let outcome = try await layout.carryOut(plan, recording: journal)
        #expect(outcome.dropped == 2 && journal.isSealed)
        let after = try await place.contents()
        let directory = key == "." ? "" : "indexes/\(key)/"
        #expect(Set(before.keys).subtracting(after.keys) == ["\(directory)state.json", "\(directory)search.json"])
        #expect(after.allSatisfy { before[$0.key] == $0.value })
        #expect(try await layout.count(.index) == .exact(4))
        #expect(try await layout.settle(journal, during: .change) == .applied)

        let undone = try await layout.undo(journal, inexactly: false)
        #expect(undone.kept == 2)
        #expect(try await place.contents() == before)
        #expect(try await layout.settle(journal, during: .undo) == .notApplied)
    }

    @Test func `deleting a named index removes its directory, and of the base only the documents`() async throws {
        let (place, layout) = try await fixture(.files)
        let directory = try #require(place.directory)
        for key in ["docs", "."] {
            let plan = try await layout.plan(.delete(.record), .index, key)
            #expect(plan.fixUps == (key == "." ? [] : ["remove the directory indexes/docs"]))
            _ = try await layout.carryOut(plan, recording: TestJournal(plan))
        }
        #expect(RawFiles.names(directory.path) == ["indexes"])
        #expect(RawFiles.names(directory.path("indexes")) == ["billing_service", "mobile", "web-app"])
    }

    @Test func `deleting every index leaves the base directory`() async throws {
        let (place, layout) = try await fixture(.files)
        for key in try await layout.all(.index).map(\.id.key) {
            let plan = try await layout.plan(.delete(.record), .index, key)
            _ = try await layout.carryOut(plan, recording: TestJournal(plan))
        }
        let directory = try #require(place.directory)
        #expect(RawFiles.exists(directory.path))
        #expect(try await layout.count(.index) == .exact(0))
    }

    @Test func `other files in an index's directory stay and are named in the plan`() async throws {
        let (place, layout) = try await fixture(.files, adding: [("indexes/docs/notes.txt", Array("mine".utf8))])
        let plan = try await layout.plan(.delete(.record), .index, "docs")
        #expect(plan.warnings.map(\.text) == ["1 other object stays in indexes/docs"])
        _ = try await layout.carryOut(plan, recording: TestJournal(plan))
        #expect(try await place.contents()["indexes/docs/notes.txt"] == Array("mine".utf8))
    }

    @Test func `an incomplete index is deleted and comes back incomplete`() async throws {
        let (place, layout) = try await fixture(.memory, adding: [("indexes/half/search.json", Array("{}".utf8))])
        let before = try await place.contents()
        let plan = try await layout.plan(.delete(.record), .index, "half")
        #expect(plan.drops == 1)
        let journal = TestJournal(plan)
        _ = try await layout.carryOut(plan, recording: journal)
        #expect(try await layout.summary(.index, "half") == nil)
        _ = try await layout.undo(journal, inexactly: false)
        #expect(try await place.contents() == before)
    }

    @Test(arguments: ["state.json", "search.json"])
    func `a plan made before the index was written again conflicts and changes nothing`(file: String) async throws {
        let (place, layout) = try await fixture(.files)
        let plan = try await layout.plan(.delete(.record), .index, "docs")
        try await place.engine.write(ObjectKey("indexes/docs/\(file)"), StoredBytes("{\"new\":1}"))
        let before = try await place.contents()
        let error = await #expect(throws: StorageError.self) {
            try await layout.carryOut(plan, recording: TestJournal(plan))
        }
        #expect(error?.kind == .conflict)
        #expect(try await place.contents() == before)
    }

    @Test func `a document that came since the plan is a conflict`() async throws {
        let (place, layout) = try await fixture(.memory, adding: [("indexes/half/search.json", Array("{}".utf8))])
        let plan = try await layout.plan(.delete(.record), .index, "half")
        try await place.engine.write(ObjectKey("indexes/half/state.json"), StoredBytes("{}"))
        let error = await #expect(throws: StorageError.self) {
            try await layout.carryOut(plan, recording: TestJournal(plan))
        }
        #expect(error?.kind == .conflict)
        #expect(try await place.contents()["indexes/half/search.json"] != nil)
    }

    @Test func `nothing is deleted when the entry cannot be sealed`() async throws {
        let (place, layout) = try await fixture(.files)
        let before = try await place.contents()
        let plan = try await layout.plan(.delete(.record), .index, "mobile")
        let full = StorageError(.full, operation: "record", place: "", reason: "no space is left")
        let error = await #expect(throws: StorageError.self) {
            try await layout.carryOut(plan, recording: TestJournal(plan, sealFailure: full))
        }
        #expect(error == full)
        #expect(try await place.contents() == before)
    }

    @Test(arguments: ObjectPlace.Kind.allCases, 0...2)
    func `a delete cut short after any step is settled and can be undone`(
        kind: ObjectPlace.Kind, steps: Int
    ) async throws {
        let (place, layout) = try await fixture(kind)
        let before = try await place.contents()
        let plan = try await layout.plan(.delete(.record), .index, "web-app")
        let journal = TestJournal(plan)
        let cutting = CuttingEngine(place.engine, steps: steps)
        _ = try? await ConnectorsObjectsLayout(engine: cutting, context: .test())
            .carryOut(plan, recording: journal)
        #expect(journal.isSealed)

        let settlement = try await layout.settle(journal, during: .change)
        #expect(settlement == (steps == 0 ? .notApplied : .applied))
        let left = try await place.contents().keys.filter { $0.hasPrefix("indexes/web-app/") }
        #expect(left.count == (steps == 0 ? 2 : 0))
        _ = try await layout.undo(journal, inexactly: false)
        #expect(try await place.contents() == before)
    }

    @Test(arguments: 0...2)
    func `an undo cut short after any step is settled without loss`(steps: Int) async throws {
        let (place, layout) = try await fixture(.files)
        let before = try await place.contents()
        let plan = try await layout.plan(.delete(.record), .index, "web-app")
        let journal = TestJournal(plan)
        _ = try await layout.carryOut(plan, recording: journal)
        let cutting = CuttingEngine(place.engine, steps: steps)
        _ = try? await ConnectorsObjectsLayout(engine: cutting, context: .test()).undo(journal, inexactly: false)

        if try await layout.settle(journal, during: .undo) == .applied {
            _ = try await layout.undo(journal, inexactly: false)
        }
        #expect(try await place.contents() == before)
    }

    @Test func `an undo does not write over an index that was made meanwhile`() async throws {
        let (place, layout) = try await fixture(.files)
        let plan = try await layout.plan(.delete(.record), .index, "docs")
        let journal = TestJournal(plan)
        _ = try await layout.carryOut(plan, recording: journal)
        try await layout.save("docs", full: StoredBytes("{\"blobs\":[]}"), search: StoredBytes("{}"))
        let before = try await place.contents()
        let error = await #expect(throws: StorageError.self) { try await layout.undo(journal, inexactly: false) }
        #expect(error?.kind == .conflict)
        #expect(try await place.contents() == before)
    }

    @Test func `what cannot be done comes back as a refusal`() async throws {
        let (place, layout) = try await fixture(.files)
        let trim = try await layout.plan(.trim(keep: 3, snap: false), .index, "docs")
        #expect(trim.refusal?.contains("no messages") == true && trim.drops == 0)
        #expect(try await layout.plan(.delete(.wholeContext), .index, "docs").refusal != nil)
        #expect(!layout.capabilities(of: .index).trim.isAvailable)
        let error = await #expect(throws: StorageError.self) {
            try await layout.carryOut(trim, recording: TestJournal(trim))
        }
        #expect(error?.kind == .unsupported)

        let path = try #require(place.directory).path
        let reading = try FileEngine(root: path, options: EngineOptions(readOnly: true))
        let readOnly = ConnectorsObjectsLayout(engine: reading, context: .test())
        #expect(!readOnly.capabilities(of: .index).delete.isAvailable)
        #expect(try await readOnly.plan(.delete(.record), .index, "docs").refusal != nil)
        await #expect(throws: StorageError.self) { try await readOnly.messages("docs", PageRequest(limit: 1)) }
    }
}

/// An engine that works for so many changes of one object and then fails for
/// good, as a program that was killed would leave its storage.
private final class CuttingEngine: ObjectEngine {
    private let engine: any ObjectEngine
    private let left: Mutex<Int>

    init(_ engine: any ObjectEngine, steps: Int) {
        self.engine = engine
        left = Mutex(steps)
    }

    var place: String { engine.place }
    var capabilities: EngineCapabilities { engine.capabilities }
    func close() async {}

    private func step() throws(StorageError) {
        let isAllowed = left.withLock { left in
            left -= 1
            return left >= 0
        }
        if !isAllowed { throw StorageError(.failed, operation: "go on", place: place, reason: "it was cut short") }
    }

    func list(_ listing: ObjectListing) async throws(StorageError) -> ObjectPage { try await engine.list(listing) }
    func stat(_ key: ObjectKey) async throws(StorageError) -> ObjectInfo? { try await engine.stat(key) }
    func read(_ key: ObjectKey, range: Range<Int64>?) async throws(StorageError) -> StoredObject? {
        try await engine.read(key, range: range)
    }
    func readMany(_ keys: [ObjectKey]) async throws(StorageError) -> [Result<StoredObject?, StorageError>] {
        try await engine.readMany(keys)
    }
    func write(_ write: ObjectWrite) async throws(StorageError) -> ObjectInfo {
        try step()
        return try await engine.write(write)
    }
    func delete(_ keys: [ObjectKey], pruning: ObjectKey?) async throws(StorageError) -> [ObjectDeletion] {
        var deletions: [ObjectDeletion] = []
        for key in keys {
            try step()
            deletions += try await engine.delete([key], pruning: nil)
        }
        return deletions
    }
}
