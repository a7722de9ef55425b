import EngineCore
import StoredRecords
import TestSupport
import Testing

@testable import S3Engine

/// What only real servers that check signatures can show.
@Suite(.blocks) struct RealServerTests {
    static let servers = [TestServer.moto, .seaweedfs].filter(\.isWanted)

    private func open(
        _ bucket: TestBucket, keyID: String? = nil, secret: String? = nil, name: String? = nil,
        options: EngineOptions = EngineOptions(deadline: .seconds(300)), _ change: (inout S3Settings) -> Void = { _ in }
    ) async throws -> S3Engine {
        var settings = S3Settings()
        change(&settings)
        return try await S3Engine(
            S3Location(
                bucket: name ?? bucket.name, prefix: bucket.prefix, region: "us-east-1", endpoint: bucket.endpoint),
            credentials: S3Credentials(keyID: keyID ?? bucket.keyID, secret: secret ?? bucket.secret),
            options: options, settings: settings)
    }

    private func failure(
        _ bucket: TestBucket, _ body: () async throws -> S3Engine
    ) async throws -> StorageError {
        let error = try await #require(throws: StorageError.self) { _ = try await body() }
        #expect(!"\(error)".contains(bucket.secret) && !"\(error)".contains(bucket.keyID))
        return error
    }

    @Test(arguments: servers)
    func `wrong credentials and names are told apart`(server: TestServer) async throws {
        let bucket = try TestBucket(server)
        let secret = try await failure(bucket) { try await open(bucket, secret: "wrong") }
        #expect(secret.kind == .denied)
        #expect(secret.reason == "the secret key is wrong")
        let key = try await failure(bucket) { try await open(bucket, keyID: "AKIAUNKNOWNUNKNOWN00") }
        #expect(key.kind == .denied)
        #expect(key.reason == "the server does not know the access key")
        let name = try await failure(bucket) { try await open(bucket, name: "no-such-bucket-\(bucket.name)") }
        #expect(name.kind == .notFound)
    }

    @Test(arguments: servers, [-1800, 1800])
    func `a clock that is half an hour off is named`(server: TestServer, seconds: Int) async throws {
        let bucket = try TestBucket(server)
        try await withKnownIssue("moto takes any time for the right one") {
            let error = try await failure(bucket) {
                try await open(bucket) { settings in
                    settings.now = {
                        var time = SystemClock.now()
                        time.seconds += Int64(seconds)
                        return time
                    }
                }
            }
            #expect(error.kind == .denied)
            #expect(error.reason.contains("clock is"))
            #expect(error.reason.contains(seconds > 0 ? "ahead of" : "behind"))
        } when: {
            server == .moto
        }
    }

    @Test(arguments: servers)
    func `credentials that may only read open a source that says so`(server: TestServer) async throws {
        let bucket = try TestBucket(server)
        try bucket.put(Array("a".utf8), [1, 2, 3])
        let engine = try await open(
            bucket, keyID: try server.value("_READER_ACCESS_KEY"), secret: try server.value("_READER_SECRET_KEY"))
        #expect(!engine.capabilities.isWritable)
        #expect(try await engine.read(ObjectKey("a"))?.bytes.array == [1, 2, 3])
        let error = try await #require(throws: StorageError.self) {
            try await engine.write(ObjectKey("a"), StoredBytes("x"))
        }
        #expect(error.kind == .readOnly)
        #expect(error.reason.contains("reading and not writing"))
        #expect(try await engine.listAll(.root).entries.count == 1)
    }

    @Test(arguments: servers)
    func `opening leaves nothing behind`(server: TestServer) async throws {
        let bucket = try TestBucket(server)
        let engine = try await open(bucket)
        #expect(engine.capabilities.isWritable && engine.capabilities.hasConditionalWrite)
        #expect(try await engine.listAll(.root, isDelimited: true).entries == [])
    }

    @Test(arguments: servers)
    func `a large object goes in parts and comes back mapped`(server: TestServer) async throws {
        let bucket = try TestBucket(server)
        let engine = try await open(bucket) { settings in
            settings.multipartLimit = 6 << 20
            settings.partSize = 5 << 20
        }
        let bytes = StoredBytes((0..<(12 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 9) })
        let info = try await engine.write(
            ObjectKey("large"), bytes, condition: .none, contentType: "application/x-ndjson")
        #expect(info.size == 12 << 20)
        // The tag of an object in parts names their number.
        #expect(info.tag.hasSuffix("-3"))
        let read = try #require(try await engine.read(ObjectKey("large")))
        #expect(read.bytes == bytes)
        #expect(read.info == info)
        let headers = try bucket.headers(Array("large".utf8)).map { $0.lowercased() }
        #expect(headers.contains { $0.hasPrefix("content-type: application/x-ndjson") })
        let part = try await engine.read(ObjectKey("large"), range: (9 << 20)..<(11 << 20))
        #expect(part?.bytes.array == bytes.slice((9 << 20)..<(11 << 20)))
    }

    @Test(arguments: servers)
    func `an object has the content type it is given or its name suggests`(server: TestServer) async throws {
        let bucket = try TestBucket(server)
        let engine = try await open(bucket)
        try await engine.write(ObjectKey("a"), StoredBytes("{}"), condition: .none, contentType: "text/x-own")
        try await engine.write(ObjectKey("b.json"), StoredBytes("{}"))
        for (key, type) in [("a", "text/x-own"), ("b.json", "application/json")] {
            let headers = try bucket.headers(Array(key.utf8)).map { $0.lowercased() }
            #expect(headers.contains { $0.hasPrefix("content-type: \(type)") }, "\(key)")
        }
    }

    @Test(arguments: servers)
    func `an object that is written again keeps what a client said of it beside its content`(
        server: TestServer
    ) async throws {
        let bucket = try TestBucket(server)
        let engine = try await open(bucket) { settings in
            settings.multipartLimit = 6 << 20
            settings.partSize = 5 << 20
        }
        var said = [
            "content-type": "text/x-own; charset=utf-8", "content-disposition": "attachment; filename=\"a b.txt\"",
            "cache-control": "max-age=60", "x-amz-meta-by": "two  blanks",
            // No headers of an object: not sent, so that they neither count nor harm.
            "content-length": "1", "x-amz-acl": "public-read", "mode": "0600", "x-amz-meta-bad": "a\r\nx: y",
        ]
        // SeaweedFS forgets a value that is empty.
        if server == .moto { said["x-amz-meta-empty"] = "" }
        for (key, size) in [("small", 10), ("large", 7 << 20)] {
            let bytes = StoredBytes([UInt8](repeating: 0x61, count: size))
            try await engine.write(ObjectWrite(ObjectKey(key), bytes, attributes: said))
            let first = try #require(try await engine.read(ObjectKey(key)))
            for (name, value) in said where !["content-length", "x-amz-acl", "mode", "x-amz-meta-bad"].contains(name) {
                #expect(first.attributes[name] == value, "\(key) \(name)")
            }
            #expect(first.attributes["x-amz-meta-bad"] == nil)
            #expect(try await engine.delete([ObjectKey(key)], pruning: nil).allSatisfy { $0.failure == nil })
            try await engine.write(
                ObjectWrite(ObjectKey(key), first.bytes, condition: .ifAbsent, attributes: first.attributes))
            let again = try #require(try await engine.read(ObjectKey(key)))
            #expect(again.attributes == first.attributes)
            #expect(again.bytes == bytes)
        }
    }

    @Test(arguments: servers)
    func `more objects than one answer holds are listed read and deleted`(server: TestServer) async throws {
        let bucket = try TestBucket(server)
        let engine = try await open(bucket)
        let keys = (0..<1200).map { ObjectKey("k\(10_000 + $0)/s.json") }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for start in stride(from: 0, to: keys.count, by: 150) {
                group.addTask {
                    for key in keys[start..<start + 150] { try await engine.write(key, StoredBytes("x")) }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await engine.listAll(.root).entries.map(\.key) == keys)
        #expect(try await engine.listAll(.root, isDelimited: true).entries.count == 1200)
        let read = try await engine.readMany(Array(keys.prefix(300)))
        #expect(try read.allSatisfy { try $0.get()?.bytes.text == "x" })
        let deletions = try await engine.delete(keys, pruning: nil)
        #expect(deletions.allSatisfy { $0.failure == nil })
        #expect(try await engine.listAll(.root).entries == [])
    }

    @Test(arguments: servers.filter { $0 == .moto })
    func `names that no engine can use are noted and not listed`(server: TestServer) async throws {
        let bucket = try TestBucket(server)
        try bucket.putAll(
            ["good", "a//b", "dir/./x", "marker/"].map { (Array($0.utf8), $0 == "marker/" ? [] : [1]) })
        let page = try await open(bucket).listAll(.root)
        #expect(page.entries.map(\.key.description) == ["good"])
        #expect(page.notes.count == 2)
    }

    @Test(arguments: servers.filter { $0 == .moto })
    func `the bucket may be in the host name`(server: TestServer) async throws {
        let bucket = try TestBucket(server)
        try bucket.put(Array("a".utf8), [7])
        let port = bucket.endpoint.split(separator: ":").last ?? ""
        let engine = try await S3Engine(
            S3Location(
                bucket: bucket.name, prefix: bucket.prefix, region: "us-east-1", endpoint: "http://localhost:\(port)",
                usesPathStyle: false),
            credentials: S3Credentials(keyID: bucket.keyID, secret: bucket.secret))
        #expect(try await engine.read(ObjectKey("a"))?.bytes.array == [7])
        try await engine.write(ObjectKey("b"), StoredBytes("x"), condition: .ifAbsent)
        #expect(try await engine.listAll(.root).entries.map(\.key.description) == ["a", "b"])
    }
}
