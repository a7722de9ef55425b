import TestSupport
import Testing

/// Values of 200 MB. Memory is bounded by the system, so that a program that
/// takes them into memory to list them ends.
@Suite(.writesLargeFiles) struct HugeValueTests {
    private static let size = 200_000_000

    /// Runs the program with so much memory for its data and stacks.
    private func run(
        _ commands: ServerCommands, _ arguments: [String], kilobytes: Int, _ variables: [String: String] = [:]
    ) throws -> ProgramRun {
        try ProgramRun.run(
            "/bin/sh", ["-c", "ulimit -d \(kilobytes) && exec \"$@\"", "sh", PackagePlaces.program] + arguments,
            environment: commands.environment.merging(variables) { $1 }, directory: commands.directory.path)
    }

    @Test(.enabled(if: TestServer.redis.isWanted))
    func `a thread of 200 MB in Redis is listed with a note, beside the others`() throws {
        let commands = try ServerCommands()
        let place = try RedisPlace()
        try place.raw.run("SET", "thread:small", #"{"id":"small","messages":[{"role":"user","content":"hi"}]}"#)
        try place.raw.run("SET", "thread:big", #"{"id":"big","messages":[{"role":"user","content":""#)
        let part = [UInt8](repeating: UInt8(ascii: "x"), count: Self.size / 20)
        for _ in 0..<20 { try place.raw.run([Array("APPEND".utf8), Array("thread:big".utf8), part]) }
        try place.raw.run("APPEND", "thread:big", #""}]}"#)
        defer { _ = try? place.raw.run("DEL", "thread:big") }
        let location = "redis://127.0.0.1:\(try TestServer.redis.port())/\(place.database)"
        let listed = try run(commands, ["list", "threads", "--json", location], kilobytes: 400_000)
        #expect(listed.code == 0, "\(listed.errors)")
        #expect(listed.lines.count == 2)
        let big = listed.lines.first { $0.contains(#""id":"big""#) } ?? ""
        #expect(big.contains("too large to be read for a list"), "\(big)")
        #expect(big.contains(#""bytes":200000"#))
        let small = try run(commands, ["show", "thread", "small", location], kilobytes: 400_000)
        #expect(small.text.contains("hi"))
        let counted = try run(commands, ["sources", "--json", location], kilobytes: 400_000)
        #expect(counted.text.contains(#""threads":2"#))
    }

    @Test(.enabled(if: TestServer.seaweedfs.isWanted))
    func `an index of 200 MB on S3 is listed without being read, and exported whole`() throws {
        let commands = try ServerCommands()
        let bucket = try TestBucket(.seaweedfs)
        var state = Array(
            #"{"version":1,"contextState":{"mode":"full","blobs":[]},"source":{"type":"github"},"pad":""#.utf8)
        state += [UInt8](repeating: UInt8(ascii: "x"), count: Self.size - state.count - 2) + Array(#""}"#.utf8)
        try bucket.put(Array("indexes/big/state.json".utf8), state)
        for name in ["state.json", "search.json"] {
            try bucket.put(Array("indexes/small/\(name)".utf8), Array(#"{"version":1,"contextState":{}}"#.utf8))
        }
        defer { try? bucket.put(Array("indexes/big/state.json".utf8), Array("{}".utf8)) }
        let credentials = try TestServer.seaweedfs.credentials()
        let location =
            "s3://\(bucket.name)/\(bucket.prefix)?endpoint=\(bucket.endpoint)&region=us-east-1&path-style=true"
        // What is large is read into a file, for which there is no place here.
        let listed = try run(
            commands, ["list", "indexes", "--json", location], kilobytes: 400_000,
            credentials.merging(["TMPDIR": "/nowhere"]) { $1 })
        #expect(listed.code == 0, "\(listed.errors)")
        #expect(listed.lines.count == 2, "\(listed.text)")
        #expect(listed.text.contains("200000000"), "\(listed.text)")
        let target = commands.directory.path("exported")
        try RawFiles.makeDirectory(target)
        let exported = try run(
            commands, ["export", "index", "big", "--to", target, location], kilobytes: 400_000, credentials)
        #expect(exported.code == 0, "\(exported.errors)")
        let sizes = try ProgramRun.run(
            "/usr/bin/find", [target, "-type", "f", "-size", "199999999c", "-o", "-size", "200000000c"])
        #expect(sizes.lines.count == 1, "\(sizes.text)\(exported.text)\(exported.errors)")
    }
}
