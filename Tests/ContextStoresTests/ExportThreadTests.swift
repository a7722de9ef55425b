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

    /// A call among the parts of a content, its answer as a part of the next message, and a tool's message.
    private func talkWithTools() throws -> FixedLayout {
        func parts(_ position: Int, _ role: MessageRole, _ json: String) throws -> StoredMessage {
            let blocks = try JSONValue.parse(json).arrayValue?.map { part in
                part["text"]?.stringValue.map { ContentBlock.text($0) } ?? .json(part)
            }
            return StoredMessage(
                position: position, role: role, content: blocks ?? [], raw: .bytes(StoredBytes(json)))
        }
        let call = try parts(
            0, .assistant,
            #"[{"text": "I look."}, {"type": "tool_use", "id": "tu1", "name": "search", "input": {"q": "a b"}}]"#)
        let answer = try parts(
            1, .user,
            #"[{"type": "tool_result", "tool_use_id": "tu1", "is_error": true, "content": [{"type": "text", "text": "see ````x````"}, {"type": "text", "text": "{\"n\": 1.50}"}]}]"#
        )
        var plain = StoredMessage.stored(2, .tool, "# no heading\n```\ncode\n```\n")
        plain.toolCallID = "c9"
        return thread([call, answer, plain])
    }

    @Test func `Markdown names a tool's call and its answer, both fenced longer than what they hold`() async throws {
        let text = try await export(try talkWithTools(), .md)
        #expect(
            text.contains(
                """
                ## 1. assistant

                I look.

                calls `search` as `tu1`

                ```json
                {
                  "q": "a b"
                }
                ```

                ## 2. user

                answers `tu1` of `search` with an error

                `````
                see ````x````
                `````

                ```json
                {
                  "n": 1.50
                }
                ```

                ## 3. tool

                answers `c9`

                ````
                # no heading
                ```
                code
                ```
                ````

                """), "\(text)")
        #expect(!text.contains("tool_use"))
    }

    @Test func `Plain text says of calls and answers what Markdown does`() async throws {
        let text = try await export(try talkWithTools(), .txt)
        #expect(
            text.contains(
                """
                --- 1 assistant ---
                I look.
                calls search as tu1
                {
                  "q": "a b"
                }

                --- 2 user ---
                answers tu1 of search with an error
                see ````x````
                {
                  "n": 1.50
                }

                --- 3 tool ---
                answers c9
                # no heading

                """), "\(text)")
        #expect(!text.contains("tool_use"))
    }

    @Test func `HTML shows calls and answers among the parts as it shows those beside them`() async throws {
        let text = try await export(try talkWithTools(), .html)
        #expect(text.contains("<summary>calls <code>search</code> as <code>tu1</code></summary>"))
        #expect(text.contains("<summary>answers <code>tu1</code> of <code>search</code> with an error</summary>"))
        #expect(text.contains("{\n  &quot;n&quot;: 1.50\n}"))
        #expect(!text.contains("tool_use"))
    }

    @Test func `JSON and JSON Lines keep the parts of tools as they are stored`() async throws {
        let layout = try talkWithTools()
        let stored =
            #"[{"text": "I look."}, {"type": "tool_use", "id": "tu1", "name": "search", "input": {"q": "a b"}}]"#
        #expect(try await export(layout, .json).contains(stored))
        #expect(
            try await export(layout, .jsonl).contains(
                #"{"type":"tool_use","id":"tu1","name":"search","input":{"q":"a b"}}"#))
    }

    @Test func `A call that is stored both ways is written once`() async throws {
        var message = StoredMessage.stored(0, .assistant, "")
        message.content = [.json(try JSONValue.parse(#"{"type": "tool_use", "id": "c1", "name": "add", "input": {}}"#))]
        message.toolCalls = [ToolCall(id: "c1", name: "add", arguments: .text("{}"))]
        let text = try await export(thread([message]), .md)
        #expect(text.ranges(of: "calls `add` as `c1`").count == 1)
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
