import StoredRecords
import TestSupport
import Testing

@testable import BrowserModel

@Suite("Text seen through a window")
struct TextPaneTests {
    private func lines(_ pane: TextPane, _ height: Int, width: Int = 40) -> [String] {
        pane.rows(width: width, height: height).map(\.text)
    }

    @Test("Lines are shown in order, and the end keeps the screen full")
    func scrolls() {
        var pane = TextPane(StoredBytes((1...100).map { "line \($0)\n" }.joined()))
        #expect(lines(pane, 3) == ["line 1", "line 2", "line 3"])
        pane.move(by: 10, width: 40, height: 3)
        #expect(lines(pane, 3).first == "line 11")
        pane.moveToEnd(width: 40, height: 3)
        #expect(lines(pane, 3) == ["line 98", "line 99", "line 100"])
        pane.move(by: 50, width: 40, height: 3)
        #expect(lines(pane, 3).last == "line 100")
        pane.move(by: -1, width: 40, height: 3)
        #expect(lines(pane, 3) == ["line 97", "line 98", "line 99"])
    }

    @Test("Going down and up again row by row meets the same rows", .blocks, arguments: [7, 40, 100])
    func downAndUp(_ width: Int) {
        let text =
            "short\n\n" + String(repeating: "word ", count: 1800) + "\nend é\n" + String(repeating: "x", count: 9000)
        var pane = TextPane(StoredBytes(text))
        let all = lines(pane, 10_000, width: width)
        let steps = min(150, all.count - 1)
        for step in 0..<steps {
            #expect(lines(pane, 1, width: width)[0] == all[step])
            pane.move(by: 1, width: width, height: 1)
        }
        for step in (0..<steps).reversed() {
            pane.move(by: -1, width: width, height: 1)
            #expect(lines(pane, 1, width: width)[0] == all[step])
        }
    }

    @Test("Every byte of a long line is shown once, whatever the width", arguments: [10, 33, 80])
    func wholeLine(_ width: Int) {
        let text = (0..<6000).map { String($0 % 10) }.joined() + "é" + String(repeating: "z", count: 9000)
        let pane = TextPane(StoredBytes(text))
        #expect(lines(pane, 10_000, width: width).joined() == text)
    }

    @Test("A single line of many megabytes opens and ends without being read whole")
    func hugeLine() {
        var pane = TextPane(StoredBytes([UInt8](repeating: 97, count: 8_000_000)))
        #expect(lines(pane, 2) == [String(repeating: "a", count: 40), String(repeating: "a", count: 40)])
        pane.moveToEnd(width: 40, height: 5)
        #expect(lines(pane, 5).count == 5)
        #expect(pane.percent(width: 40, height: 5) == 100)
    }

    @Test("A place is brought onto the screen")
    func shows() {
        let text = (1...5000).map { "line \($0)\n" }.joined()
        let bytes = StoredBytes(text)
        var pane = TextPane(bytes)
        let found = ByteSearch.find(
            BytesSearch(bytes: bytes, pattern: BytesPattern("LINE 4321"), from: 0, isForward: true))
        #expect(found == nil)
        let range = ByteSearch.find(
            BytesSearch(bytes: bytes, pattern: BytesPattern("line 4321"), from: 0, isForward: true))
        pane.show(range?.lowerBound ?? 0, width: 40, height: 10)
        #expect(lines(pane, 10).contains("line 4321"))
    }

    @Test("A search finds the next and the previous place, in any case unless a capital is asked for")
    func finds() {
        let bytes = StoredBytes("One two ONE two one")
        func find(_ needle: String, _ from: Int, _ forward: Bool) -> Int? {
            ByteSearch.find(BytesSearch(bytes: bytes, pattern: BytesPattern(needle), from: from, isForward: forward))?
                .lowerBound
        }
        #expect(find("one", 1, true) == 8)
        #expect(find("one", 8, false) == 0)
        #expect(find("ONE", 0, true) == 8)
        #expect(find("three", 0, true) == nil)
        #expect(find("one", 19, false) == 16)
    }

    @Test("Lines are found by number, with either line end", arguments: [0, 1, 63, 64, 65, 199])
    func lineIndex(_ line: Int) throws {
        let bytes = StoredBytes((0..<200).map { "row \($0)\r\n" }.joined())
        let index = try #require(LineIndex(bytes))
        #expect(index.count == 200)
        let range = try #require(index.range(of: line, in: bytes))
        #expect(String(decoding: bytes.slice(range), as: UTF8.self) == "row \(line)")
        #expect(index.range(of: 200, in: bytes) == nil)
    }
}
