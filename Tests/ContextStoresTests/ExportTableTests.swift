import StoredLayouts
import StoredRecords
import Testing

@testable import ContextStores

@Suite struct ExportTableTests {
    private func table(_ lines: String, columns: [String] = []) async throws -> (text: String, notes: [String]) {
        var layout = FixedLayout()
        let document = RecordDocument(
            name: "rows.jsonl", format: .jsonLines(columns: columns.map { TableColumn(name: $0) }),
            bytes: StoredBytes(lines))
        layout.add(.artifact, "d", detail: .artifact(ArtifactDetail(type: "dataset")), documents: [document])
        let sink = BytesSink()
        let notes = try await layout.library.export(layout.recordID(.artifact, "d"), as: .csv, to: sink)
        return (sink.text, notes)
    }

    @Test func `Columns follow the schema, then the order in which others occur`() async throws {
        let (text, notes) = try await table("{\"b\":1,\"z\":true}\n{\"a\":\"x\"}\n", columns: ["a", "b"])
        #expect(text == "a,b,z\r\n,1,true\r\nx,,\r\n")
        #expect(notes.isEmpty)
    }

    @Test func `Commas, quotes, line breaks, empty text, nulls and nested values keep their meaning`() async throws {
        let rows = #"{"a":"x,y","b":"say \"hi\"","c":"1\n2","d":"","e":null,"f":[1, 2.50],"g":9007199254740993}"#
        let (text, _) = try await table(rows)
        #expect(
            text == "a,b,c,d,e,f,g\r\n\"x,y\",\"say \"\"hi\"\"\",\"1\n2\",\"\",,\"[1,2.50]\",9007199254740993\r\n")
    }

    @Test func `A line that is no object stands whole in a column of its own`() async throws {
        let (text, notes) = try await table("{\"a\":1}\nnot json\n\n[1]\r\n{\"a\":2}")
        #expect(text == "a,_line\r\n1,\r\n,not json\r\n,[1]\r\n2,\r\n")
        #expect(notes == ["2 lines of rows.jsonl are not JSON objects; they stand whole in column _line"])
    }

    @Test func `Stored bytes go out exactly as they are`() async throws {
        var layout = FixedLayout()
        let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 * 7) }
        let document = RecordDocument(name: "content.txt", format: .binary, bytes: StoredBytes(bytes))
        layout.add(.artifact, "f", detail: .artifact(ArtifactDetail(type: "file")), documents: [document])
        final class Exact: ExportSink {
            func write(_ bytes: [UInt8]) async throws(StorageError) { await keeper.add(bytes) }
            let keeper = Keeper()
        }
        actor Keeper {
            var bytes: [UInt8] = []
            func add(_ more: [UInt8]) { bytes += more }
        }
        let sink = Exact()
        try await layout.library.export(layout.recordID(.artifact, "f"), as: .stored, to: sink)
        #expect(await sink.keeper.bytes == bytes)
    }
}
