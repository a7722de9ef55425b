import BrowserTestSupport
import StoredRecords
import TestSupport
import Testing

@testable import BrowserModel

@Suite("What differs between two documents")
struct ComparisonTests {
    private func json(_ text: String) -> RecordDocument {
        RecordDocument(name: "state.json", format: .json, bytes: StoredBytes(text))
    }

    private func text(_ lines: [String]) -> RecordDocument {
        RecordDocument(name: "content.txt", format: .text, bytes: StoredBytes(lines.joined(separator: "\n") + "\n"))
    }

    private func screen(_ left: RecordDocument, _ right: RecordDocument) throws -> DiffScreen {
        var screen = DiffScreen(id: ScreenID(1), pair: .documents(left, right))
        screen.show(try #require(Comparison.of(left, right)), height: 50)
        return screen
    }

    /// The rows as signs and places: "~ .a.b".
    private func rows(_ screen: DiffScreen) -> [String] {
        var screen = screen
        return screen.rows.indices.map { index in
            screen.move(by: index - screen.cursor, height: 50)
            let row = screen.rows[index]
            switch row.content {
            case .document(_, let note): return note.isEmpty ? "document" : "document \(note)"
            case .sameChildren(_, let range): return "  \(range.count) same"
            case .sameLines(_, _, let count): return "  \(count) same lines"
            case .note(let text), .whole(let text): return "\(row.sign) \(text)"
            case .value(_, _, let note): return "\(row.sign) \(screen.place)\(note.isEmpty ? "" : " \(note)")"
            case .line(let left, let right, _):
                let bytes =
                    left.map { screen.bytes($0.range, of: row, isLeft: true) }
                    ?? right.map { screen.bytes($0.range, of: row, isLeft: false) } ?? []
                return "\(row.sign) \(String(decoding: bytes, as: UTF8.self))"
            }
        }
    }

    @Test("Objects are compared key by key, whatever their order, and what is equal is folded")
    func objects() throws {
        let screen = try screen(
            json(#"{"a":1,"b":{"c":1,"d":2,"e":3,"f":4},"gone":[1,2],"z":null}"#),
            json(#"{"z":null,"b":{"f":5,"d":2,"c":1,"e":3},"a":1,"new":{"x":1}}"#))
        #expect(
            rows(screen) == [
                "document", "  .", "- .gone", "  .z", "  .b", "~ .b.f", "  3 same", "  .a", "+ .new",
            ])
        let comparison = try #require(screen.comparison)
        #expect(comparison.count == 3)
        #expect([comparison.added, comparison.removed, comparison.changed] == [1, 1, 1])
    }

    @Test("Order of keys, white space and escapes are no difference, the spelling of a number is")
    func spelling() throws {
        let same = try screen(json(#"{"a":"\u00e9","b":[1,2]}"#), json("{ \"b\": [1, 2],\n \"a\": \"é\" }"))
        #expect(rows(same) == ["document no difference but in spelling and order"])
        let equal = try screen(json("{}"), json("{}"))
        #expect(rows(equal) == ["document no difference"])
        let number = try screen(json("[1.0, 9007199254740993]"), json("[1, 9007199254740992]"))
        #expect(rows(number) == ["document", "  .", "~ .[0]", "~ .[1]"])
    }

    @Test("Elements with an id are compared by it: inserted, removed, changed and moved are told apart")
    func ids() throws {
        let screen = try screen(
            json(#"[{"id":"a","n":1},{"id":"b","n":2},{"id":"c","n":3},{"id":"d","n":4}]"#),
            json(#"[{"id":"new","n":0},{"id":"a","n":1},{"id":"d","n":4},{"id":"c","n":33}]"#))
        #expect(
            rows(screen) == [
                "document", "  .", "+ .[0]", "  .[1]", "- .[1]", "  .[2]", "  .[3] moved from [2]",
                "  .[3].id", "~ .[3].n",
            ])
    }

    @Test("Elements without an id are aligned by what is equal, and what stands in a gap was changed")
    func sequences() throws {
        let before = (0..<100).map(String.init)
        var after = before
        after.insert("1000", at: 10)
        after[50] = "\"changed\""
        after.removeLast(2)
        let screen = try screen(
            json("[\(before.joined(separator: ","))]"), json("[\(after.joined(separator: ", "))]"))
        #expect(
            rows(screen) == [
                "document", "  .", "  10 same", "+ .[10]", "  39 same", "~ .[50]", "  48 same", "- .[98]", "- .[99]",
            ])
    }

    @Test("Lines are aligned, each stretch is one difference, and three lines around it are shown")
    func lines() throws {
        let before = (1...40).map { "line \($0)" }
        var after = before
        after[19] = "line twenty"
        after.insert("extra", at: 30)
        let screen = try screen(text(before), text(after))
        #expect(
            rows(screen) == [
                "document", "  16 same lines", "  line 17", "  line 18", "  line 19", "- line 20", "+ line twenty",
                "  line 21", "  line 22", "  line 23", "  4 same lines", "  line 28", "  line 29", "  line 30",
                "+ extra",
                "  line 31", "  line 32", "  line 33", "  7 same lines",
            ])
        #expect(screen.comparison?.count == 2)
    }

    @Test("What is folded is unfolded in place, and n goes into what was folded")
    func folding() throws {
        var screen = try screen(
            json(#"{"a":{"b":{"c":1}},"same":[1,{"x":2},3],"s2":2,"s3":3}"#),
            json(#"{"a":{"b":{"c":2}},"same":[1,{"x":2},3],"s2":2,"s3":3}"#))
        #expect(screen.row?.number == 1)
        #expect(screen.place == ".a.b.c")
        screen.move(by: 1, height: 50)
        screen.unfold(height: 50)
        screen.unfold(height: 50)
        #expect(screen.place == ".same")
        screen.unfold(height: 50)
        #expect(rows(screen).suffix(6) == ["  .same", "  .same[0]", "  .same[1]", "  .same[2]", "  .s2", "  .s3"])
        screen.foldAll(height: 50)
        #expect(screen.rows.count == 1)
        let isFound = screen.moveToDifference(forward: true, height: 50)
        #expect(isFound)
        #expect(screen.place == ".a.b.c")
        let others = [true, false].filter { screen.moveToDifference(forward: $0, height: 50) }
        #expect(others == [])
        #expect(screen.place == ".a.b.c")
    }

    @Test("Folded lines are shown again with their numbers on both sides")
    func foldedLines() throws {
        let before = (1...30).map { "line \($0)" }
        var screen = try screen(text(["first"] + before), text(before + ["last"]))
        let fold = try #require(screen.rows.firstIndex { if case .sameLines = $0.content { true } else { false } })
        screen.move(by: fold - screen.cursor, height: 50)
        screen.unfold(height: 50)
        let row = screen.rows[fold + 1]
        guard case .line(let left?, let right?, nil) = row.content else {
            Issue.record("no line")
            return
        }
        #expect(left.number == right.number + 1)
        #expect(screen.bytes(left.range, of: row, isLeft: true) == Array("line 4".utf8))
        #expect(screen.bytes(right.range, of: row, isLeft: false) == Array("line 4".utf8))
    }

    @Test("Broken JSON is compared as text, bytes by their first difference, and both say so")
    func others() throws {
        let broken = try screen(json("{\"a\":1}\n{"), json("{\"a\":2}\n{"))
        #expect(
            rows(broken) == [
                "document compared as text: one of them is no valid JSON", "- {\"a\":1}", "+ {\"a\":2}", "  {",
            ])
        func bytes(_ bytes: [UInt8]) -> RecordDocument {
            RecordDocument(name: "x.bin", format: .binary, bytes: StoredBytes(bytes))
        }
        let binary = try screen(bytes([1, 2, 3]), bytes([1, 2, 4, 5]))
        #expect(rows(binary) == ["document", "~ bytes differ from offset 0x2 (2) on; 3 → 4 bytes"])
    }

    @Test("A comparison that is cancelled gives nothing")
    func cancelled() {
        #expect(Comparison.of(json("[1]"), json("[2]"), isCancelled: { true }) == nil)
    }

    @Test("Sequences are aligned in order, with the same elements on both sides of each run", arguments: 0..<40)
    func aligned(_ seed: Int) {
        var random = SystemLikeRandom(seed: UInt64(seed))
        func sequence() -> [Int] { (0..<Int(random.next() % 60)).map { _ in Int(random.next() % 8) } }
        let (left, right) = (sequence(), sequence())
        let diff = SequenceDiff(left, right)
        var (atLeft, atRight) = (0, 0)
        for run in diff.runs {
            #expect(run.left >= atLeft && run.right >= atRight)
            for step in 0..<run.count { #expect(left[run.left + step] == right[run.right + step]) }
            atLeft = run.left + run.count
            atRight = run.right + run.count
        }
        #expect(atLeft <= left.count && atRight <= right.count)
        #expect(!diff.isBounded)
    }

    @Test("Sequences that differ too much say that they were not aligned to the end")
    func bounded() {
        let left = (0..<400).map { $0 % 2 == 0 ? 1 : $0 % 7 + 2 }
        let right = (0..<400).map { $0 % 3 == 0 ? 1 : $0 % 5 + 20 }
        #expect(SequenceDiff(left, right, mostEdits: 20).isBounded)
        #expect(!SequenceDiff(left, right, mostEdits: 1_000).isBounded)
    }

    private struct SystemLikeRandom {
        var state: UInt64

        init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

        mutating func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state >> 11
        }
    }

    // MARK: Stopping

    /// Two large documents whose comparison is one big step: a string, an array, an object, text, bytes.
    private static func large(_ shape: String) -> (RecordDocument, RecordDocument) {
        let count = 3 << 20
        func document(_ format: RecordDocument.Format, _ text: String) -> RecordDocument {
            RecordDocument(name: "d", format: format, bytes: StoredBytes(text))
        }
        switch shape {
        case "string":
            let body = String(repeating: "a", count: count)
            return (document(.json, "[\"\(body)\"]"), document(.json, "[ \"\(body)b\"]"))
        case "array":
            let body = (0..<20_000).map { String($0 + 1_000_000) }.joined(separator: ",")
            return (document(.json, "[0,\(body)]"), document(.json, "[\(body),0]"))
        case "object":
            let body = (0..<20_000).map { "\"k\($0 + 100_000)\":1" }.joined(separator: ",")
            return (document(.json, "{\(body)}"), document(.json, "{ \(body),\"x\":2}"))
        case "lines":
            let tail = String(repeating: "-", count: 120)
            let body = (0..<count / 128).map { "\($0 + 1_000_000)\(tail)" }.joined(separator: "\n")
            return (document(.text, "a\n" + body), document(.text, body + "\nb"))
        default:
            let body = String(repeating: "a", count: count)
            return (document(.binary, body + "b"), document(.binary, body + "c"))
        }
    }

    @Test(
        "A comparison is stopped within its steps: it asks each megabyte or some thousand values, and ends at the answer",
        .blocks, arguments: ["string", "array", "object", "lines", "bytes"])
    func stops(_ shape: String) {
        let (left, right) = Self.large(shape)
        var asked = 0
        #expect(
            Comparison.of(
                left, right,
                isCancelled: {
                    asked += 1
                    return false
                }) != nil)
        #expect(asked >= max(4, left.bytes.count >> 20))
        for part in [1, 4, 8] {
            let limit = max(1, asked * part / 9)
            var count = 0
            let comparison = Comparison.of(
                left, right,
                isCancelled: {
                    count += 1
                    return count >= limit
                })
            #expect(comparison == nil)
            // What is left after the answer asks a few times more, but does no work.
            #expect(count <= limit + 12, "asked \(count - limit) times after \(limit)")
        }
    }

}
