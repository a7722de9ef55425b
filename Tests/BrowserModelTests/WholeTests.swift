import BrowserTestSupport
import StoredRecords
import TerminalSurface
import Testing

@testable import BrowserModel

@Suite("Long values in a comparison")
struct WholeTests {
    private static let long = (0..<60).map { "word\($0)" }.joined(separator: " ")

    private func driver(_ left: String, _ right: String, format: RecordDocument.Format = .json) -> BrowserDriver {
        var source = PretendSource("a", [.task: .init([PretendRecords.task("a", "0"), PretendRecords.task("a", "1")])])
        source.documents = { id in
            [RecordDocument(name: "state", format: format, bytes: StoredBytes(id.key == "1" ? left : right))]
        }
        var driver = BrowserDriver([source])
        driver.start()
        driver.press("4", "Enter", "D")
        return driver
    }

    private func lines(_ driver: BrowserDriver) throws -> [(sign: Character, text: String)] {
        try #require(driver.state.diffTop).rows.compactMap { row in
            if case .whole(let text) = row.content { (row.sign, text) } else { nil }
        }
    }

    private func text(_ lines: [(sign: Character, text: String)], _ sign: Character) -> String {
        lines.filter { $0.sign == sign }.map(\.text).joined(separator: " ")
    }

    @Test("w and Enter show a long value whole on both sides, and its beginning again", arguments: ["w", "Enter"])
    func whole(_ key: String) throws {
        var driver = driver("{\"a\":\"\(Self.long) old\"}", "{\"a\":\"\(Self.long) new\"}")
        let count = try #require(driver.state.diffTop).rows.count
        driver.press(key)
        #expect(try text(lines(driver), "-") == Self.long + " old")
        #expect(try text(lines(driver), "+") == Self.long + " new")
        #expect(try lines(driver).allSatisfy { $0.text.count <= 76 })
        driver.press("j", "j")
        #expect(try #require(driver.state.diffTop).place == ".a")
        driver.press(key)
        #expect(try #require(driver.state.diffTop).rows.count == count)
    }

    @Test("What is on one side only is shown whole too, and another width wraps it anew")
    func added() throws {
        var driver = driver("{\"b\":1}", "{\"a\":\"\(Self.long)\",\"b\":1}")
        driver.press("w")
        #expect(try text(lines(driver), "+") == Self.long)
        let count = try lines(driver).count
        driver.resize(40, 24)
        #expect(try lines(driver).count > count)
        #expect(try text(lines(driver), "+") == Self.long)
        #expect(try lines(driver).allSatisfy { $0.text.count <= 36 })
    }

    @Test("What is folded away while it is shown whole comes back cut after another width")
    func folded() throws {
        var driver = driver("{\"o\":{\"a\":\"x\",\"c\":1}}", "{\"o\":{\"a\":\"\(Self.long)\",\"c\":1}}")
        driver.press("w", "-")
        driver.resize(60, 24)
        driver.press("+", "n")
        driver.press("w")
        #expect(try text(lines(driver), "+") == Self.long)
    }

    @Test("A long line of text is shown whole")
    func line() throws {
        var driver = driver("same\n\(Self.long) old\n", "same\n\(Self.long) new\n", format: .text)
        driver.press("w")
        let shown = try lines(driver)
        #expect(text(shown, "-") == Self.long + " old" && text(shown, "+") == Self.long + " new")
    }

    @Test("Of a value beyond all measure the first part is shown, and how much of it there is")
    func huge() throws {
        let huge = String(repeating: "0123456789", count: 200_000)
        var driver = driver("{\"a\":\"x\"}", "{\"a\":\"\(huge)\"}")
        driver.press("w")
        let shown = try lines(driver)
        #expect(shown.count < 1000)
        #expect(shown.last?.text == "the first 64 KB of 1.9 MB; y copies all")
    }

    @Test("Where nothing is cut the key says why it does nothing")
    func unavailable() {
        var driver = driver("{\"a\":{\"b\":1,\"c\":2}}", "{\"a\":{\"b\":2,\"c\":2}}")
        driver.press("g", "w")
        #expect(driver.state.notice?.text == "w does not work here: Enter unfolds this row")
    }
}
