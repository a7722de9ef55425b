import JSONText
import StoredLayouts
import StoredRecords
import Testing

@testable import ContextStores

@Suite struct ExportThreadTests {
    private func export(_ layout: FixedLayout, _ format: ExportFormat, last: Int? = nil) async throws -> String {
        let sink = BytesSink()
        try await layout.library.export(layout.recordID(.thread, "t"), as: format, last: last, to: sink)
        return sink.text
    }

    private func thread(_ messages: [StoredMessage], title: String = "A title") -> FixedLayout {
        var layout = FixedLayout()
        layout.add(
            .thread, "t", title: title,
            documents: [RecordDocument(name: "context.json", format: .json, bytes: StoredBytes("{\"n\": 1.50}"))],
            messages: messages)
        return layout
    }

    @Test func `JSON holds every stored message byte for byte`() async throws {
        let raw = "{\n  \"content\": \"a\\u00e9\",\n  \"big\": 9007199254740993, \"x\": 1e5, \"x\": 0.10\n}"
        let text = try await export(thread([.stored(0, .user, "a", raw: raw)]), .json)
        #expect(text.contains(raw))
        #expect(text.contains("{\"n\": 1.50}"))
        let value = try JSONValue.parse(text)
        #expect(value["id"]?.stringValue == "t")
        #expect(value["messages"]?.arrayValue?.count == 1)
    }

    @Test func `A stored message that is not JSON stands in the JSON as text or digits`() async throws {
        let broken = StoredMessage(position: 0, role: .missing, content: [], raw: .bytes(StoredBytes("{\"a\": tru")))
        let binary = StoredMessage(position: 1, role: .missing, content: [], raw: .bytes(StoredBytes([0xFF, 0x00])))
        let value = try JSONValue.parse(try await export(thread([broken, binary]), .json))
        #expect(value["messages"]?[0]?["text"]?.stringValue == "{\"a\": tru")
        #expect(value["messages"]?[1]?["hex"]?.stringValue == "ff00")
    }

    @Test func `JSON Lines hold one message a line, numbers spelled as stored`() async throws {
        var message = StoredMessage.stored(0, .assistant, "two\nlines")
        message.toolCalls = [
            ToolCall(id: "c1", name: "add", arguments: try JSONValue.parse("{\"n\": 9007199254740993}"))
        ]
        let text = try await export(thread([message, .stored(1, .user, "b")]), .jsonl)
        let lines = text.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(
            lines[0]
                == #"{"position":0,"id":"m0","role":"assistant","content":"two\nlines","tool_calls":[{"id":"c1","name":"add","arguments":{"n":9007199254740993}}]}"#
        )
    }

    @Test func `Only the newest messages are written, also across pages`() async throws {
        let layout = thread((0..<450).map { .stored($0, .user, "text \($0)") })
        let lines = try await export(layout, .jsonl, last: 230).split(separator: "\n")
        #expect(lines.count == 230)
        #expect(lines.first?.contains("text 220\"") == true)
        #expect(lines.last?.contains("text 449\"") == true)
        #expect(try await export(layout, .txt, last: 1).contains("left out: 449 older messages"))
        #expect(try await export(layout, .jsonl).split(separator: "\n").count == 450)
    }

    @Test func `Markdown fences what holds fences and keeps the text as it is`() async throws {
        var message = StoredMessage.stored(0, .assistant, "see **this**")
        message.toolCalls = [ToolCall(id: nil, name: "run`x`", arguments: .text("{\"code\": \"```\"}"))]
        let text = try await export(thread([message], title: "one\ntwo"), .md)
        #expect(text.hasPrefix("# one two\n"))
        #expect(text.contains("## 1. assistant\n\nsee **this**\n"))
        #expect(text.contains("calls `` run`x` ``"))
        #expect(text.contains("````json\n{\n  \"code\": \"```\"\n}\n````"))
    }

    @Test func `HTML has nothing a browser would act on`() async throws {
        let nasty = "<script>alert(1)</script> & \"q\" 'a' \u{1B}[31m \u{202E}rtl \u{9B}"
        var message = StoredMessage.stored(0, MessageRole(rawValue: "x\"><img src=x>"), nasty)
        message.name = "<b>n</b>"
        message.toolCallID = "<i>"
        let text = try await export(thread([message], title: "</title><script>"), .html)
        #expect(!text.contains("<script"))
        #expect(!text.contains("<img"))
        #expect(!text.contains("<b>n"))
        #expect(text.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;q&quot; &#39;a&#39; ␛[31m"))
        #expect(text.contains("&lt;U+202E&gt;rtl &lt;U+009B&gt;"))
        #expect(text.hasPrefix("<!DOCTYPE html>") && text.hasSuffix("</html>\n"))
        #expect(text.contains("<article class=\"other\">"))
    }

    @Test func `A thread that is not there is not found, and a table of it is refused`() async throws {
        let library = FixedLayout().library
        let id = FixedLayout().recordID(.thread, "none")
        await #expect(throws: StorageError.self) { try await library.export(id, as: .md, to: BytesSink()) }
        let layout = thread([])
        do throws(StorageError) {
            try await layout.library.export(layout.recordID(.thread, "t"), as: .csv, to: BytesSink())
            Issue.record("a thread was written as csv")
        } catch {
            #expect(error.kind == .invalid)
        }
    }
}
