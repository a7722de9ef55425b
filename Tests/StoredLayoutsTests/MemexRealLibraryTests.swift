import EngineCore
import Glibc
import JSONText
import SQLiteEngine
import StoredLayouts
import StoredRecords
import TestSupport
import Testing

/// MemexLLM's own library and the layout on one database.
///
/// `CTXBROWSE_TEST_PYTHON` names a Python that has the library; `make test` makes one.
@Suite(.blocks, .enabled(if: MemexLibrary.python != nil, "CTXBROWSE_TEST_PYTHON is not set; make test sets it"))
struct MemexRealLibraryTests {
    private func trim(_ layout: MemexRowsLayout, keep: Int) async throws -> MemexRecorder {
        let plan = try await layout.plan(.trim(keep: keep, snap: false), .thread, "t")
        let recorder = MemexRecorder(plan)
        _ = try await layout.carryOut(plan, recording: recorder)
        return recorder
    }

    @Test func `the library reads what a trim kept, goes on, and reads all of it after an undo`() async throws {
        let library = try await MemexLibrary()
        try library.run("write", ["300"])
        let before = try library.thread("t")
        let newest = try library.thread("t", limit: 50)
        let layout = try await library.place.layout()
        let recorder = try await trim(layout, keep: 50)
        #expect(try library.thread("t") == newest)
        #expect(newest["messages"]?.childCount == 50)
        #expect(newest["updated_at"] == before["updated_at"])

        _ = try await layout.undo(recorder, inexactly: false)
        #expect(try library.thread("t") == before)

        _ = try await trim(layout, keep: 50)
        try library.run("append", ["t", "and on"])
        let appended = try library.thread("t")
        let messages = try #require(appended["messages"]?.arrayValue)
        #expect(Array(messages.dropLast()) == newest["messages"]?.arrayValue)
        #expect(messages.last?["content"]?.stringValue == "and on")
        let ours = try await layout.messages("t", PageRequest(limit: 100)).items
        #expect(ours.compactMap(\.id) == messages.compactMap { $0["id"]?.stringValue })
    }

    @Test func `what the library appends between plan and trim is a conflict`() async throws {
        let library = try await MemexLibrary()
        try library.run("write", ["30"])
        let layout = try await library.place.layout()
        let plan = try await layout.plan(.trim(keep: 5, snap: false), .thread, "t")
        try library.run("append", ["t", "meanwhile"])
        let before = try library.thread("t")
        let error = await #expect(throws: StorageError.self) {
            try await layout.carryOut(plan, recording: MemexRecorder(plan))
        }
        #expect(error?.kind == .conflict)
        #expect(try library.thread("t") == before)
    }

    @Test func `an inexact undo after the library went on loses nothing`() async throws {
        let library = try await MemexLibrary()
        try library.run("write", ["30"])
        let before = try library.thread("t")
        let layout = try await library.place.layout()
        let recorder = try await trim(layout, keep: 5)
        try library.run("append", ["t", "and on"])
        await #expect(throws: StorageError.self) { try await layout.undo(recorder, inexactly: false) }
        _ = try await layout.undo(recorder, inexactly: true)
        let messages = try #require(try library.thread("t")["messages"]?.arrayValue)
        #expect(Array(messages.dropLast()) == before["messages"]?.arrayValue)
        #expect(messages.last?["content"]?.stringValue == "and on")
    }

    @Test func `both store and read the same thread`() async throws {
        let library = try await MemexLibrary()
        try library.run("write", ["40"])
        let written = try library.thread("t")
        let layout = try await library.place.layout()
        var thread = try #require(try await layout.thread("t", messageLimit: nil))
        try await layout.saveThread(thread)
        #expect(try library.thread("t") == written)

        // The library saves under other ids what it was given, and both copies are alike in every column.
        thread.id = "ours"
        for index in thread.messages.indices { thread.messages[index].id = "ours\(index)" }
        try await layout.saveThread(thread)
        var copy = try library.thread("ours")
        copy.set(.text("theirs"), for: "id")
        let messages = try #require(copy["messages"]?.arrayValue).enumerated().map { index, message in
            message.setting(.text("theirs\(index)"), for: "id")
        }
        copy.set(.array(messages), for: "messages")
        try library.run("save", [], input: copy.serialized())
        let columns = "created_at, updated_at, metadata FROM threads WHERE id"
        let rows = "content, role, created_at, metadata, token_count, message_index FROM messages WHERE thread_id"
        for part in [columns, rows + " = ? ORDER BY message_index"] {
            let text = part.contains("?") ? part : part + " = ?"
            let ours = try await library.place.engine.query(SQLStatement("SELECT \(text)", [.text("ours")]))
            let theirs = try await library.place.engine.query(SQLStatement("SELECT \(text)", [.text("theirs")]))
            #expect(!ours.isEmpty)
            #expect(ours == theirs)
        }
    }

    @Test func `lists and searches agree with the library's`() async throws {
        let library = try await MemexLibrary(fixture: true)
        let layout = try await library.place.layout()
        let theirs = try library.run("list", []).lines
        let page = try await layout.list(RecordQuery(.thread, page: PageRequest(limit: 100)))
        // The library leaves the order of equal times open.
        #expect(Set(theirs) == Set(page.items.map(\.id.key)))
        let untied = page.items.filter { record in page.items.count { $0.updated == record.updated } == 1 }
        let keys = Set(untied.map(\.id.key))
        #expect(untied.count == 12)
        #expect(theirs.filter(keys.contains) == untied.map(\.id.key))
        for text in ["release plan", "EMOJI", "same second", "no such text"] {
            let found = try await layout.searchThreads(ThreadSearch(content: text)).map(\.id)
            #expect(Set(found) == Set(try library.run("search", [text]).lines))
        }
    }
}

/// The library on a database of its own.
struct MemexLibrary {
    /// Taken at its word: a Python that is promised and lacks the library is a failure, not a skip.
    static let python: String? = getenv("CTXBROWSE_TEST_PYTHON").map { String(cString: $0) }

    let place: MemexPlace

    init(fixture: Bool = false) async throws {
        if fixture {
            place = try await .fixture()
            return
        }
        let directory = try TemporaryDirectory()
        let path = directory.path("memexllm.db")
        _ = try Self.run(path, "list", [])
        place = MemexPlace(engine: try await SQLiteEngine(path: path), directory: directory)
    }

    @discardableResult
    func run(_ verb: String, _ arguments: [String], input: String = "") throws -> ProgramRun {
        try Self.run(place.path, verb, arguments, input: input)
    }

    func thread(_ id: String, limit: Int? = nil) throws -> JSONValue {
        try JSONValue.parse(try run("read", [id] + (limit.map { ["\($0)"] } ?? [])).text)
    }

    private static func run(
        _ path: String, _ verb: String, _ arguments: [String], input: String = ""
    ) throws -> ProgramRun {
        let script = PackagePlaces.root + "/Tests/Python/memex_check.py"
        let run = try ProgramRun.run(python ?? "python3", [script, verb, path] + arguments, input: input)
        guard run.code == 0 else { throw LibraryFailure(description: run.errors) }
        return run
    }

    struct LibraryFailure: Error, CustomStringConvertible {
        let description: String
    }
}
