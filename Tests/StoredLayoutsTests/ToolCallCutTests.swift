import JSONText
import StoredRecords
import Testing

@testable import StoredLayouts

@Suite struct ToolCallCutTests {
    private typealias Entry = ToolCallCut.Entry

    private let plain = Entry(calls: [], isResult: false, answers: [])

    private func call(_ ids: String...) -> Entry { Entry(calls: ids, isResult: false, answers: []) }

    private func result(_ id: String? = nil) -> Entry {
        Entry(calls: [], isResult: true, answers: id.map { [$0] } ?? [])
    }

    private func safe(_ entries: [Entry]) -> [Int] {
        let cut = ToolCallCut(entries)
        return (0...entries.count).filter(cut.isSafe)
    }

    @Test func `a result stays with the message before it`() {
        #expect(safe([plain, plain, result(), result(), plain]) == [0, 1, 4, 5])
    }

    @Test func `a result stays with the call it names, over what is between`() {
        #expect(safe([plain, call("a", "b"), result("a"), plain, result("b"), plain]) == [0, 1, 5, 6])
    }

    @Test func `a result whose call is out of sight is not cut from what is before`() {
        #expect(safe([result("x"), plain, plain]) == [1, 2, 3])
    }

    @Test func `calls and results among the parts of a content hold together`() {
        func entry(_ parts: JSONValue...) -> Entry {
            Entry(calls: [], isResult: false, answers: nil, content: parts.map { .json($0) })
        }
        let call = entry(["type": "tool_use", "id": "a", "name": "f", "input": [:]])
        let result = entry(["type": "tool_result", "tool_use_id": "a", "content": "x"])
        #expect(safe([plain, call, plain, result, plain]) == [0, 1, 4, 5])
        let both = entry(
            ["type": "server_tool_use", "id": "s", "name": "web_search", "input": [:]],
            ["type": "web_search_tool_result", "tool_use_id": "s", "content": []])
        #expect(safe([plain, both, plain]) == [0, 1, 2, 3])
    }

    @Test func `the nearest safe gaps are found on both sides`() {
        let cut = ToolCallCut([plain, call("a"), result("a"), plain])
        #expect(!cut.isSafe(2))
        let gaps = cut.nearest(to: 2)
        #expect(gaps.before == 1)
        #expect(gaps.behind == 3)
    }
}
