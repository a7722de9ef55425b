import JSONText
import Testing

@Suite("Lines of text")
struct JSONTextLinesTests {
    @Test("Short lines are lines of the text")
    func short() {
        let lines = JSONTextLines(ArrayRegion("{\r\n  \"a\": 1\n\n}"))
        let all = lines.lines(from: 0, count: 10)
        #expect(all.map(lines.text(of:)) == ["{", "  \"a\": 1", "", "}"])
        #expect(all.allSatisfy { !$0.isContinued })
        #expect(lines.lines(before: 13, count: 2).map(lines.text(of:)) == ["  \"a\": 1", ""])
        #expect(lines.position(of: 5) == JSONTextPosition(line: 2, column: 3))
        #expect(lines.offset(ofLine: 2) == 3)
        #expect(lines.offset(ofLine: 4) == 13)
        #expect(lines.offset(ofLine: 5) == nil)
        #expect(lines.offset(ofLine: 0) == nil)
    }

    @Test(
        "Lines of random text are the same from every place and in both directions", arguments: 0..<20 as Range<UInt64>)
    func random(seed: UInt64) throws {
        var documents = RandomDocuments(seed: seed)
        let parts = ["a", "é", "日", "😀", "\n", "0123456789", "\r\n"]
        var text = Array((0..<documents.pick(400)).map { _ in parts[documents.pick(parts.count)] }.joined().utf8)
        if documents.pick(2) == 0 { text = text.filter { $0 != 0x0A } }
        for _ in 0..<documents.pick(3) where !text.isEmpty { text[documents.pick(text.count)] = 0x80 }
        let start = documents.pick(text.count + 1)
        for range in [0..<text.count, start..<start + documents.pick(text.count - start + 1)] where !range.isEmpty {
            let lines = JSONTextLines(ArrayRegion(text), range: range, longestLine: 8 + documents.pick(60))
            let all = lines.lines(from: range.lowerBound, count: .max)
            #expect(all.first?.range.lowerBound == range.lowerBound)
            #expect(all.last?.range.upperBound == range.upperBound)
            #expect(zip(all, all.dropFirst()).allSatisfy { $0.range.upperBound == $1.range.lowerBound })
            #expect(all.allSatisfy { !$0.range.isEmpty && $0.range.count <= lines.longestLine })
            for line in all where line.range.count < lines.longestLine / 2 - 4 {
                // A short piece is the rest of something, or a line of its own.
                #expect(line.isContinued || text[line.range.upperBound - 1] == 0x0A || line == all.last)
            }
            for offset in range {
                let place = try #require(all.firstIndex { $0.range.contains(offset) })
                #expect(lines.line(containing: offset) == all[place])
                #expect(lines.lines(before: offset, count: 3) == Array(all[..<place].suffix(3)))
                #expect(lines.lines(from: offset, count: 3) == Array(all[place...].prefix(3)))
            }
            #expect(lines.lines(before: range.upperBound, count: .max) == all)
        }
    }

    @Test("Characters are not parted")
    func characters() {
        let text = String(repeating: "日😀é", count: 300)
        let lines = JSONTextLines(ArrayRegion(text), longestLine: 50)
        #expect(lines.lines(from: 0, count: .max).map(lines.text(of:)).joined() == text)
    }

    @Test("An empty text has no lines")
    func empty() {
        let lines = JSONTextLines(ArrayRegion(""))
        #expect(lines.lines(from: 0, count: 5).isEmpty)
        #expect(lines.lines(before: 0, count: 5).isEmpty)
        #expect(lines.line(containing: 0) == nil)
    }
}
