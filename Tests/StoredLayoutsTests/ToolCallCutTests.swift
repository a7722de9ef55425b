import Testing

@testable import StoredLayouts

@Suite struct ToolCallCutTests {
    private typealias Entry = ToolCallCut.Entry

    private let plain = Entry(calls: [], isResult: false, answers: nil)

    private func call(_ ids: String...) -> Entry { Entry(calls: ids, isResult: false, answers: nil) }

    private func result(_ id: String? = nil) -> Entry { Entry(calls: [], isResult: true, answers: id) }

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

    @Test func `the nearest safe gaps are found on both sides`() {
        let cut = ToolCallCut([plain, call("a"), result("a"), plain])
        #expect(!cut.isSafe(2))
        let gaps = cut.nearest(to: 2)
        #expect(gaps.before == 1)
        #expect(gaps.behind == 3)
    }
}
