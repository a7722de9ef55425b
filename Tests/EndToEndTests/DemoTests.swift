import ContextStores
import DemoStores
import StoredLayouts
import StoredRecords
import TestSupport
import Testing

/// The demo shows every kind of record and every kind of damage.
@Suite(.blocks) struct DemoTests {
    @Test func `the demo stores hold records of every kind, some of them damaged, and the verbs read them`()
        async throws
    {
        let directory = try TemporaryDirectory()
        let places = try await DemoStores.write(into: directory.path, now: Timestamp(seconds: 1_780_000_000))
        let environment = [
            "HOME": directory.path, "XDG_STATE_HOME": directory.path("state"), "LANG": "C.UTF-8",
        ]
        for (kind, least) in [("indexes", 6), ("threads", 30), ("artifacts", 20), ("tasks", 12)] {
            let list = try ProgramRun.run(
                PackagePlaces.program, ["list", kind, "--json"] + places, environment: environment)
            #expect(list.code == 0, "\(list.errors)")
            #expect(list.lines.count >= least, "\(kind)")
            #expect(list.lines.contains { $0.contains("\"notes\"") && !$0.contains("\"notes\":[]") }, "\(kind)")
        }
        let found = try ProgramRun.run(
            PackagePlaces.program, ["search", "trap", "--json"] + places, environment: environment)
        #expect(found.code == 0)
    }

    @Test func `a store in memory is filled as well`() async throws {
        let connection = try await StoreConnection.open("memory:")
        try await DemoStores.fill(connection, now: Timestamp(seconds: 1_780_000_000))
        #expect(try await connection.threadStore().listThreads(limit: 10, offset: 0).count == 3)
        #expect(try await connection.messageStore().messages(agent: "scratch", context: "now").count >= 8)
    }

    @Test func `a server is filled with every record it can hold`() async throws {
        guard TestServer.redis.isWanted else { return }
        let place = try RedisPlace()
        let location = "redis://\(place.address)"
        try await DemoStores.write(toServer: location, now: Timestamp(seconds: 1_780_000_000))
        let connection = try await StoreConnection.open(location)
        #expect(try await connection.threadStore().listThreads(limit: 100, offset: 0).count == 26)
        #expect(try await connection.indexStore().list().count == 5)
        await connection.close()
    }

    @Test func `a word that is no source is refused beside the demo too`() throws {
        let run = try ProgramRun.run(
            PackagePlaces.program, ["--demo", "other.db"], environment: ["HOME": "/nonexistent"])
        #expect(run.code == 3)
        #expect(run.errorLines.count == 1)
        #expect(run.errors.contains("other.db"))
    }
}
