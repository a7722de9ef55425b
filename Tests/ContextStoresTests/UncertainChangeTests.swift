import EngineCore
import StoredLayouts
import StoredRecords
import TestSupport
import Testing

@testable import ContextStores

/// Changes of which nobody knows for certain whether they were made.
@Suite struct UncertainChangeTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// A library, as of a process of its own, whose changes fail so; the store says that nothing was changed.
    private func library(failing kind: StorageError.Kind) -> StoreLibrary {
        let failure = StorageError(kind, operation: "trim", place: "s", reason: "it failed", help: "a help")
        var layout = FixedLayout()
        layout.add(.thread, "t")
        layout.failure = failure
        let made = layout
        let spec = SourceSpec(name: "s", location: .path(directory.path("store")))
        return StoreLibrary(
            specs: [spec], stateDirectory: directory.path("state"), limits: RecoveryLimits(), clock: .system
        ) { spec async throws(StorageError) in
            OpenSource(spec: spec, engine: "fixed", accesses: [.objects(MemoryObjectEngine())], layouts: [made])
        }
    }

    private func fail(_ library: StoreLibrary) async throws -> StorageError? {
        let id = RecordID(source: "s", layout: "fixed", kind: .thread, key: "t")
        let plan = try await library.plan(.trim(keep: 1, snap: false), id)
        return await #expect(throws: StorageError.self) { try await library.carryOut(plan) }
    }

    @Test(arguments: [StorageError.Kind.timedOut, .unavailable, .cancelled])
    func `the entry of a change that may still be made stays, and the next opening settles it`(
        _ kind: StorageError.Kind
    ) async throws {
        let library = library(failing: kind)
        let error = try await fail(library)
        #expect(error?.kind == kind && error?.reason == "it failed")
        let entry = try #require(try library.recoveryEntries().first)
        #expect(entry.state == .sealed)
        #expect(error?.help.contains("recovery entry \(entry.id)") == true)
        // The user's next look, in another process.
        let next = self.library(failing: kind)
        let status = try await next.open("s")
        #expect(status.notes.contains { $0.hasPrefix("dropped an interrupted trim") }, "\(status.notes)")
        #expect(try next.recoveryEntries().isEmpty)
    }

    @Test(arguments: [StorageError.Kind.conflict, .invalid, .full, .denied])
    func `the entry of a change that was surely not made goes`(_ kind: StorageError.Kind) async throws {
        let library = library(failing: kind)
        let error = try await fail(library)
        #expect(error?.kind == kind && error?.help == "a help")
        #expect(try library.recoveryEntries().isEmpty)
    }
}
