import BrowserModel
import TestSupport
import Testing

@testable import BrowserProgram

@Suite("The file of the last session")
struct SessionFileTests {
    private let directory: TemporaryDirectory
    private var path: String { directory.path("state/ctxbrowse/session.json") }
    private var file: SessionFile { SessionFile(stateDirectory: directory.path("state/ctxbrowse")) }

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func session(_ lines: String...) -> Session {
        var session = Session()
        session.hasToured = true
        session.lineHistory = LineHistory(lines)
        return session
    }

    @Test("It is made with its directory for this user only, replaced as a whole, and read again")
    func written() throws {
        #expect(file.start() == .first)
        try file.save(session("one"))
        #expect(try RawFiles.mode(path) == 0o600)
        #expect(try RawFiles.mode(directory.path("state/ctxbrowse")) == 0o700)
        #expect(file.start() == .resumed(session("one")))
        try file.save(session("two"))
        #expect(file.start() == .resumed(session("one", "two")))
        #expect(RawFiles.names(directory.path("state/ctxbrowse")) == ["session.json"])
    }

    @Test("After the last word nothing is written that was under way")
    func end() throws {
        let file = file
        file.end(with: session("last"))
        try file.save(session("late"))
        #expect(file.start() == .resumed(session("last")))
    }

    @Test("A damaged file is told and replaced", arguments: ["", "nonsense", "{\"form\": \"x\"}"])
    func damaged(_ text: String) throws {
        try RawFiles.makeDirectory(directory.path("state/ctxbrowse"))
        try RawFiles.write(path, text)
        #expect(file.start() == .unusable("\(path) is damaged"))
        try file.save(session("one"))
        #expect(file.start() == .resumed(session("one")))
    }

    @Test("What a newer version wrote, before the start or since, stays byte for byte")
    func newer() throws {
        try RawFiles.makeDirectory(directory.path("state/ctxbrowse"))
        let text = "{\"form\": 7}"
        try RawFiles.write(path, text)
        #expect(file.start() == .newer(path))
        try file.save(session("one"))
        file.end(with: session("two"))
        #expect(try RawFiles.read(path) == Array(text.utf8))
    }

    @Test(
        "A pipe or a very large file in its place is not read, and not waited for", .writesLargeFiles,
        arguments: ["pipe", "large"])
    func strange(_ what: String) throws {
        try RawFiles.makeDirectory(directory.path("state/ctxbrowse"))
        if what == "pipe" {
            try RawFiles.makePipe(path)
        } else {
            try RawFiles.write(path, "{")
            try RawFiles.resize(path, to: 1 << 30)
        }
        guard case .unusable(let reason) = file.start() else {
            Issue.record("it is taken for a session")
            return
        }
        #expect(reason.hasPrefix(path))
    }

    @Test("Where no directory can be made the failure has its reason")
    func unwritable() throws {
        try RawFiles.write(directory.path("state"), "a file")
        #expect(throws: (any Error).self) { try file.save(session("one")) }
        file.end(with: session("one"))
    }
}
