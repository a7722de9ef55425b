import Glibc
import StoredLayouts
import StoredRecords
import TestSupport
import Testing

@testable import ContextStores

@Suite struct ExportFileTests {
    @Test(arguments: [
        ("plain", "plain.md"), ("agent/context", "agent_context.md"), ("../../etc/passwd", "_.._etc_passwd.md"),
        ("..", "thread.md"), (".", "thread.md"), ("", "thread.md"), ("-rf", "rf.md"), (".hidden", "hidden.md"),
        ("a\u{0}b\nc\u{1B}d\u{202E}e", "a_b_c_d_e.md"), ("日本語", "日本語.md"), ("a:b*c", "a_b_c.md"),
    ])
    func `A name made from an id is one harmless part of a path`(key: String, name: String) {
        let id = RecordID(source: "s", layout: "l", kind: .thread, key: key)
        #expect(ExportName.name(for: id, ending: "md") == name)
    }

    @Test func `A long name is cut between characters to 200 bytes with its ending`() {
        let id = RecordID(source: "s", layout: "l", kind: .thread, key: String(repeating: "語", count: 255))
        let name = ExportName.name(for: id, ending: "jsonl")
        #expect(name.utf8.count <= 200 && name.utf8.count > 195)
        #expect(name.hasSuffix("語.jsonl"))
        #expect(ExportName.numbered(name, 12).utf8.count <= 200)
        #expect(ExportName.numbered(name, 12).hasSuffix("-12.jsonl"))
    }

    @Test func `The format comes from the word, else from the ending, else is the usual one`() throws {
        let thread = RecordSummary(id: RecordID(source: "s", layout: "l", kind: .thread, key: "t"))
        #expect(try ExportFormat.choose(word: "html", path: "a.md", for: thread) == .html)
        #expect(try ExportFormat.choose(word: nil, path: "a.markdown", for: thread) == .md)
        #expect(try ExportFormat.choose(word: nil, path: "dir.d/", for: thread) == .json)
        #expect(try ExportFormat.choose(word: nil, path: "-", for: thread) == .json)
        #expect(throws: StorageError.self) { try ExportFormat.choose(word: nil, path: "a.doc", for: thread) }
        #expect(throws: StorageError.self) { try ExportFormat.choose(word: "csv", path: "a", for: thread) }
        var file = thread
        file.id.kind = .artifact
        file.detail = .artifact(ArtifactDetail(type: "file"))
        #expect(try ExportFormat.choose(word: nil, path: "a.whatever", for: file) == .stored)
    }

    private func layout(_ keys: [String], text: String = "hello") -> FixedLayout {
        var layout = FixedLayout()
        for key in keys { layout.add(.thread, key, messages: [.stored(0, .user, text)]) }
        return layout
    }

    private func mode(_ path: String) -> mode_t {
        var info = stat()
        return lstat(path, &info) == 0 ? info.st_mode & 0o777 : 0
    }

    @Test func `A file is private, complete and alone in its directory`() async throws {
        let directory = try TemporaryDirectory()
        let layout = layout(["t"])
        let export = try FileExport(layout.library, to: .file(directory.path("out.txt")))
        let receipt = try await export.write(layout.records[0], as: .txt, replacing: false)
        #expect(receipt.files == [directory.path("out.txt")])
        #expect(RawFiles.names(directory.path) == ["out.txt"])
        #expect(mode(directory.path("out.txt")) == 0o600)
        #expect(String(decoding: try RawFiles.read(directory.path("out.txt")), as: UTF8.self).contains("hello"))
    }

    @Test func `A file that is there stays unless replacing is allowed`() async throws {
        let directory = try TemporaryDirectory()
        try RawFiles.write(directory.path("out.txt"), "mine")
        let layout = layout(["t"])
        let export = try FileExport(layout.library, to: .file(directory.path("out.txt")))
        do throws(StorageError) {
            _ = try await export.write(layout.records[0], as: .txt, replacing: false)
            Issue.record("the file was replaced")
        } catch {
            #expect(error.kind == .conflict)
        }
        #expect(try RawFiles.read(directory.path("out.txt")) == Array("mine".utf8))
        try RawFiles.setMode(directory.path("out.txt"), 0o640)
        _ = try await export.write(layout.records[0], as: .txt, replacing: true)
        #expect(try RawFiles.read(directory.path("out.txt")) != Array("mine".utf8))
        #expect(try RawFiles.mode(directory.path("out.txt")) == 0o640)
        #expect(RawFiles.names(directory.path) == ["out.txt"])
    }

    @Test func `A link under the name is neither written through nor replaced`() async throws {
        let directory = try TemporaryDirectory()
        let outside = try TemporaryDirectory()
        try RawFiles.write(outside.path("target"), "untouched")
        #expect(symlink(outside.path("target"), directory.path("t.txt")) == 0)
        let layout = layout(["t"])
        let export = try FileExport(layout.library, to: .directory(directory.path))
        for replacing in [false, true] {
            let error = await #expect(throws: StorageError.self) {
                _ = try await export.write(layout.records[0], as: .txt, replacing: replacing)
            }
            #expect(error?.reason == (replacing ? "it is a link" : "the file is there already"))
        }
        #expect(try RawFiles.read(outside.path("target")) == Array("untouched".utf8))
        #expect(RawFiles.names(directory.path) == ["t.txt"])
        var status = stat()
        #expect(lstat(directory.path("t.txt"), &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    }

    @Test func `Ids that make the same name get files of their own`() async throws {
        let directory = try TemporaryDirectory()
        let layout = layout(["a/b", "a:b", "a_b"])
        let export = try FileExport(layout.library, to: .directory(directory.path("new")))
        for record in layout.records { _ = try await export.write(record, as: .json, replacing: false) }
        #expect(RawFiles.names(directory.path("new")) == ["a_b-2.json", "a_b-3.json", "a_b.json"])
    }

    @Test func `An index goes into a directory of its own with both documents`() async throws {
        let directory = try TemporaryDirectory()
        var layout = FixedLayout()
        let documents = ["state.json", "search.json"].map {
            RecordDocument(name: $0, format: .json, bytes: StoredBytes("{\"name\": \"\($0)\"}"))
        }
        layout.add(.index, "web", documents: documents)
        let export = try FileExport(layout.library, to: .directory(directory.path))
        let receipt = try await export.write(layout.records[0], as: .json, replacing: false)
        #expect(receipt.files == [directory.path("web/state.json"), directory.path("web/search.json")])
        #expect(try RawFiles.read(directory.path("web/search.json")) == Array("{\"name\": \"search.json\"}".utf8))
    }

    @Test func `A failed export leaves nothing behind`() async throws {
        let directory = try TemporaryDirectory()
        let layout = layout(["t"])
        let export = try FileExport(layout.library, to: .file(directory.path("out.csv")))
        await #expect(throws: StorageError.self) {
            _ = try await export.write(layout.records[0], as: .csv, replacing: false)
        }
        #expect(RawFiles.names(directory.path).isEmpty)
        #expect(throws: StorageError.self) {
            _ = try FileExport(layout.library, to: .file(directory.path("none/out.txt")))
        }
    }
}
