import EngineCore
import StoredRecords
import TestSupport
import Testing

@testable import StoredLayouts

@Suite(.blocks) struct ConnectorsObjectsTests {
    private let kept = KeptPlaces()

    private func layout(_ place: ObjectPlace) async throws -> ConnectorsObjectsLayout {
        kept.keep(place)
        let found = try await ConnectorsObjectsLayout.detect(place.engine, .test())
        return try #require(found.first as? ConnectorsObjectsLayout)
    }

    private func fixture(_ kind: ObjectPlace.Kind) async throws -> (ObjectPlace, ConnectorsObjectsLayout) {
        let place = try await ObjectPlace(kind, ConnectorsFixture.objects())
        return (place, try await layout(place))
    }

    private func detail(_ record: RecordSummary) throws -> IndexDetail {
        guard case .index(let detail) = record.detail else {
            throw StorageError(.failed, operation: "", place: "", reason: "")
        }
        return detail
    }

    // MARK: Reading

    @Test(arguments: ObjectPlace.Kind.allCases)
    func `the stored indexes list with origin, size and time of sync`(kind: ObjectPlace.Kind) async throws {
        let (_, layout) = try await fixture(kind)
        let records = try await layout.all(.index, sort: .newest, limit: 2)
        #expect(records.map(\.id.key) == ["mobile", "docs", "web-app", "billing_service", "."])
        let origins = try records.map { try detail($0).origin }
        #expect(
            origins == [
                "bitbucket acme/mobile", "website https://docs.example.com/guide", "github acme/web-app@main",
                "gitlab acme/billing (https://gitlab.example.com)", "github acme/adhoc",
            ])
        #expect(records.allSatisfy { $0.notes.isEmpty })
        #expect(records[0].updated?.iso8601 == "2026-11-11T11:11:11Z")
        #expect(records[0].bytes == Int64(157_916 + 612))
        #expect(try await layout.count(.index) == .exact(5))
    }

    @Test(arguments: ObjectPlace.Kind.allCases)
    func `a summary counts the files of an index`(kind: ObjectPlace.Kind) async throws {
        let (_, layout) = try await fixture(kind)
        let mobile = try #require(try await layout.summary(.index, "mobile"))
        #expect(try detail(mobile).files == 1200)
        let base = try #require(try await layout.summary(.index, "."))
        #expect(try detail(base).files == 5)
        #expect(try await layout.summary(.index, "missing") == nil)
        #expect(try await layout.summary(.thread, "mobile") == nil)
    }

    @Test(arguments: ObjectPlace.Kind.allCases)
    func `documents are the stored bytes, the full one first`(kind: ObjectPlace.Kind) async throws {
        let (place, layout) = try await fixture(kind)
        let documents = try await layout.documents(.index, "docs")
        #expect(documents.map(\.name) == ["state.json", "search.json"])
        let contents = try await place.contents()
        #expect(documents[0].bytes.array == contents["indexes/docs/state.json"])
        #expect(documents[1].bytes.array == contents["indexes/docs/search.json"])
        await #expect(throws: StorageError.self) { try await layout.documents(.index, "nope") }
    }

    @Test func `the indexes directory and one index directory open on their own`() async throws {
        let objects = try ConnectorsFixture.objects()
        let below = objects.compactMap { object in
            object.key.hasPrefix("indexes/") ? (String(object.key.dropFirst(8)), object.bytes) : nil
        }
        let indexes = try await ObjectPlace(.files, below)
        #expect(
            try await layout(indexes).all(.index).map(\.id.key) == ["billing_service", "docs", "mobile", "web-app"])
        let one = below.compactMap { $0.0.hasPrefix("mobile/") ? (String($0.0.dropFirst(7)), $0.1) : nil }
        let single = try await ObjectPlace(.files, one)
        let records = try await layout(single).all(.index)
        #expect(records.map(\.id.key) == ["."])
        #expect(try detail(records[0]).origin == "bitbucket acme/mobile")
    }

    @Test func `both forms in one base are shown, with a key of its own for each`() async throws {
        var objects = try ConnectorsFixture.objects()
        for name in ["docs", "extra"] {
            objects += objects.filter { $0.key.hasPrefix("indexes/mobile/") }
                .map { ("\(name)/" + $0.key.split(separator: "/").suffix(1).joined(), $0.bytes) }
        }
        let place = try await ObjectPlace(.memory, objects)
        let layout = try await layout(place)
        let keys = try await layout.all(.index).map(\.id.key)
        #expect(keys == [".", "./docs", "billing_service", "docs", "extra", "mobile", "web-app"])
        let released = try #require(try await layout.summary(.index, "docs"))
        let flat = try #require(try await layout.summary(.index, "./docs"))
        #expect(try detail(released).origin.hasPrefix("website"))
        #expect(try detail(flat).origin == "bitbucket acme/mobile")
    }

    @Test func `search finds origins, keys and the paths of files`() async throws {
        let (_, layout) = try await fixture(.memory)
        let paths = try await layout.hits("mobile file_1199")
        #expect(paths.map(\.excerpt) == ["src/ui/mobile/file_1199.md"])
        #expect(paths.map(\.document) == ["state.json"])
        #expect(try await layout.hits("gitlab.example.com").map(\.record.id.key) == ["billing_service"])
        #expect(try await layout.hits("nowhere at all").isEmpty)
    }

    @Test func `a revision changes with either document and is missing without both`() async throws {
        let (place, layout) = try await fixture(.files)
        let before = try #require(try await layout.revision(.index, "docs"))
        #expect(try await layout.revision(.index, "docs") == before)
        try await place.engine.write(ObjectKey("indexes/docs/search.json"), StoredBytes("{}"))
        #expect(try await layout.revision(.index, "docs") != before)
        #expect(try await layout.revision(.index, "gone") == nil)
    }

    // MARK: Damaged and unusual records

    @Test func `an index with one document is shown with a note`() async throws {
        let objects = try ConnectorsFixture.objects().filter {
            $0.key != "indexes/docs/state.json" && $0.key != "indexes/mobile/search.json"
        }
        let place = try await ObjectPlace(.memory, objects)
        let layout = try await layout(place)
        let docs = try #require(try await layout.summary(.index, "docs"))
        #expect(docs.notes == ["state.json is missing"])
        #expect(try detail(docs).origin == "website https://docs.example.com/guide")
        let mobile = try #require(try await layout.all(.index).first { $0.id.key == "mobile" })
        #expect(mobile.notes == ["search.json is missing"])
        #expect(try detail(mobile).origin == "bitbucket acme/mobile")
        #expect(try await layout.documents(.index, "docs")[0].notes == ["state.json is missing"])
        #expect(try await layout.list() == [".", "billing_service", "mobile", "web-app"])
    }

    @Test func `a truncated document is listed with a note and kept as it is`() async throws {
        var objects = try ConnectorsFixture.objects()
        let at = try #require(objects.firstIndex { $0.key == "indexes/web-app/state.json" })
        objects[at].bytes.removeLast(1000)
        let search = try #require(objects.firstIndex { $0.key == "indexes/docs/search.json" })
        objects[search].bytes = Array("{ nonsense".utf8)
        let place = try await ObjectPlace(.memory, objects)
        let layout = try await layout(place)
        let records = try await layout.all(.index)
        #expect(records.count == 5)
        let cut = try #require(records.first { $0.id.key == "web-app" })
        #expect(cut.notes == ["state.json is cut short at byte \(objects[at].bytes.count)"])
        let full = try #require(try await layout.summary(.index, "web-app"))
        #expect(full.notes == cut.notes)
        let damaged = try #require(records.first { $0.id.key == "docs" })
        #expect(damaged.notes == ["search.json is not valid JSON at byte 2"])
        // The full document tells what the damaged one cannot.
        #expect(try detail(damaged).origin == "website https://docs.example.com/guide")
        #expect(try await layout.documents(.index, "web-app")[0].bytes.array == objects[at].bytes)
    }

    @Test func `a long document tells its origin from one of its ends`() async throws {
        let blobs = (0..<20_000).map { "[\"\(String(repeating: "a", count: 20))\",\"src/file_\($0).ts\"]" }
        let state = "{\"mode\":\"full\",\"blobs\":[\(blobs.joined(separator: ","))]}"
        let source =
            "{\"type\":\"github\",\"config\":{\"owner\":\"o\",\"repo\":\"r\"},\"syncedAt\":\"2026-01-02T03:04:05.000Z\"}"
        let place = try await ObjectPlace(
            .memory,
            [
                ("indexes/last/state.json", Array("{\"contextState\":\(state),\"source\":\(source)}\n".utf8)),
                ("indexes/first/state.json", Array("{\"source\":\(source),\"contextState\":\(state)}".utf8)),
                ("indexes/cut/state.json", Array("{\"source\":\(source),\"contextState\":\(state)".utf8.dropLast(5))),
            ])
        let records = try await layout(place).all(.index)
        #expect(try records.map { try detail($0).origin } == ["github o/r", "github o/r", "github o/r"])
        #expect(records[0].notes.contains("state.json is cut short"))
        #expect(records[2].updated?.iso8601 == "2026-01-02T03:04:05Z")
        let last = try #require(try await layout(place).summary(.index, "last"))
        #expect(try detail(last).files == 20_000)
    }

    @Test func `a bare context state counts its files`() async throws {
        let bare =
            "{\"checkpointId\":\"c\",\"addedBlobs\":[\"x\"],\"deletedBlobs\":[],\"blobs\":[[\"x\",\"a.ts\"],[\"y\",\"b.ts\"]]}"
        let place = try await ObjectPlace(.memory, [("k/state.json", Array(bare.utf8))])
        let layout = try await layout(place)
        let record = try #require(try await layout.summary(.index, "k"))
        #expect(try detail(record).files == 2)
        #expect(record.notes == ["search.json is missing"])
        #expect(try await layout.hits("b.ts").map(\.excerpt) == ["b.ts"])
        #expect(try await layout.loadState("k")?.text == bare)
    }

    @Test(arguments: [
        "a b", "quote\"'", "line\nbreak", "..hidden", "日本語", "\\xff\\x80", String(repeating: "n", count: 255),
    ])
    func `a directory of any name is listed, read and deleted under its key`(name: String) async throws {
        let source = try ConnectorsFixture.objects()
        let objects = source.filter { $0.key.hasPrefix("indexes/docs/") }
            .map { (key: $0.key.split(separator: "/").suffix(1).joined(), bytes: $0.bytes) }
        for kind in ObjectPlace.Kind.allCases where ObjectPlace.keeps(kind, ObjectKey(description: name)) {
            let place = try await ObjectPlace(kind, source)
            let directory = ObjectKey("indexes").appending(ObjectKey(description: name))
            for (file, bytes) in objects { try await place.engine.write(directory.appending(file), StoredBytes(bytes)) }
            let layout = try await layout(place)
            #expect(try await layout.all(.index).map(\.id.key).contains(name))
            #expect(try await layout.documents(.index, name).count == 2)
            let plan = try await layout.plan(.delete(.record), .index, name)
            _ = try await layout.carryOut(plan, recording: TestJournal(plan))
            #expect(try await layout.summary(.index, name) == nil)
            #expect(try await layout.count(.index) == .exact(5))
        }
    }

    @Test(arguments: ["", "..", "../docs", "docs/../docs", "indexes/docs", "/", "./", "./.."])
    func `a key that names no directory of an index is not there`(key: String) async throws {
        let (_, layout) = try await fixture(.files)
        #expect(try await layout.summary(.index, key) == nil)
        await #expect(throws: StorageError.self) { try await layout.plan(.delete(.record), .index, key) }
    }

    @Test func `a directory of many other files is jumped over`() async throws {
        var objects = try ConnectorsFixture.objects()
        objects += (0..<2500).map { ("indexes/junk/\($0).txt", [UInt8]()) }
        objects += (0..<1500).map { ("indexes/mobile/t\($0).txt", [UInt8]()) }
        let place = try await ObjectPlace(.memory, objects)
        let keys = try await layout(place).all(.index).map(\.id.key)
        #expect(keys == [".", "billing_service", "docs", "mobile", "web-app"])
    }

    @Test func `sorting by a field indexes do not have is refused`() async throws {
        let (_, layout) = try await fixture(.memory)
        await #expect(throws: StorageError.self) {
            try await layout.all(.index, sort: RecordSort(.tokens, descending: true))
        }
        for field in layout.capabilities(of: .index).sortFields {
            #expect(try await layout.all(.index, sort: RecordSort(field, descending: true)).count == 5)
        }
    }
}
