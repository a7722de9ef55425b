import JSONText
import TestSupport
import Testing

/// Who may only read is refused every change before anything is written, with
/// one sentence that says what, where and why.
@Suite(.blocks) struct RefusalTests {
    /// A store of two threads on a server.
    private struct Store {
        /// Its location for who may change it, and as the engine names that.
        var writer: String
        var writerPlace: String
        var variables: [String: String] = [:]
        /// The same for who may only read it, and as the source names it.
        var reader: String
        var readerPlace: String
        var readerSource: String
        var readerVariables: [String: String] = [:]
        /// Why the server, or what it granted, refuses the reader.
        var reason: String
        /// The ids of the threads: one that is trimmed before, one that is not.
        var threads: [String]
        /// What other programs find there.
        var contents: () throws -> [String]
    }

    /// One way to be refused.
    private struct Case {
        var words: [String]
        var sentence: String
        var variables: [String: String]
    }

    private func check(_ store: Store, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let commands = try ServerCommands()
        try commands.configure([("kept", ["location": .text(store.writer), "readOnly": true])])
        let (trimmed, other) = (store.threads[0], store.threads[1])
        let start = try store.contents()
        let trim = try commands.run(["trim", trimmed, "--keep", "1", "--yes", store.writer], store.variables)
        try #require(trim.code == 0, "\(trim.errors)", sourceLocation: sourceLocation)
        func entries() throws -> ProgramRun { try commands.run(["undo", "--list", "--json"]) }
        let listed = try entries()
        let entry = try #require(try listed.lines.first.flatMap { try JSONValue.parse($0)["entry"]?.stringValue })
        let before = try store.contents()
        #expect(before != start, sourceLocation: sourceLocation)

        let changes = [["trim", other, "--keep", "1", "--yes"], ["delete", "threads", other, "--yes"]]
        let opened = "the source is opened read-only; open it without --read-only or \"readOnly\""
        var cases: [Case] = []
        func add(_ words: [String], _ sentence: String, _ variables: [String: String]) {
            cases.append(Case(words: words, sentence: sentence, variables: variables))
        }
        for change in changes {
            let act = "cannot \(change[0])"
            let what = "\(act) thread \(other) in"
            add(change + [store.reader], "\(what) \(store.readerSource): \(store.reason)", store.readerVariables)
            add(change + ["kept"], "\(what) kept: \(opened)", store.variables)
            add(
                change + ["--read-only", store.writer], "\(act) with --read-only; leave it out to change anything",
                store.variables)
        }
        let undo = ["undo", entry]
        let what = "cannot undo \(entry) in"
        add(undo + [store.reader], "\(what) \(store.readerPlace): \(store.reason)", store.readerVariables)
        add(undo + ["kept"], "\(what) \(store.writerPlace): \(opened)", store.variables)
        // The newest, whose source the configuration knows.
        add(["undo"], "\(what) \(store.writerPlace): \(opened)", store.variables)
        add(
            undo + ["--read-only", store.writer], "cannot undo with --read-only; leave it out to change anything",
            store.variables)

        for one in cases {
            let run = try commands.run(one.words, one.variables)
            #expect(run.errorLines == ["ctxbrowse: \(one.sentence)"], sourceLocation: sourceLocation)
            #expect(run.code == 4, "\(one.words)", sourceLocation: sourceLocation)
            #expect(run.lines == [], sourceLocation: sourceLocation)
            #expect(try store.contents() == before, "\(one.words)", sourceLocation: sourceLocation)
            #expect(try entries().lines == listed.lines, "\(one.words)", sourceLocation: sourceLocation)
        }

        // Nothing is copied there either. That the thread is there already is not what is told.
        for (into, reason, variables) in [
            (store.reader, store.reason, store.readerVariables), ("kept", opened, store.variables),
        ] {
            let run = try commands.run(["copy", "threads", other, store.writer, "--into", into], variables)
            #expect(run.errorLines.count == 1 && run.code == 4, sourceLocation: sourceLocation)
            let sentence = try #require(run.errorLines.first, sourceLocation: sourceLocation)
            #expect(sentence.hasPrefix("ctxbrowse: cannot copy thread \(other) into "), sourceLocation: sourceLocation)
            #expect(sentence.hasSuffix(": \(reason)"), "\(sentence)", sourceLocation: sourceLocation)
            #expect(try store.contents() == before, sourceLocation: sourceLocation)
        }

        // Reading is not refused, and nothing was spoiled for who may write.
        let read = try commands.run(["show", "thread", other, "--json", store.reader], store.readerVariables)
        #expect(read.code == 0 && read.lines.count == 3, "\(read.errors)", sourceLocation: sourceLocation)
        let undone = try commands.run(undo + [store.writer], store.variables)
        #expect(undone.code == 0, "\(undone.errors)", sourceLocation: sourceLocation)
        #expect(try store.contents() == start, sourceLocation: sourceLocation)
    }

    @Test(.usesRedis, arguments: [RedisRoute.tcp, .cluster].filter(\.server.isWanted))
    func `Redis: a user of the server who may only read, a source and a run that may only read`(route: RedisRoute)
        throws
    {
        let place = try RedisPlace(route)
        let reader = "reader-\(UInt64.random(in: 0 ... .max))"
        for address in try place.raw.primaries() {
            _ = try place.raw.run(
                ["ACL", "SETUSER", reader, "on", ">sesame", "~*", "+@read", "+@connection", "+cluster|slots"],
                at: address)
        }
        defer {
            for address in (try? place.raw.primaries()) ?? [] {
                _ = try? place.raw.run(["ACL", "DELUSER", reader], at: address)
            }
        }
        let threads = ["a", "b"]
        for id in threads {
            let messages = (0..<3).map { JSONValue(members: [("role", "user"), ("content", .text("message \($0)"))]) }
            let thread = JSONValue(members: [("id", .text(id)), ("messages", .array(messages))])
            try place.raw.run([Array("SET".utf8), Array("thread:\(id)".utf8), thread.serializedBytes(.compact)])
        }
        try check(
            Store(
                writer: "redis://\(place.address)", writerPlace: "redis://\(place.address)",
                reader: "redis://\(reader):sesame@\(place.address)", readerPlace: "redis://\(place.address)",
                readerSource: "redis://\(reader):@\(place.address)",
                reason: "the server's user may only read", threads: threads,
                contents: { try threads.map { "\(try place.raw.run("GET", "thread:\($0)"))" } }))
    }

    @Test(.enabled(if: TestServer.postgres.isWanted), .usesPostgres)
    func `PostgreSQL: a role that may only read, a source and a run that may only read`() throws {
        let database = try PostgresDatabase()
        try database.fillThreads(["a", "b"], messages: 3)
        let role = "u" + database.name
        try database.run("CREATE ROLE \(role) LOGIN PASSWORD 'sesame'; GRANT SELECT ON threads, messages TO \(role)")
        let server = "127.0.0.1:\(try database.port)/\(database.name)"
        try check(
            Store(
                writer: database.location, writerPlace: "postgres://tester@\(server)",
                reader: database.location(user: role, password: "sesame"), readerPlace: "postgres://\(role)@\(server)",
                readerSource: "postgres://\(role)@\(server)",
                reason: "the database lets this user only read threads and messages", threads: ["a", "b"],
                contents: database.threadRows))
    }

    @Test(arguments: [TestServer.moto, .seaweedfs].filter(\.isWanted))
    func `S3: a key that may only read, a source and a run that may only read`(server: TestServer) throws {
        let bucket = try TestBucket(server)
        for name in ["a", "b"] { try bucket.putConversation(name, messages: 3) }
        let location =
            "s3://\(bucket.name)/\(bucket.prefix)?endpoint=\(bucket.endpoint)&region=us-east-1&path-style=true"
        try check(
            Store(
                writer: location, writerPlace: location, variables: server.credentials(), reader: location,
                readerPlace: location, readerSource: String(location.prefix { $0 != "?" }),
                readerVariables: server.credentials(
                    key: server.value("_READER_ACCESS_KEY"), secret: server.value("_READER_SECRET_KEY")),
                reason: "the credentials allow reading and not writing here", threads: ["bot/a", "bot/b"],
                contents: bucket.listing))
    }
}
