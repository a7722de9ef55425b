import Glibc
import StoredRecords
import TestSupport
import Testing

@testable import ContextStores

@Suite struct StoreLockTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        for place in ["store/agent=a", "store/agent=b"] { try RawFiles.makeDirectory(directory.path(place)) }
        #expect(symlink(directory.path("store"), directory.path("link")) == 0)
    }

    private func take(_ place: String, prefix: String = "") async throws -> StoreLock {
        let location = StoreLocation(directory.path(place), relativeTo: "/")
        return try await StoreLock.take(
            SourceSpec(name: place, location: location, prefix: prefix),
            journal: RecoveryJournal(stateDirectory: directory.path("state")), patience: .zero)
    }

    private func expectBusy(_ place: String, prefix: String = "") async {
        let error = await #expect(throws: StorageError.self, "\(place)") { try await take(place, prefix: prefix) }
        #expect(error?.kind == .busy)
    }

    @Test func `a store is changed by one at a time, however its path is spelled`() async throws {
        let held = try await take("store")
        for place in ["store", "link", "store/agent=a", "link/agent=a", "store/agent=a/context=new"] {
            await expectBusy(place)
        }
        await expectBusy("link", prefix: "agent=a")
        held.release()
        try await take("link").release()
    }

    @Test func `a part of a store excludes the whole but not another part`() async throws {
        let held = try await take("link/agent=a")
        await expectBusy("store")
        try await take("store/agent=b").release()
        held.release()
        try await take("store").release()
    }

    @Test func `a lock that nobody keeps is free`() async throws {
        _ = try await take("store")
        try await take("store").release()
    }
}
