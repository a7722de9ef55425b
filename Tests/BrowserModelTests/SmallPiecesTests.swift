import JSONText
import StoredRecords
import Testing

@testable import BrowserModel

@Suite("Small pieces")
struct SmallPiecesTests {
    // MARK: Sums

    private func sum(_ spellings: String...) -> ExactSum {
        var sum = ExactSum()
        for spelling in spellings {
            if let number = ExactNumber(spelling) { sum.add(number, spelling) }
        }
        return sum
    }

    @Test("Decimals are added without rounding, and digits stand in groups")
    func exactSums() {
        #expect(sum("0.1", "0.2").sum == "0.3")
        #expect(sum("9999999999", "1", "-0.5").sum == "9 999 999 999.5")
        #expect(sum("1e3", "25e-1", "0").sum == "1 002.5")
        #expect(sum("-1", "1").sum == "0")
        #expect(sum("0.5", "-2").sum == "-1.5")
        #expect(sum().sum == "0")
    }

    @Test("A mean says whether it is all of its digits")
    func means() {
        let means = [sum("1", "2").mean, sum("1", "0", "0").mean, sum().mean]
        #expect(means.map(\.text) == ["1.5", "0.333333", ""])
        #expect(means.map(\.isExact) == [true, false, true])
    }

    @Test("What has too many digits to be exact is rounded and says so")
    func roundedSums() {
        let large = sum("1e300", "1")
        #expect(!large.isExact && large.sum == "1e+300")
        let long = sum(String(repeating: "9", count: 37), String(repeating: "9", count: 37), "0.0000000000001")
        #expect(!long.isExact && long.count == 3)
    }

    // MARK: Hits

    @Test("A hit knows its number and its neighbours")
    func hits() {
        let places = MatchPlaces([3, 10, 11, 500], isComplete: true)
        #expect([3, 11, 500, 4].map { places.number(of: $0) } == [1, 3, 4, nil])
        #expect([0, 3, 10, 500].map { places.next(after: $0) } == [3, 10, 11, nil])
        #expect([600, 500, 10, 3].map { places.last(before: $0) } == [500, 11, 3, nil])
        #expect(places.total == "4")
        #expect(MatchPlaces(Array(0..<1200), isComplete: false).total == ">= 1 200")
        #expect(MatchPlaces([], isComplete: true).next(after: 0) == nil)
    }

    // MARK: Paths in JSON

    @Test("Paths are read as people type them")
    func paths() {
        #expect(PathText.steps(".a.b[3]") == [.key("a"), .key("b"), .index(3)])
        #expect(PathText.steps(".odd-key[0]") == [.key("odd-key"), .index(0)])
        #expect(PathText.steps("[\"a ] b\"].c") == [.key("a ] b"), .key("c")])
        for text in [".a[x]", ".a[\"b", ".a..b"] { #expect(PathText.steps(text) == nil, "\(text)") }
    }

    @Test("The step that is being typed is told from the path before it")
    func unfinishedPaths() {
        let paths = [".a.b[3].na", ".a[\"x.y", "."].map(PathText.unfinished)
        #expect(paths.map(\.done) == [".a.b[3]", ".a", "."])
        #expect(paths.map(\.typed) == [".na", "[\"x.y", "."])
    }

    // MARK: Comparing

    private func areSame(_ left: String, _ right: String) -> Bool {
        Array(left.utf8).withUnsafeBytes { a in
            Array(right.utf8).withUnsafeBytes { b in CompactJSON.areSame(a, b) { false } }
        }
    }

    private func hash(_ text: String) -> Int {
        Array(text.utf8).withUnsafeBytes { CompactJSON.hash($0) { false } }
    }

    @Test("White space between tokens makes no difference, within strings it does")
    func compactJSON() {
        let same = [(#"{"a": [1, 2]}"#, "{\n\t\"a\":[1,2] }"), (#""a \" b""#, #""a \" b""#), ("[]", "[ ]")]
        for (left, right) in same { #expect(areSame(left, right) && hash(left) == hash(right), "\(left)") }
        let different = [(#"["a b"]"#, #"["ab"]"#), ("[1, 2]", "[12]"), (#"["\" x"]"#, #"["\"x"]"#), ("[1]", "[1,1]")]
        for (left, right) in different { #expect(!areSame(left, right) && hash(left) != hash(right), "\(left)") }
    }

    @Test("The first byte that differs is found in whichever piece it is, and a prefix ends where it ends")
    func byteDifference() {
        let long = [UInt8](repeating: 7, count: ByteDifference.pieceBytes + 100)
        var other = long
        other[long.count - 3] = 8
        func difference(_ left: [UInt8], _ right: [UInt8]) -> ByteDifference {
            ByteDifference.of(StoredBytes(left), StoredBytes(right)) { false }
        }
        #expect(difference(long, long) == .none)
        #expect(difference(long, other) == .at(long.count - 3))
        #expect(difference(long, Array(long.dropLast())) == .at(long.count - 1))
        #expect(difference([], [1]) == .at(0))
        #expect(ByteDifference.of(StoredBytes(long), StoredBytes(other)) { true } == .cancelled)
    }

    // MARK: Base64

    @Test("Long base64 is told from long words, and what looks into it is told so")
    func longRuns() {
        let base64 = String(repeating: "aB3+", count: 60)
        let text = Array("see \(base64)== end".utf8)
        text.withUnsafeBufferPointer { bytes in
            #expect(LongRuns.first(in: bytes, 0..<bytes.count)?.range == 4..<246)
            #expect(LongRuns.isInside(bytes, 100))
            #expect(!LongRuns.isInside(bytes, 1))
            #expect(LongRuns.end(bytes, 100) >= 244)
        }
        let word = Array(String(repeating: "a", count: 400).utf8)
        word.withUnsafeBufferPointer { #expect(LongRuns.first(in: $0, 0..<$0.count) == nil) }
    }
}
