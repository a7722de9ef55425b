import ContextStores
import EngineCore
import RedisEngine
import StoredLayouts
import StoredRecords
import TestSupport
import Testing

@Suite(.blocks) struct SourceResolutionTests {
    private func found(_ variables: [String: String]) -> SourceResolution {
        SourceResolution.resolve(
            arguments: [], configuration: Configuration(),
            environment: ProcessEnvironment(
                variables: ["HOME": "/nowhere"].merging(variables) { $1 }, currentDirectory: "/nowhere"))
    }

    @Test func `the bucket of context-connectors is found by its variables, with its default prefix`() throws {
        let resolution = found(["CC_S3_BUCKET": "team-indexes"])
        #expect(resolution.specs.map(\.displayLocation) == ["s3://team-indexes/context-connectors/"])
        #expect(resolution.specs.map(\.origin) == [.found])
        let whole = found([
            "CC_S3_BUCKET": "team", "CC_S3_PREFIX": "a b/", "CC_S3_REGION": "eu-west-1",
            "CC_S3_ENDPOINT": "http://127.0.0.1:9000", "CC_S3_FORCE_PATH_STYLE": "true",
        ])
        #expect(
            whole.specs.map(\.displayLocation)
                == ["s3://team/a%20b/?endpoint=http://127.0.0.1:9000&region=eu-west-1&path-style=true"])
    }

    @Test func `servers are found by the variables that programs share, and no password is shown`() throws {
        let resolution = found([
            "REDIS_URL": "redis://:s3cr3t@cache.example:6380/2",
            "DATABASE_URL": "postgres://ann:s3cr3t@db.example/agents",
        ])
        #expect(
            resolution.specs.map(\.displayLocation)
                == ["redis://cache.example:6380/2", "postgres://ann@db.example/agents"])
        #expect(!resolution.lookedFor.contains { $0.place.contains("s3cr3t") })
        #expect(resolution.lookedFor.contains { $0.place == "CC_S3_BUCKET (not set)" && !$0.isFound })
    }

    @Test func `a variable with the location of another program's database is looked at and left`() throws {
        let resolution = found(["DATABASE_URL": "mysql://ann:s3cr3t@db.example/agents"])
        #expect(resolution.specs.isEmpty)
        #expect(resolution.lookedFor.contains { $0.place == "DATABASE_URL (no location that can be opened)" })
        #expect(!resolution.lookedFor.contains { $0.place.contains("s3cr3t") })
    }

    @Test func `a server is named without parameters, or with its endpoint, where that tells it apart`() throws {
        func names(_ arguments: [String]) -> [String] {
            SourceResolution.resolve(
                arguments: arguments, configuration: Configuration(),
                environment: ProcessEnvironment(variables: [:], currentDirectory: "/")
            ).specs.map(\.name)
        }
        #expect(names(["s3://b/p?endpoint=http://h:1&region=eu"]) == ["s3://b/p"])
        let twins = ["s3://b/p?endpoint=http://h:1", "s3://b/p?endpoint=http://h:2"]
        #expect(names(twins) == ["s3://b/p at h:1", "s3://b/p at h:2"])
        let profiles = ["s3://b/p?profile=a", "s3://b/p?profile=b"]
        #expect(names(profiles) == profiles)
    }

    @Test func `a prefix names a directory below the location`() async throws {
        let directory = try TemporaryDirectory()
        let state = Array(
            #"{"version":1,"contextState":{"checkpointId":"c","blobs":[]},"source":{"type":"website"}}"#.utf8)
        try RawFiles.write(root: directory.path, Array("tenants/a/indexes/k/state.json".utf8), state)
        try RawFiles.write(root: directory.path, Array("indexes/other/state.json".utf8), state)
        let spec = SourceSpec(name: "a", location: .path(directory.path("")), prefix: "tenants/a")
        let source = try await OpenSource.open(spec, clock: .system)
        let layout = try #require(source.layouts(of: .index).first)
        let query = RecordQuery(.index, sort: .newest, page: PageRequest(limit: 9))
        #expect(try await layout.list(query).items.map(\.id.key) == ["k"])
    }

    @Test func `a prefix stands before every key of a server`() async throws {
        guard TestServer.redis.isWanted else { return }
        let place = try RedisPlace()
        for tenant in ["a:", "b:"] {
            try place.seed(
                StoredKey(tenant + "thread:of-" + tenant.prefix(1)), .string(StoredBytes(#"{"messages":[]}"#)))
        }
        let url = try "\(TestServer.redis.value().dropLast())\(place.location.database)"
        let spec = SourceSpec(name: "b", location: StoreLocation(url, relativeTo: "/"), prefix: "b:")
        let source = try await OpenSource.open(spec, clock: .system)
        let layout = try #require(source.layouts(of: .thread).first)
        let query = RecordQuery(.thread, sort: RecordSort(.key, descending: false), page: PageRequest(limit: 9))
        #expect(try await layout.list(query).items.map(\.id.key) == ["of-b"])
    }

    @Test func `a database has no prefix and says so`() async throws {
        let directory = try TemporaryDirectory()
        let spec = SourceSpec(name: "d", location: .sqlite(directory.path("x.db")), prefix: "p")
        let error = await #expect(throws: StorageError.self) { try await OpenSource.open(spec, clock: .system) }
        #expect(error?.reason == "a database has nothing that a prefix could name")
    }
}
