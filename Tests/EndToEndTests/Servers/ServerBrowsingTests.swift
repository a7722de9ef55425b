import Glibc
import JSONText
import TestSupport
import Testing

/// The browser over every engine at once, two of whose servers are in trouble.
@Suite(
    .blocks,
    .enabled(
        if: [TestServer.redis, .redisCluster, .postgres, .moto, .seaweedfs].allSatisfy(\.isWanted),
        "not all servers are there"), .usesRedis, .usesPostgres)
struct ServerBrowsingTests {
    @Test("Servers that refuse or never answer hold up neither the others nor the keys, and are tried again")
    func troubledServers() throws {
        let commands = try ServerCommands()
        let place = try RedisPlace()
        let cluster = try RedisPlace(.cluster)
        for redis in [place, cluster] {
            for id in ["a", "b"] {
                try redis.raw.run(
                    "SET", "thread:\(id)", #"{"id":"\#(id)","messages":[{"role":"user","content":"hi"}]}"#)
            }
        }
        let late = LateRedis(directory: commands.directory)
        let silent = try ServerProxy(to: TestServer.redis.port(), .silence)
        var sources: [(name: String, settings: JSONValue)] = [
            ("file-store", .text("\(PackagePlaces.fixtures)/looopy/_agent_store")),
            ("sqlite-store", .text("sqlite:\(commands.healthy)")),
            ("redis-store", .text("redis://127.0.0.1:\(try TestServer.redis.port())/\(place.database)")),
            ("cluster-store", .text("redis://127.0.0.1:\(try TestServer.redisCluster.port())/0")),
            ("refusing", .text("redis://127.0.0.1:\(late.port)/0")),
            ("silent", ["location": .text("redis://127.0.0.1:\(silent.port)/\(place.database)"), "deadline": 5]),
        ]
        var credentials = ""
        for server in [TestServer.moto, .seaweedfs] {
            let bucket = try TestBucket(server)
            for name in ["state.json", "search.json"] {
                try bucket.put(
                    Array("indexes/one/\(name)".utf8),
                    Array(#"{"version":1,"contextState":{"mode":"full","blobs":[]},"source":{"type":"github"}}"#.utf8))
            }
            let profile = server == .moto ? "moto" : "weed"
            // Of one server, those of a user who may not write.
            let role = server == .moto ? "_READER" : ""
            credentials += """
                [\(profile)]
                aws_access_key_id=\(try server.value("\(role)_ACCESS_KEY"))
                aws_secret_access_key=\(try server.value("\(role)_SECRET_KEY"))

                """
            sources.append(
                (
                    "s3-\(profile)",
                    [
                        "location": .text(
                            "s3://\(bucket.name)/\(bucket.prefix)?endpoint=\(bucket.endpoint)&region=us-east-1"
                                + "&path-style=true&profile=\(profile)")
                    ]
                ))
        }
        let database = try PostgresDatabase()
        try database.fillThreads(["a", "b", "c"], messages: 1)
        sources.append(("postgres-store", .text(database.location)))
        try RawFiles.makeDirectory(commands.directory.path(".aws"))
        try RawFiles.write(commands.directory.path(".aws/credentials"), credentials)
        try commands.configure(sources)

        let session = try BrowserSession([], home: commands.directory.path)
        // Keys are answered while there are sources that have not.
        try session.press("?", until: "Keys of this screen")
        try session.press("q", whileShown: "Keys of this screen")
        try session.press("5", untilTop: "5 Sources 9")
        func wait(_ keys: String = "", for name: String, _ texts: String...) throws {
            try session.press(keys, until: "\(name) \(texts)") { picture in
                picture.lines.contains { line in
                    line.contains(" \(name) ") && texts.allSatisfy { line.contains($0) }
                }
            }
        }
        try wait(for: "file-store", " 8 ", " 24 ", "ok · files")
        try wait(for: "sqlite-store", " 14 ", "ok · SQLite")
        try wait(for: "redis-store", " 2 ", "ok · Redis")
        try wait(for: "cluster-store", " 2 ", "ok · Redis")
        try wait(for: "s3-moto", " 1 ", "read-only · S3")
        try wait(for: "s3-weed", " 1 ", "ok · S3")
        try wait(for: "postgres-store", " 3 ", "ok · PostgreSQL")
        try wait(for: "refusing", "error: nothing listens there, retry in ", " s")
        try wait(for: "silent", "error: there was no answer within 5 s, retry in ", " s")

        // By itself, once the server is there.
        try late.start()
        try wait(for: "refusing", " 1 ", "ok · Redis")
        // By a key.
        silent.set(.none)
        silent.drop()
        try wait("r", for: "silent", " 2 ", "ok · Redis")

        // A key that would change what may only be read says why not.
        try session.press("gjjjjjj", until: "why the source is read-only") {
            $0.text.contains("> s3-moto") && $0.text.contains("the credentials allow reading and not writing here")
        }
        try session.press("\r", until: "> one")
        try session.press("d", until: "s3-moto is read-only: the credentials allow r")
        #expect(session.end("Q") == 0)
        #expect(session.isRestored)
        #expect(!session.picture.text.contains("secret"))
        #expect(!session.picture.text.contains("word"))
    }
}

/// A Redis server that does not listen before it is started.
private final class LateRedis {
    let port: UInt16
    private let directory: TemporaryDirectory
    private var process: pid_t = 0

    init(directory: TemporaryDirectory) {
        self.directory = directory
        port = (try? Loopback.freePort()) ?? 1
    }

    deinit { if process > 0 { kill(process, SIGKILL) } }

    func start() throws {
        let pid = directory.path("redis.pid")
        let run = try ProgramRun.run(
            "/usr/bin/env",
            [
                "redis-server", "--port", "\(port)", "--bind", "127.0.0.1", "--daemonize", "yes", "--save", "",
                "--pidfile", pid, "--dir", directory.path,
            ], environment: ["PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin"])
        guard run.code == 0 else { throw RawRedisFailure(description: run.errors) }
        let raw = RawRedis(address: "127.0.0.1:\(port)")
        let thread = #"{"id":"x","messages":[]}"#
        // It listens a moment after it said that it runs.
        for _ in 0..<4000 where (try? raw.run("SET", "thread:x", thread)) == nil { poll(nil, 0, 5) }
        process = pid_t(String(decoding: try RawFiles.read(pid), as: UTF8.self).filter(\.isNumber)) ?? 0
    }
}
