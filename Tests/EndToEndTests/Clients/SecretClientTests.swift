import JSONText
import TestSupport
import Testing

/// A password that opens a source is in nothing that the program prints or keeps.
@Suite(.usesRedis) struct SecretClientTests {
    /// The password of the test server's users, as it is and as a URL spells it.
    private static let password = "pass:word@1/2"
    private static let escaped = "pass%3Aword%401%2F2"

    /// Everything below a directory as one text, names included.
    private func everything(below path: String) throws -> String {
        var text = ""
        for name in RawFiles.names(path) {
            text += name + "\n"
            let inner = path + "/" + name
            if RawFiles.names(inner).isEmpty, let bytes = try? RawFiles.read(inner) {
                text += String(decoding: bytes, as: UTF8.self) + "\n"
            } else {
                text += try everything(below: inner)
            }
        }
        return text
    }

    /// Runs each command line and expects none of the secrets in what it says or leaves behind.
    private func expectNone(
        of secrets: [String], _ program: Program, _ lines: [([String], Int32)],
        location: SourceLocation = #_sourceLocation
    ) throws {
        for (words, code) in lines {
            let run = try program.run(words)
            #expect(run.code == code, "\(words.first ?? ""): \(run.errors)", sourceLocation: location)
            for secret in secrets {
                #expect(
                    !run.text.contains(secret) && !run.errors.contains(secret), "\(words.first ?? "")",
                    sourceLocation: location)
            }
        }
        let state = program.directory.path("state")
        let kept = try everything(below: state)
        #expect(kept.contains("recovery"), sourceLocation: location)
        for secret in secrets { #expect(!kept.contains(secret), "\(secret) is kept", sourceLocation: location) }
        #expect(try RawFiles.mode(state + "/ctxbrowse") == 0o700, sourceLocation: location)
    }

    @Test(.enabled(if: Client.isWanted(.redis)))
    func `a Redis password is in no output and no file, and an undo finds it where the source is configured`() throws {
        let here = try RedisClientPlace(.tcp)
        try here.client.run("write-threads", "2", "6")
        let before = try here.value("thread:thread-000000")
        let address = here.place.address
        let url = "redis://writer:\(Self.escaped)@\(address)"
        let secrets = [Self.password, Self.escaped, "word@1"]
        try expectNone(
            of: secrets, here.program,
            [
                (["sources", url], 0), (["sources", "--json", url], 0), (["list", "threads", url], 0),
                (["list", "threads", "--json", url], 0), (["show", "thread", "thread-000000", url], 0),
                (["show", "thread", "missing", url], 3), (["search", "plain", url], 0),
                (["trim", "thread-000000", "--keep", "2", "--dry-run", url], 0),
                (["trim", "thread-000000", "--keep", "2", "--yes", url], 0),
                (["trim", "missing", "--keep", "2", "--yes", url], 3),
                (["copy", "threads", "thread-000000", "--into", url, url], 4),
                (["list", "threads", url.replacing("writer:", with: "nobody:")], 1),
                (["list", "threads", "redis://writer:\(Self.escaped)x@\(address)"], 1),
                (["list", "threads", "redis://writer:\(Self.escaped)@127.0.0.1:1/0"], 1),
                (["list", "threads", "redis://writer:\(Self.password)@\(address)"], 2),
                (["undo", "--list"], 0), (["undo", "--list", "--json"], 0),
            ])
        #expect(try here.client.run("read-thread", "thread-000000")["thread"]?["messages"]?.childCount == 2)

        // The server lets nobody in without a password but its default user, who is another one.
        let configuration = here.program.directory.path("config.json")
        try RawFiles.write(
            configuration,
            #"{"sources": {"agents": "redis://writer:${REDIS_SECRET}@\#(address)"}}"#)
        var configured = here.program
        configured.environment["REDIS_SECRET"] = Self.escaped
        try expectNone(
            of: secrets, configured,
            [
                (["sources", "--config", configuration], 0), (["list", "threads", "--config", configuration], 0),
                (["undo", "--config", configuration], 0),
                (["delete", "threads", "thread-000001", "--yes", "agents", "--config", configuration], 0),
                (["undo", "--config", configuration], 0), (["undo", "--list"], 0),
            ])
        #expect(try here.value("thread:thread-000000") == before)
        #expect(try here.client.run("list")["threads"]?.each("messages") == [6, 6])
    }

    @Test(.enabled(if: Client.isWanted(.postgres)), .usesPostgres)
    func `a PostgreSQL password is in no output and no file, and an undo is told the source`() throws {
        let database = try PostgresDatabase()
        let client = Client(.postgres, database.location)
        let program = try Program()
        try client.run("create")
        try client.run("write-threads", "1", "6")
        let before = try client.run("read-thread", "thread-000000")
        let url = database.location
        let wrong = database.location(user: "tester", password: Self.escaped + "x", query: "?sslmode=disable")
        let secrets = [Self.password, Self.escaped, "word@1"]
        try expectNone(
            of: secrets, program,
            [
                (["sources", url], 0), (["sources", "--json", url], 0), (["list", "threads", url], 0),
                (["show", "thread", "thread-000000", url], 0), (["search", "plain", url], 0),
                (["trim", "thread-000000", "--keep", "2", "--yes", url], 0),
                (["show", "thread", "missing", url], 3), (["list", "threads", wrong], 1),
                (
                    [
                        "list", "threads",
                        url.replacing("sslmode=disable", with: "sslmode=disable&password=pass:word@1"),
                    ], 1
                ),
                (["list", "threads", url.replacing(database.name, with: "nowhere")], 3),
                (["undo", "--list"], 0), (["undo", "--list", "--json"], 0),
            ])
        let entry = try #require(try program.records("undo", "--list", "--json").first?["entry"]?.stringValue)
        #expect(try client.run("read-thread", "thread-000000")["messages"]?.childCount == 2)
        try expectNone(of: secrets, program, [(["undo", entry, url], 0)])
        #expect(try client.run("read-thread", "thread-000000") == before)
    }

    @Test(.enabled(if: Client.isWanted(.moto) || Client.isWanted(.seaweedfs)), arguments: BucketClientPlace.servers)
    func `a bucket's secret key is in no output and no file`(_ server: TestServer) throws {
        let here = try BucketClientPlace(server)
        try here.client.run("write-indexes", "docs", "web")
        let url = here.url
        let before = try here.objects()
        try expectNone(
            of: [here.bucket.secret], here.program,
            [
                (["sources", url], 0), (["sources", "--json", url], 0), (["list", "indexes", url], 0),
                (["show", "index", "docs", url], 0), (["delete", "indexes", "docs", "--yes", url], 0),
                (["list", "indexes", url.replacing(here.bucket.name, with: "no-such-bucket")], 3),
                (["list", "indexes", url.replacing(here.bucket.endpoint, with: "http://127.0.0.1:1")], 1),
                (["undo", "--list"], 0), (["undo"], 0),
            ])
        #expect(try here.objects() == before)

        // Credentials in the wrong place are not kept or shown either.
        let wrong = url.replacing(
            "http://", with: "http://\(here.bucket.keyID):\(here.bucket.secret.filter(\.isLetter))@")
        let run = try here.program.run("list", "indexes", wrong)
        #expect(run.code != 0)
        #expect(!(run.text + run.errors).contains(here.bucket.secret.filter(\.isLetter)))
    }
}
