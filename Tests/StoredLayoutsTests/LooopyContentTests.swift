import EngineCore
import JSONText
import StoredRecords
import Synchronization
import TestSupport
import Testing

@testable import StoredLayouts

@Suite(.blocks) struct LooopyContentTests {
    private let run = "data-analyst/run-100"
    private let base = "agent=bot/context=c1/artifacts/"

    private func documents(
        _ kind: LooopyTestStore.Kind, _ id: String, _ objects: [String: String]
    ) async throws -> [RecordDocument] {
        var stored: [String: [UInt8]] = [:]
        for (name, text) in objects { stored["\(base)\(id)/\(name)"] = Array(text.utf8) }
        return try await LooopyTestStore(kind, stored).layout().documents(.artifact, "bot/c1/\(id)")
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `the tool's artifacts show their content first, as their type means it`(
        kind: LooopyTestStore.Kind
    ) async throws {
        let store = try await LooopyTestStore.fixture(kind)
        let layout = store.layout()
        let file = try await layout.documents(.artifact, "\(run)/report-0")
        #expect(file.map(\.name) == ["content.txt", "metadata.json"])
        #expect(file.map(\.isContent) == [true, false])
        #expect(file[0].format == .text)
        #expect(file[0].bytes.text == "# Report on data retention\n\nIt was a bad quarter.\n")
        let data = try await layout.documents(.artifact, "\(run)/summary-0")
        #expect(data[0].format == .json)
        #expect(data[0].bytes.text?.contains("0.30000000000000004") == true)
        let dataset = try await layout.documents(.artifact, "\(run)/sales-0")
        #expect(
            dataset[0].format
                == .jsonLines(columns: [
                    TableColumn(name: "month", type: "string"), TableColumn(name: "amount", type: "number"),
                    TableColumn(name: "note", type: "string"),
                ]))
        #expect((file + data + dataset).allSatisfy { $0.notes.isEmpty })
        let summary = try #require(try await layout.summary(.artifact, "\(run)/sales-0"))
        #expect(summary.title == "sales")
        #expect(
            summary.detail
                == .artifact(ArtifactDetail(type: "dataset", status: "complete", version: 1, rows: 24)))
        #expect(summary.bytes == 5032)
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `a missing content file is made up from the metadata`(kind: LooopyTestStore.Kind) async throws {
        let store = try await LooopyTestStore.fixture(kind)
        let folder = "agent=data-analyst/context=run-100/artifacts/"
        for (id, name) in [("report-0", "content.txt"), ("summary-0", "data.json"), ("sales-0", "rows.jsonl")] {
            let original = try await store.layout().documents(.artifact, "\(run)/\(id)")[0]
            _ = try await store.engine.delete([ObjectKey("\(folder)\(id)/\(name)")], pruning: nil)
            let document = try await store.layout().documents(.artifact, "\(run)/\(id)")[0]
            #expect(document.notes == ["\(name) is missing; taken from metadata.json"])
            #expect(document.format == original.format)
            if id == "summary-0" {
                #expect(try JSONValue.parse(document.bytes.array) == JSONValue.parse(original.bytes.array))
            } else {
                #expect(document.bytes == original.bytes)
            }
            let summary = try await store.layout().summary(.artifact, "\(run)/\(id)")
            #expect(summary?.notes == ["\(name) is missing"])
        }
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `base64 content is decoded, also from chunks with padding in between`(
        kind: LooopyTestStore.Kind
    ) async throws {
        let metadata =
            "{\"type\":\"file\",\"encoding\":\"base64\",\"mimeType\":\"image/png\","
            + "\"chunks\":[{\"data\":\"/wA=\"},{\"data\":\"AQI=\"}]}"
        let stored = try await documents(kind, "a", ["metadata.json": metadata, "content.txt": "/wA=AQI=\n"])
        #expect(stored[0].bytes.array == [0xFF, 0, 1, 2])
        #expect(stored[0].format == .binary)
        let missing = try await documents(kind, "a", ["metadata.json": metadata])
        #expect(missing[0].bytes.array == [0xFF, 0, 1, 2])
        let broken = try await documents(kind, "a", ["metadata.json": metadata, "content.txt": "not base64!"])
        #expect(broken[0].bytes.text == "not base64!")
        #expect(broken[0].notes == ["the content is not the base64 text its metadata promises; shown as stored"])
    }

    @Test(arguments: [[UInt8]](arrayLiteral: [], [0], [1, 2], [1, 2, 3], [255, 254, 253, 252]))
    func `base64 decodes what it encodes`(bytes: [UInt8]) {
        let text = bytes.withUnsafeBytes(LooopyBase64.encode)
        #expect(Array(text.utf8).withUnsafeBytes(LooopyBase64.decode) == bytes)
    }

    @Test(arguments: ["a", "a===", "=", "ab=c", "ab=", "a b!"])
    func `what is no base64 is refused`(text: String) {
        #expect(Array(text.utf8).withUnsafeBytes(LooopyBase64.decode) == nil)
    }

    @Test func `a dataset's lines that are not JSON are named`() async throws {
        let lines = "{\"a\":1}\n\nnot json\n{\"a\":2}\n{\"a\":"
        let documents = try await documents(
            .memory, "d", ["metadata.json": "{\"type\":\"dataset\"}", "rows.jsonl": lines])
        #expect(documents[0].notes == ["not JSON: line 3, 5"])
        #expect(documents[0].bytes.text == lines)
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `half written, external and broken artifacts are shown with a note`(
        kind: LooopyTestStore.Kind
    ) async throws {
        var objects: [String: [UInt8]] = [:]
        for (name, text) in [
            "building/metadata.json": "{\"type\":\"file\",\"status\":\"building\",\"chunks\":[]}",
            "building/content.txt": "so far",
            "external/metadata.json":
                "{\"type\":\"file\",\"externalStorage\":{\"provider\":\"s3\",\"bucket\":\"b\",\"key\":\"k\",\"token\":\"secret\"}}",
            "broken/metadata.json": "{\"type\":", "broken/data.json": "{\"a\": 1}",
            "bare/content.txt": "no metadata", "deep/er/metadata.json": "{\"type\":\"data\"}",
            "deep/er/data.json": "{}",
        ] { objects[base + name] = Array(text.utf8) }
        let layout = try await LooopyTestStore(kind, objects).layout()
        let page = try await layout.list(
            RecordQuery(.artifact, sort: RecordSort(.key, descending: false), page: PageRequest(limit: 10)))
        #expect(
            page.items.map(\.id.key) == ["bare", "broken", "building", "deep/er", "external"].map { "bot/c1/\($0)" })
        let notes = page.items.map(\.notes)
        #expect(notes[0] == ["metadata.json is missing"])
        #expect(notes[1].first?.hasPrefix("metadata.json is not valid JSON") == true)
        #expect(notes[2] == ["still being written"])
        #expect(notes[4] == ["the content is stored elsewhere: s3 b k"])
        for (id, content) in [("bare", "no metadata"), ("broken", "{\"a\": 1}"), ("building", "so far")] {
            #expect(try await layout.documents(.artifact, "bot/c1/\(id)").first?.bytes.text == content)
        }
        #expect(try await layout.documents(.artifact, "bot/c1/deep/er").count == 2)
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `a thread's documents are its context, state and lock`(kind: LooopyTestStore.Kind) async throws {
        let store = try await LooopyTestStore.fixture(kind)
        let documents = try await store.layout().documents(.thread, run)
        #expect(documents.map(\.name) == ["context.json", "agent-state.json"])
        #expect(documents.allSatisfy { !$0.isContent && $0.notes.isEmpty })
        #expect(try await store.layout().documents(.task, "\(run)/task-0-0").map(\.name) == ["task-0-0.json"])
        await #expect(throws: StorageError.self) { try await store.layout().documents(.thread, "no/thing") }
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `a search finds messages, documents and titles`(kind: LooopyTestStore.Kind) async throws {
        let layout = try await LooopyTestStore.fixture(kind).layout()
        func hits(_ text: String, _ kinds: [RecordKind] = []) async throws -> [SearchHit] {
            let found = Mutex<[SearchHit]>([])
            try await layout.search(SearchQuery(try #require(try TextFilter.read(text)), kinds: kinds)) { hit in
                found.withLock { $0.append(hit) }
                return .more
            }
            return found.withLock { $0 }
        }
        let messages = try await hits("\"changed since 2012?\"".replacing("\"", with: ""), [.thread])
        #expect(messages.count == 8)
        #expect(messages.allSatisfy { $0.message != nil && $0.excerpt.contains("2012") })
        let contents = try await hits("bad quarter", [.artifact])
        #expect(!contents.isEmpty)
        #expect(contents.allSatisfy { $0.document == "content.txt" && $0.record.id.kind == .artifact })
        let titles = try await hits("data retention", [.thread]).filter { $0.message == nil }
        #expect(titles.contains { $0.record.id.key == run })
        #expect(try await hits("task-0-1", [.task]).contains { $0.record.title == "task-0-1" })
        // A hit in what a record says of itself shows that, not its title.
        for kind in [RecordKind.task, .artifact] {
            let facts = try await hits("complete", [kind]).filter { $0.document == nil && $0.message == nil }
            #expect(!facts.isEmpty && facts.allSatisfy { $0.excerpt.contains("complete") })
        }
        #expect(try await hits("nowhere to be found").isEmpty)
        #expect(try await hits(#""changed since 2012?""#, [.thread]).count == 8)
        #expect(try await hits("since changed", [.thread]).count >= 8)
        #expect(try await hits(#""since changed""#, [.thread]).isEmpty)

        let stopped = Mutex(0)
        try await layout.search(SearchQuery(try #require(TextFilter("e")))) { _ in
            stopped.withLock { $0 += 1 }
            return .stop
        }
        #expect(stopped.withLock { $0 } == 1)
    }
}
