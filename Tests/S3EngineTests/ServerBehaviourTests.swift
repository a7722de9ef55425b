import EngineCore
import Glibc
import StoredRecords
import TestSupport
import Testing

@testable import S3Engine

/// What the engine makes of servers that are slow, busy, elsewhere or gone.
@Suite(.blocks) struct ServerBehaviourTests {
    private static let credentials = S3Credentials(keyID: "AKIAKEY", secret: "verysecret", sessionToken: "sometoken")
    private static let emptyList = "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>"

    private func engine(
        _ server: ScriptedServer, readOnly: Bool = true, deadline: Duration = .seconds(300),
        _ change: (inout S3Settings) -> Void = { _ in }
    ) async throws -> S3Engine {
        try await engine(server.endpoint, readOnly: readOnly, deadline: deadline, change)
    }

    private func engine(
        _ endpoint: String, readOnly: Bool = true, deadline: Duration = .seconds(300),
        _ change: (inout S3Settings) -> Void = { _ in }
    ) async throws -> S3Engine {
        var settings = S3Settings()
        settings.firstWait = .milliseconds(2)
        settings.longestWait = .milliseconds(10)
        change(&settings)
        return try await S3Engine(
            S3Location(bucket: "b", prefix: "p", region: "us-east-1", endpoint: endpoint),
            credentials: Self.credentials, options: EngineOptions(readOnly: readOnly, deadline: deadline),
            settings: settings)
    }

    private func failure(_ body: () async throws -> Void) async throws -> StorageError {
        let error = try await #require(throws: StorageError.self) { try await body() }
        for secret in ["AKIAKEY", "verysecret", "sometoken", "Signature="] { #expect(!"\(error)".contains(secret)) }
        return error
    }

    @Test func `requests one after another use one connection`() async throws {
        let server = try ScriptedServer { _ in .status(200, body: Self.emptyList) }
        defer { server.close() }
        let engine = try await engine(server)
        for _ in 0..<20 { #expect(try await engine.list(ObjectListing()).entries == []) }
        #expect(server.requests.count == 21)
        #expect(server.connectionCount == 1)
        #expect(server.requests.allSatisfy { $0.headers["x-amz-security-token"] == "sometoken" })
        #expect(server.requests.allSatisfy { $0.headers["host"] == "127.0.0.1:\(server.port)" })
    }

    @Test func `many objects are on their way at once`() async throws {
        let waiting = Gate()
        let server = try ScriptedServer { request in
            guard request.method == "GET" else { return .status(200) }
            // Answered only when all four are here.
            if request.target.hasSuffix("/k3") { waiting.open() }
            waiting.wait()
            return .status(200, headers: ["ETag": "\"t\""], body: request.target)
        }
        defer { server.close() }
        let engine = try await engine(server)
        let results = try await engine.readMany((0..<4).map { ObjectKey("k\($0)") })
        #expect(try results.map { try $0.get()?.bytes.text } == (0..<4).map { "/b/p/k\($0)" })
    }

    @Test func `more requests than connections take turns and are all answered`() async throws {
        let server = try ScriptedServer { .status(200, headers: ["ETag": "\"t\""], body: $0.target) }
        defer { server.close() }
        let engine = try await engine(server) { $0.connections = 2 }
        let results = try await engine.readMany((0..<100).map { ObjectKey("k\($0)") })
        #expect(try results.map { try $0.get()?.bytes.text } == (0..<100).map { "/b/p/k\($0)" })
        #expect(server.connectionCount <= 2)
    }

    @Test func `connections that break leave none of those that wait behind`() async throws {
        let server = try ScriptedServer { request in
            request.number % 3 == 2 ? .reset : .status(200, headers: ["ETag": "\"t\""], body: request.target)
        }
        defer { server.close() }
        let engine = try await engine(server) {
            $0.connections = 2
            $0.attempts = 50
        }
        let results = try await engine.readMany((0..<60).map { ObjectKey("k\($0)") })
        #expect(try results.map { try $0.get()?.bytes.text } == (0..<60).map { "/b/p/k\($0)" })
    }

    @Test func `a request that waits for a connection is over at the deadline too`() async throws {
        let server = try ScriptedServer { $0.method == "GET" ? .nothing : .status(200) }
        defer { server.close() }
        let engine = try await engine(server, deadline: .seconds(10)) { $0.connections = 1 }
        let results = try await engine.readMany([ObjectKey("a"), ObjectKey("b"), ObjectKey("c")])
        for result in results {
            #expect(throws: StorageError.self) { try result.get() }
            guard case .failure(let error) = result else { continue }
            #expect(error.kind == .timedOut)
        }
        #expect(server.requests.count { $0.method == "GET" } == 1)
    }

    @Test(arguments: [429, 500, 503])
    func `a server that fails for a moment is asked again`(status: Int) async throws {
        let server = try ScriptedServer { request in
            1...2 ~= request.number ? .status(status) : .status(200, body: Self.emptyList)
        }
        defer { server.close() }
        #expect(try await engine(server).list(ObjectListing()).entries == [])
        #expect(server.requests.count == 4)
    }

    @Test func `a connection that breaks is made anew`() async throws {
        let server = try ScriptedServer { request in
            1...3 ~= request.number ? .reset : .status(200, body: Self.emptyList)
        }
        defer { server.close() }
        #expect(try await engine(server).list(ObjectListing()).entries == [])
        #expect(server.requests.count >= 5)
    }

    @Test func `a server that goes on failing is a failure after some attempts`() async throws {
        let server = try ScriptedServer { request in request.number == 0 ? .status(200) : .status(503) }
        defer { server.close() }
        let engine = try await engine(server) { $0.attempts = 3 }
        #expect(try await failure { _ = try await engine.list(ObjectListing()) }.kind == .busy)
        #expect(server.requests.count == 4)
    }

    @Test func `a server that never answers is over at the deadline`() async throws {
        let server = try ScriptedServer { _ in .nothing }
        defer { server.close() }
        let error = try await failure { _ = try await engine(server, deadline: .milliseconds(300)) }
        #expect(error.kind == .timedOut)
        #expect(error.reason == "there was no answer within 300 ms")
    }

    @Test func `a cancelled call returns while the server says nothing`() async throws {
        let arrived = Gate()
        let server = try ScriptedServer { request in
            if request.number == 0 { return .status(200) }
            arrived.open()
            return .nothing
        }
        defer { server.close() }
        let engine = try await engine(server, deadline: .seconds(600))
        let task = Task { try await engine.read(ObjectKey("k")) }
        await arrived.opened()
        task.cancel()
        #expect(try await failure { _ = try await task.value }.kind == .cancelled)
    }

    @Test func `closing ends what is on its way`() async throws {
        let arrived = Gate()
        let server = try ScriptedServer { request in
            if request.number == 0 { return .status(200) }
            arrived.open()
            return .nothing
        }
        defer { server.close() }
        let engine = try await engine(server, deadline: .seconds(600))
        let task = Task { try await engine.read(ObjectKey("k")) }
        await arrived.opened()
        await engine.close()
        #expect(try await failure { _ = try await task.value }.kind == .unavailable)
    }

    @Test func `nothing that listens is said with the host`() async throws {
        let port = try Loopback.freePort()
        let error = try await failure { _ = try await engine("http://127.0.0.1:\(port)") }
        #expect(error.kind == .unavailable)
        #expect(error.reason == "nothing answers at 127.0.0.1:\(port)")
    }

    @Test(arguments: [true, false])
    func `a bucket in another region is found there`(inHeader: Bool) async throws {
        let server = try ScriptedServer { request in
            let scope = request.headers["authorization"] ?? ""
            if scope.contains("/eu-south-2/s3/") { return .status(200, body: Self.emptyList) }
            if inHeader { return .status(301, headers: ["x-amz-bucket-region": "eu-south-2"]) }
            return .status(
                400,
                body: "<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-south-2</Region></Error>")
        }
        defer { server.close() }
        let engine = try await engine(server)
        #expect(try await engine.list(ObjectListing()).entries == [])
        // Learned once.
        #expect(server.requests.last?.headers["authorization"]?.contains("/eu-south-2/s3/") == true)
        #expect(server.requests.count == (inHeader ? 3 : 4))
    }

    @Test func `a server that ignores conditions is found out and its trial object deleted`() async throws {
        let server = try ScriptedServer { request in
            request.method == "DELETE" ? .status(204) : .status(200, headers: ["ETag": "\"t\""])
        }
        defer { server.close() }
        let engine = try await engine(server, readOnly: false)
        #expect(!engine.capabilities.hasConditionalWrite)
        #expect(engine.capabilities.isWritable)
        #expect(server.requests.map(\.method) == ["HEAD", "PUT", "DELETE"])
        #expect(server.requests[1].target == server.requests[2].target)
        // Then it is looked at right before.
        await #expect(throws: StorageError.self) {
            try await engine.write(ObjectKey("k"), StoredBytes("x"), condition: .ifAbsent)
        }
        #expect(server.requests.last?.method == "HEAD")
    }

    @Test func `a conditional write whose answer was lost is no conflict with itself`() async throws {
        let server = try ScriptedServer { request in
            switch (request.method, request.number) {
            case ("PUT", 1): .status(412)
            case ("PUT", 2): .reset
            case ("PUT", _): .status(412)
            case ("GET", _): .status(200, headers: ["ETag": "\"ours\""], body: "content")
            default: .status(200, headers: ["ETag": "\"ours\"", "Content-Length": "7"])
            }
        }
        defer { server.close() }
        let engine = try await engine(server, readOnly: false)
        let info = try await engine.write(ObjectKey("k"), StoredBytes("content"), condition: .ifAbsent)
        #expect(info.tag == "ours")
        await #expect(throws: StorageError.self) {
            try await engine.write(ObjectKey("k"), StoredBytes("other"), condition: .ifAbsent)
        }
    }

    @Test func `a server that compares tags with their quotes is asked without`() async throws {
        let server = try ScriptedServer { request in
            if request.method != "PUT" { return .status(200, headers: ["ETag": "\"now\"", "Content-Length": "1"]) }
            return request.headers["if-match"] == "now" ? .status(200, headers: ["ETag": "\"now\""]) : .status(412)
        }
        defer { server.close() }
        let engine = try await engine(server, readOnly: false)
        try await engine.write(ObjectKey("k"), StoredBytes("x"), condition: .ifUnchanged("now"))
        let error = try await failure {
            try await engine.write(ObjectKey("k"), StoredBytes("x"), condition: .ifUnchanged("before"))
        }
        #expect(error.kind == .conflict)
    }

    @Test func `each key of a delete has its own failure`() async throws {
        let server = try ScriptedServer { request in
            guard request.method == "POST" else { return .status(request.method == "PUT" ? 412 : 200) }
            return .status(
                200,
                body: """
                    <DeleteResult><Error><Key>p/b&amp;c</Key><Code>AccessDenied</Code></Error>\
                    <Error><Key>p/d</Key><Code>InternalError</Code></Error></DeleteResult>
                    """)
        }
        defer { server.close() }
        let engine = try await engine(server, readOnly: false)
        let deletions = try await engine.delete(["a", "b&c", "d"].map { ObjectKey($0) }, pruning: nil)
        #expect(deletions.map { $0.failure?.kind } == [nil, .denied, .unavailable])
        #expect(server.requests.last?.headers["content-md5"] != nil)
    }

    @Test func `a server without batches deletes one by one`() async throws {
        let server = try ScriptedServer { request in
            switch request.method {
            case "POST": .status(501)
            case "PUT": .status(412)
            case "DELETE": .status(request.target.hasSuffix("b") ? 403 : 204)
            default: .status(200)
            }
        }
        defer { server.close() }
        let engine = try await engine(server, readOnly: false)
        let deletions = try await engine.delete(["a", "b", "c"].map { ObjectKey($0) }, pruning: nil)
        #expect(deletions.map { $0.failure?.kind } == [nil, .denied, nil])
    }

    @Test func `credentials that have expired are looked for again`() async throws {
        let directory = try TemporaryDirectory()
        let file = directory.path("credentials")
        try RawFiles.write(file, "[default]\naws_access_key_id=OLD\naws_secret_access_key=s\n")
        let server = try ScriptedServer { request in
            request.headers["authorization"]?.contains("Credential=NEW/") == true || request.number == 0
                ? .status(200, body: Self.emptyList)
                : .status(400, body: "<Error><Code>ExpiredToken</Code></Error>")
        }
        defer { server.close() }
        var settings = S3Settings()
        settings.variable = { $0 == "AWS_SHARED_CREDENTIALS_FILE" ? file : nil }
        let engine = try await S3Engine(
            S3Location(bucket: "b", region: "r", endpoint: server.endpoint), options: EngineOptions(readOnly: true),
            settings: settings)
        let error = try await failure { _ = try await engine.list(ObjectListing()) }
        #expect(error.reason == "the session token has expired")
        try RawFiles.write(file, "[default]\naws_access_key_id=NEW\naws_secret_access_key=s\n")
        #expect(try await engine.list(ObjectListing()).entries == [])
    }

    @Test func `a listing in the order of a tree is put in order and loses nothing`() async throws {
        let tree = ["p/a/1", "p/a/2", "p/a!", "p/a0"]
        let server = try ScriptedServer { request in
            guard request.target.contains("list-type") else { return .status(200) }
            let parts = request.target.split(separator: "&")
            let after = parts.first { $0.hasPrefix("start-after=") }?.dropFirst(12).replacing("%2F", with: "/")
                .replacing("%21", with: "!")
            let count = parts.first { $0.hasPrefix("max-keys=") }.flatMap { Int($0.dropFirst(9)) } ?? 0
            let start = after.flatMap { tree.firstIndex(of: String($0)) }.map { $0 + 1 } ?? 0
            let shown = tree[start..<min(tree.count, start + count)]
            let isCut = start + count < tree.count
            return .status(
                200,
                body: "<ListBucketResult><IsTruncated>\(isCut)</IsTruncated>"
                    + (isCut ? "<NextContinuationToken>t</NextContinuationToken>" : "")
                    + shown.map { "<Contents><Key>\($0)</Key><Size>1</Size></Contents>" }.joined()
                    + "</ListBucketResult>")
        }
        defer { server.close() }
        let engine = try await engine(server)
        // Nothing in the first page shows the order; the second does.
        let first = try await engine.list(ObjectListing(limit: 2))
        #expect(first.entries.map(\.key.description) == ["a/1", "a/2"])
        let second = try await engine.list(ObjectListing(after: first.next, limit: 2))
        #expect(second.entries.map(\.key.description) == ["a!", "a0"])
        let all = try await engine.list(ObjectListing(limit: 10))
        #expect(all.entries.map(\.key.description) == ["a!", "a/1", "a/2", "a0"])
    }

    @Test func `ten thousand groups take ten list requests`() async throws {
        let server = try ScriptedServer { request in
            guard request.target.contains("list-type") else { return .status(200) }
            let number =
                request.target.split(separator: "&").first { $0.contains("continuation-token=") }
                .flatMap { Int($0.split(separator: "=").last ?? "") } ?? 0
            let groups = (0..<1000).map {
                "<CommonPrefixes><Prefix>p/k\(10_000 + number * 1000 + $0)/</Prefix></CommonPrefixes>"
            }
            let rest =
                number < 9
                ? "<IsTruncated>true</IsTruncated><NextContinuationToken>\(number + 1)</NextContinuationToken>" : ""
            return .status(200, body: "<ListBucketResult>\(rest)\(groups.joined())</ListBucketResult>")
        }
        defer { server.close() }
        let engine = try await engine(server)
        #expect(try await engine.listAll(.root, isDelimited: true).entries.count == 10_000)
        #expect(server.requests.filter { $0.target.contains("list-type") }.count == 10)
    }

    @Test func `a certificate that is not trusted or is another host's is refused`() async throws {
        let directory = try TemporaryDirectory()
        let (certificate, key) = (directory.path("certificate"), directory.path("key"))
        let made = try ProgramRun.run(
            "/usr/bin/openssl",
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test", "-addext",
                "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate,
            ])
        #expect(made.code == 0)
        let port = try Loopback.freePort()
        let isServed = DetachedThread.start {
            // It ends by itself.
            _ = try? ProgramRun.run(
                "/usr/bin/timeout",
                [
                    "120", "/usr/bin/openssl", "s_server", "-accept", "\(port)", "-cert", certificate, "-key", key,
                    "-www",
                ])
        }
        try #require(isServed)
        while !connects(port) { poll(nil, 0, 5) }
        func reason(
            _ host: String, trusting: String?, deadline: Duration = .seconds(60)
        ) async throws -> String {
            try await failure {
                _ = try await S3Engine(
                    S3Location(
                        bucket: "b", region: "r", endpoint: "https://\(host):\(port)", certificates: trusting),
                    credentials: Self.credentials, options: EngineOptions(readOnly: true, deadline: deadline))
            }.reason
        }
        #expect(try await reason("127.0.0.1", trusting: nil) == "the certificate of 127.0.0.1:\(port) is not trusted")
        #expect(
            try await reason("localhost", trusting: certificate)
                == "the certificate of localhost:\(port) is not trusted")
        // Past TLS, the program has no answer to a HEAD.
        let trusted = try await reason("127.0.0.1", trusting: certificate, deadline: .seconds(3))
        #expect(trusted == "there was no answer within 3 s")
    }

    private func connects(_ port: UInt16) -> Bool {
        guard let connection = Loopback.connection(to: port) else { return false }
        close(connection)
        return true
    }
}
