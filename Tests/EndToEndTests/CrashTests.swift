import Glibc
import StoredRecords
import TestSupport
import Testing

/// The program is ended with SIGKILL just before one of its calls that change
/// a file system, once for each of many such calls. After each of these endings
/// the next opening must find the change done or not begun, and nothing lost.
@Suite(.blocks) struct CrashTests {
    @Test func `a trim of files cut short anywhere loses nothing`() throws {
        let store = Store.looopy
        try endEverywhere(
            store, before: [], act: ["trim", "support-bot/case-100", "--keep", "3", "--yes"])
    }

    /// Enough messages stay for their files to be made durable together.
    @Test func `a trim that renumbers many files, cut short anywhere, loses nothing`() throws {
        try endEverywhere(.looopy, before: [], act: ["trim", "support-bot/case-100", "--keep", "8", "--yes"])
    }

    @Test func `a delete of files cut short anywhere loses nothing`() throws {
        try endEverywhere(
            .looopy, before: [], act: ["delete", "artifact", "support-bot/case-100/report-0", "--yes"])
    }

    @Test func `undoing a trim of files, cut short anywhere, loses nothing`() throws {
        try endEverywhere(
            .looopy, before: [["trim", "support-bot/case-100", "--keep", "3", "--yes"]], act: ["undo"])
    }

    @Test func `a trim of rows cut short anywhere loses nothing`() throws {
        try endEverywhere(.memex, before: [], act: ["trim", Store.longThread, "--keep", "50", "--yes"])
    }

    @Test func `a delete of rows cut short anywhere loses nothing`() throws {
        try endEverywhere(.memex, before: [], act: ["delete", "thread", Store.longThread, "--yes"])
    }

    @Test func `undoing a trim of rows, cut short anywhere, loses nothing`() throws {
        try endEverywhere(
            .memex, before: [["trim", Store.longThread, "--keep", "50", "--yes"]], act: ["undo"])
    }

    @Test func `a delete of an index cut short anywhere loses nothing`() throws {
        try endEverywhere(.connectors, before: [], act: ["delete", "index", "mobile", "--yes"])
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func `a change that is interrupted comes to its end or never begins`(signal: Int32) throws {
        let trim = ["trim", "support-bot/case-100", "--keep", "8", "--yes"]
        try interruptEverywhere(.looopy, before: [], act: trim, signal)
        try interruptEverywhere(.looopy, before: [trim], act: ["undo"], signal)
        try interruptEverywhere(.memex, before: [], act: ["delete", "thread", Store.longThread, "--yes"], signal)
    }

    private func interruptEverywhere(_ store: Store, before: [[String]], act: [String], _ signal: Int32) throws {
        let peaceful = try Place(store)
        for arguments in before { #expect(try peaceful.run(arguments).code == 0) }
        let start = try peaceful.contents()
        #expect(try peaceful.run(act, counting: true).code == 0)
        let end = try peaceful.contents()
        let calls = try peaceful.countedCalls()
        var ends = 0
        for call in stride(from: 1, to: calls - 4, by: max(1, calls / 8)) {
            let place = try Place(store)
            for arguments in before { #expect(try place.run(arguments).code == 0) }
            let run = try place.run(act, endingAt: call, with: signal)
            #expect(run.code == 128 + signal, "call \(call) of \(calls): \(run.errors)")
            let contents = try place.contents()
            #expect(contents == start || contents == end, "call \(call) of \(calls)")
            if contents == end { ends += 1 }
            #expect(try place.temporaryFiles().isEmpty)
        }
        // What a signal meets is nearly always a change under way.
        #expect(ends > 0)
    }

    @Test func `an interrupted trim is settled also through a link and a part of the store`() throws {
        let act = ["trim", "support-bot/case-100", "--keep", "3", "--yes"]
        let peaceful = try Place(.looopy)
        let start = try peaceful.contents()
        #expect(try peaceful.run(act, counting: true).code == 0)
        let allowed = [start, try peaceful.contents()]
        let calls = try peaceful.countedCalls()
        for call in [calls / 2, calls * 3 / 4, calls - 8] {
            for spelling in ["link", "_agent_store/agent=support-bot"] {
                let place = try Place(.looopy)
                #expect(try place.run(act, endingAt: call).code == 128 + SIGKILL)
                try place.makeLink("link")
                #expect(try place.run(["list", "threads"], on: spelling).code == 0)
                let contents = try place.contents()
                #expect(allowed.contains(contents), "call \(call) through \(spelling)")
            }
        }
    }

    /// Carries `act` out once in peace, to learn the two states that are
    /// allowed, and then once for each place at which it is ended.
    private func endEverywhere(_ store: Store, before: [[String]], act: [String]) throws {
        let peaceful = try Place(store)
        for arguments in before { #expect(try peaceful.run(arguments).code == 0) }
        let start = try peaceful.contents()
        let run = try peaceful.run(act, counting: true)
        #expect(run.code == 0, "\(run.errors)")
        let end = try peaceful.contents()
        #expect(start != end)
        let calls = try peaceful.countedCalls()
        try #require(calls > 10, "the program changes the file system at \(calls) places only")

        for call in Self.endings(of: calls) {
            let place = try Place(store)
            for arguments in before { #expect(try place.run(arguments).code == 0) }
            let code = try place.run(act, endingAt: call).code
            try #require(code == 128 + SIGKILL, "call \(call) of \(calls) ended with \(code)")
            try check(place, call: call, act: act, start: start, end: end)
        }
    }

    /// All calls of a short act; of a long one the first and the last, where it
    /// begins and takes effect, and some in its even middle.
    private static func endings(of calls: Int) -> [Int] {
        let (first, last, middle) = (15, 30, 15)
        guard calls > first + last + middle else { return Array(1...calls) }
        let span = calls - first - last
        return Array(1...first) + (0..<middle).map { first + 1 + $0 * span / middle }
            + Array((calls - last + 1)...calls)
    }

    private func check(_ place: Place, call: Int, act: [String], start: [String], end: [String]) throws {
        // Listing opens the source, which brings the change to its end.
        let settling = try place.run(["list", place.store.kind, "--json"])
        #expect(settling.code == 0, "after call \(call): \(settling.errors)")
        #expect(try place.temporaryFiles().isEmpty, "after call \(call)")
        let contents = try place.contents()
        let isEnded = contents == end
        #expect(isEnded || contents == start, "neither the old nor the new state after call \(call)")
        if isEnded {
            guard act[0] != "undo" else { return }
            let undo = try place.run(["undo"])
            #expect(undo.code == 0, "after call \(call): \(undo.errors)")
            #expect(try place.contents() == start, "undo after call \(call)")
        } else {
            let again = try place.run(act)
            #expect(again.code == 0, "again after call \(call): \(again.errors)")
            #expect(try place.contents() == end, "again after call \(call)")
        }
    }
}

/// A store as a real tool wrote it.
private struct Store: Sendable {
    var fixture: String
    /// What the copied store is called; a database is one file.
    var name: String
    var kind: String

    static let looopy = Store(fixture: "looopy/_agent_store", name: "_agent_store", kind: "threads")
    static let memex = Store(fixture: "memexllm/memexllm.db", name: "memexllm.db", kind: "threads")
    static let connectors = Store(fixture: "context-connectors", name: "base", kind: "indexes")
    static let longThread = "5eb561a4-2163-4369-8b52-9b4a97b75092"
}

/// A copy of a store with a state directory of its own.
private struct Place {
    let store: Store
    private let directory: TemporaryDirectory

    init(_ store: Store) throws {
        self.store = store
        directory = try TemporaryDirectory()
        let copy = try ProgramRun.run(
            "/bin/cp",
            ["-r", "--no-preserve=mode", PackagePlaces.fixtures + "/" + store.fixture, directory.path(store.name)])
        try #require(copy.code == 0, "\(copy.errors)")
    }

    /// Another name of the store.
    func makeLink(_ name: String) throws { try RawFiles.makeLink(directory.path(name), to: directory.path(store.name)) }

    /// - Parameter spelling: how the store, or a part of it, is named.
    func run(
        _ arguments: [String], on spelling: String? = nil, endingAt call: Int = 0, with signal: Int32? = nil,
        counting: Bool = false
    ) throws -> ProgramRun {
        var environment = [
            "HOME": directory.path, "XDG_STATE_HOME": directory.path("state"),
            "XDG_CONFIG_HOME": directory.path("config"),
            "LANG": "C.UTF-8",
        ]
        if call > 0 || counting { environment["LD_PRELOAD"] = try CrashPoint.library.get() }
        if call > 0 { environment["CRASH_AT"] = String(call) }
        if let signal { environment["CRASH_SIGNAL"] = String(signal) }
        if counting { environment["CRASH_COUNT"] = directory.path("calls") }
        let source = arguments[0] == "undo" ? [] : [directory.path(spelling ?? store.name)]
        return try ProgramRun.run(PackagePlaces.program, arguments + source, environment: environment)
    }

    /// How many calls the counting run made.
    func countedCalls() throws -> Int {
        let text = String(decoding: try RawFiles.read(directory.path("calls")), as: UTF8.self)
        return try #require(Int(text.filter(\.isNumber)))
    }

    func temporaryFiles() throws -> [String] {
        try ProgramRun.run("/usr/bin/find", [directory.path, "-name", ".ctxbrowse-*"]).lines
    }

    /// Everything stored, a line each: files with their bytes' checksum, or rows.
    func contents() throws -> [String] {
        let path = directory.path(store.name)
        let run: ProgramRun
        if store.name.hasSuffix(".db") {
            run = try ProgramRun.run(
                "/usr/bin/sqlite3",
                [
                    path,
                    "SELECT rowid, * FROM threads ORDER BY rowid; SELECT rowid, quote(content), * FROM messages ORDER BY rowid;"
                        + "PRAGMA integrity_check;",
                ])
        } else {
            // A temporary file of a write that never took effect is no content.
            run = try ProgramRun.run(
                "/bin/sh",
                ["-c", "cd \"$0\" && find . -type f ! -name '.ctxbrowse-*' -exec sha256sum {} + | sort -k2", path],
                environment: ["PATH": "/usr/bin:/bin"])
        }
        try #require(run.code == 0, "\(run.errors)")
        return run.lines
    }
}

/// The library that ends a program at a chosen call, built once a test run.
private enum CrashPoint {
    static let library = Result<String, any Error> {
        let target = PackagePlaces.root + "/.build/crash_point.so"
        let build = try ProgramRun.run(
            "/usr/bin/env",
            [
                "clang", "-shared", "-fPIC", "-o", target, PackagePlaces.root + "/Tests/CrashPoint/crash_point.c",
                "-ldl",
            ],
            environment: ["PATH": String(cString: getenv("PATH"))])
        try #require(build.code == 0, "\(build.errors)")
        return target
    }
}
