import JSONText
import TestSupport
import Testing

/// The server goes away in the middle of a trim and comes back. The next
/// opening must find the trim done or not begun, and nothing lost: what reads
/// the servers here are other programs.
@Suite(.blocks) struct OutageTests {
    /// Where the connection ends: before the server hears of it, or before its answer.
    private struct Cut: CustomStringConvertible {
        var read: Int
        var passesOn: Bool

        var description: String { "cut \(passesOn ? "after" : "before") what came at \(read)" }

        static func spread(over reads: Int, count: Int) -> [Cut] {
            (0..<count).map { Cut(read: 1 + $0 * max(1, reads - 1) / max(1, count - 1), passesOn: $0 % 2 == 0) }
        }
    }

    @Test(arguments: [TestServer.moto, .seaweedfs].filter(\.isWanted))
    func `an outage anywhere in a trim of objects loses nothing`(server: TestServer) throws {
        let peaceful = try Agents(server)
        let start = try peaceful.contents()
        try #require(start.count == Agents.messages + 1)
        let before = peaceful.proxy.seen.reads
        let run = try peaceful.trim()
        try #require(run.code == 0, "\(run.errors)")
        let end = try peaceful.contents()
        try #require(end.count == Agents.kept + 1, "\(run.text)")

        var ends: Set<String> = []
        @discardableResult
        func check(_ cut: String, _ fault: (_ reads: Int) -> ServerProxy.Fault) throws -> Int32 {
            let agents = try Agents(server)
            agents.proxy.set(fault(agents.proxy.seen.reads))
            let failed = try agents.trim()
            agents.proxy.set(.none)
            if failed.code != 0 {
                #expect(failed.code == 1, "\(cut): \(failed.errors)")
                #expect(failed.errorLines.last?.hasPrefix("ctxbrowse: cannot ") == true, "\(cut): \(failed.errors)")
            }
            // Listing opens the source, which brings the trim to its end.
            let listed = try agents.run(["list", "threads", "--json", agents.location])
            #expect(listed.code == 0, "\(cut): \(listed.errors)")
            #expect(listed.lines.count == 1, "\(cut)")
            let contents = try agents.contents()
            if contents == end {
                ends.insert("trimmed")
                let undone = try agents.run(["undo"])
                #expect(
                    undone.code == 0,
                    "\(cut): \(failed.code) \(failed.text)\(failed.errors)\(listed.errors)\(undone.errors)")
                #expect(try agents.contents() == start, "undo, \(cut)")
            } else {
                ends.insert("as before")
                #expect(
                    contents == start, "neither the old nor the new state, \(cut): \(failed.errors)\(listed.errors)")
                let again = try agents.trim()
                #expect(again.code == 0, "\(cut): \(again.errors)")
                #expect(try agents.contents() == end, "again, \(cut)")
            }
            return failed.code
        }
        for cut in Cut.spread(over: peaceful.proxy.seen.reads - before, count: 9) {
            try check("\(cut)") { .goneAtRead($0 + cut.read, passesOn: cut.passesOn) }
        }
        // How many pieces a request comes in is up to the machine: these two moments are met in any case.
        #expect(try check("before the first object is deleted") { _ in .cutBefore("?delete") } == 1)
        #expect(try check("after all was deleted") { _ in .cutAfter("?delete") } == 1)
        #expect(ends == ["trimmed", "as before"])
    }

    @Test(.enabled(if: TestServer.redis.isWanted))
    func `an outage anywhere in a trim of a thread in Redis changes all or nothing`() throws {
        let commands = try ServerCommands()
        let place = try RedisPlace()
        let proxy = try ServerProxy(to: TestServer.redis.port())
        let location = "redis://127.0.0.1:\(proxy.port)/\(place.database)"
        let key = Array("thread:t".utf8)
        let old = RawRedis.Reply.bytes(
            JSONValue(members: [
                ("id", "t"),
                ("messages", .array((0..<40).map { ["role": "user", "content": .text("message \($0)")] })),
            ]).serializedBytes(.compact))
        guard case .bytes(let bytes) = old else { return }
        func trim() throws -> ProgramRun { try commands.run(["trim", "t", "--keep", "5", "--yes", location]) }
        func value() throws -> RawRedis.Reply { try place.raw.run([Array("GET".utf8), key]) }

        try place.raw.run([Array("SET".utf8), key, bytes])
        let before = proxy.seen.reads
        #expect(try trim().code == 0)
        let new = try value()
        #expect(new != old)

        var ends: Set<String> = []
        for read in 1...(proxy.seen.reads - before) {
            for passesOn in [false, true] {
                let cut = Cut(read: read, passesOn: passesOn)
                try place.raw.run([Array("SET".utf8), key, bytes])
                proxy.set(.goneAtRead(proxy.seen.reads + read, passesOn: passesOn))
                let failed = try trim()
                proxy.set(.none)
                // Done or not begun at once, and no later opening changes that.
                let settled = try value()
                #expect(settled == old || settled == new, "\(cut)")
                if failed.code == 0 { #expect(settled == new, "\(cut)") }
                #expect(try commands.run(["list", "threads", location]).code == 0, "\(cut)")
                #expect(try value() == settled, "\(cut)")
                ends.insert(settled == new ? "trimmed" : "as before")
                if settled == old {
                    let again = try trim()
                    #expect(again.code == 0, "\(cut): \(again.errors)")
                    #expect(try value() == new, "again, \(cut)")
                }
                #expect(try commands.run(["undo"]).code == 0, "\(cut)")
                #expect(try value() == old, "undo, \(cut)")
            }
        }
        #expect(ends == ["trimmed", "as before"])
    }

    @Test(.enabled(if: TestServer.postgres.isWanted), .usesPostgres)
    func `an outage anywhere in a trim of a thread in PostgreSQL changes all or nothing`() throws {
        let commands = try ServerCommands()
        let database = try PostgresDatabase()
        try database.fillThreads(["t"], messages: 40)
        let proxy = try ServerProxy(to: database.port)
        let location = try database.location(by: proxy)
        func run(_ arguments: String...) throws -> ProgramRun {
            // The journal keeps no password, so that an undo asks for it.
            try commands.run(arguments, ["PGPASSWORD": PostgresDatabase.password])
        }
        func trim() throws -> ProgramRun { try run("trim", "t", "--keep", "5", "--yes", location) }

        let old = try database.threadRows()
        let before = proxy.seen.reads
        #expect(try trim().code == 0)
        let reads = proxy.seen.reads - before
        let new = try database.threadRows()
        #expect(new.count == 1 + 5)
        #expect(try run("undo").code == 0)
        #expect(try database.threadRows() == old)

        var ends: Set<String> = []
        func check(_ what: String, _ fault: ServerProxy.Fault) throws {
            proxy.set(fault)
            let failed = try trim()
            proxy.set(.none)
            // Done or not begun at once, and no later opening changes that.
            let settled = try database.threadRows()
            #expect(settled == old || settled == new, "\(what)")
            if failed.code == 0 {
                #expect(settled == new, "\(what)")
            } else {
                #expect(failed.code == 1, "\(what): \(failed.errors)")
                #expect(failed.errorLines.last?.hasPrefix("ctxbrowse: cannot ") == true, "\(what): \(failed.errors)")
            }
            let listed = try run("list", "threads", location)
            #expect(listed.code == 0 && listed.lines.count == 1, "\(what): \(listed.errors)")
            #expect(try database.threadRows() == settled, "\(what)")
            ends.insert(settled == new ? "trimmed" : "as before")
            if settled == old {
                let again = try trim()
                #expect(again.code == 0, "\(what): \(again.errors)")
                #expect(try database.threadRows() == new, "again, \(what)")
            }
            let undone = try run("undo")
            #expect(undone.code == 0, "\(what): \(undone.errors)")
            #expect(try database.threadRows() == old, "undo, \(what)")
        }
        for cut in Cut.spread(over: reads, count: 9) {
            try check("\(cut)", .goneAtRead(proxy.seen.reads + cut.read, passesOn: cut.passesOn))
        }
        try check("before the commit", .cutBefore("COMMIT"))
        try check("after the commit", .cutAfter("COMMIT"))
        #expect(ends == ["trimmed", "as before"])
    }
}

/// One agent's conversation in a bucket, reached through a proxy.
private struct Agents {
    static let messages = 48
    static let kept = 20

    let commands: ServerCommands
    let proxy: ServerProxy
    let bucket: TestBucket
    let location: String

    init(_ server: TestServer) throws {
        commands = try ServerCommands()
        bucket = try TestBucket(server)
        proxy = try ServerProxy(to: UInt16(bucket.endpoint.split(separator: ":").last ?? "") ?? 0)
        location =
            "s3://\(bucket.name)/\(bucket.prefix)?endpoint=http://127.0.0.1:\(proxy.port)&region=us-east-1&path-style=true"
        try bucket.putConversation("case", messages: Self.messages)
    }

    func run(_ arguments: [String]) throws -> ProgramRun {
        try commands.run(arguments, bucket.server.credentials())
    }

    func trim() throws -> ProgramRun {
        try run(["trim", "bot/case", "--keep", String(Self.kept), "--yes", location])
    }

    /// What is stored, without the prefix that differs from test to test.
    func contents() throws -> [String] { try bucket.listing().map { String($0.dropFirst(bucket.prefix.count)) } }
}
