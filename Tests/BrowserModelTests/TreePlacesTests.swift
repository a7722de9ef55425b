import BrowserTestSupport
import StoredRecords
import Testing

@testable import BrowserModel

@Suite("Places in JSON and bytes")
struct TreePlacesTests {
    private func open(_ documents: [RecordDocument]) -> BrowserDriver {
        var source = PretendSource(
            "a", [.artifact: .init([PretendRecords.artifact("a", "x", title: "x", type: "data")])])
        source.documents = { _ in documents }
        var driver = BrowserDriver([source])
        driver.start()
        driver.press("3", "Enter")
        return driver
    }

    private func open(_ text: String) -> BrowserDriver {
        open([RecordDocument(name: "data.json", format: .json, bytes: StoredBytes(text))])
    }

    private func pane(_ driver: BrowserDriver) -> DocumentPane? {
        if case .document(let screen) = driver.state.top { screen.pane } else { nil }
    }

    private func goTo(_ driver: inout BrowserDriver, _ text: String) {
        driver.press(":")
        driver.type(text)
        driver.press("Enter")
    }

    private let document = #"{"mode":"full","blobs":[["a1","mode"],["b2",null]],"Mode":3,"odd key":{"x.y":1}}"#

    @Test("Hits are numbered, and the search goes on at the other end")
    func hits() {
        var driver = open(document)
        driver.search("mode")
        var seen: [String] = []
        for _ in 0..<4 {
            seen.append("\(pane(driver)?.tree?.path ?? "") \(pane(driver)?.hit ?? "")")
            driver.press("n")
        }
        #expect(seen == [".mode hit 1 of 3", ".blobs[0][1] hit 2 of 3", ".Mode hit 3 of 3", ".mode hit 1 of 3"])
        driver.press("N", "N")
        #expect(pane(driver)?.hit == "hit 3 of 3")
        #expect(pane(driver)?.find.note == "from the end again")
        driver.search("Mode")
        #expect(pane(driver)?.hit == "hit 1 of 1")
    }

    @Test("key: looks in keys only and value: in values only")
    func scopes() {
        var driver = open(document)
        driver.search("key:mode")
        #expect(pane(driver)?.hit == "hit 1 of 2")
        driver.press("n")
        #expect(pane(driver)?.tree?.path == ".Mode")
        driver.search("value:mode")
        #expect(pane(driver)?.tree?.path == ".blobs[0][1]")
        #expect(pane(driver)?.hit == "hit 1 of 1")
        #expect(pane(driver)?.needle == "mode")
    }

    @Test("A text that is nowhere is said to be nowhere")
    func nothing() {
        var driver = open(document)
        driver.search("zebra")
        #expect(driver.state.notice?.text == "\"zebra\" is not in data.json")
    }

    @Test(
        "A path that is typed is gone to, whatever is folded",
        arguments: [
            (".blobs[1][0]", ".blobs[1][0]"), ("[\"odd key\"].[\"x.y\"]", #".["odd key"]["x.y"]"#),
            (".odd key", #".["odd key"]"#), (".blobs[-1]", ".blobs[1]"), (".", "."),
        ])
    func jumps(_ typed: String, _ path: String) {
        var driver = open(document)
        driver.press("-")
        goTo(&driver, typed)
        #expect(pane(driver)?.tree?.path == path)
        #expect(driver.state.notice == nil)
    }

    @Test(
        "A path that leads nowhere is told by the step that is not there",
        arguments: [
            (".blobs[7][1]", ".blobs has 2 elements: [7] is not there"),
            (".blob", "the document has no member \"blob\"; it has mode, blobs, Mode, odd key"),
            (".mode.x", ".mode is a string and holds nothing: \"x\" is not there"),
            (".blobs.x", ".blobs is an array: \"x\" is not there, its elements are [0], [1] …"),
            (".blobs[x]", "\".blobs[x]\" is no path; one looks like .contextState.blobs[17][1]"),
        ])
    func missing(_ typed: String, _ sentence: String) {
        var driver = open(document)
        driver.press("j")
        goTo(&driver, typed)
        #expect(driver.state.notice?.text == sentence)
        #expect(pane(driver)?.tree?.path == ".mode")
    }

    @Test("A path goes on by the steps there are")
    func candidates() {
        let driver = open(document)
        #expect(driver.state.pathCandidates(".") == [".mode", ".blobs", ".Mode", #".["odd key"]"#])
        #expect(driver.state.pathCandidates(".mo") == [".mode"])
        #expect(driver.state.pathCandidates(".odd") == [#".["odd key"]"#])
        #expect(driver.state.pathCandidates(".blobs[") == [".blobs[0]", ".blobs[1]"])
        #expect(driver.state.pathCandidates(".blobs[1][") == [".blobs[1][0]", ".blobs[1][1]"])
        #expect(driver.state.pathCandidates(".nothing.x") == [])
    }

    @Test("A large array is gone into by number without reading its elements one by one")
    func large() {
        let items = (0..<20_000).map { "[\($0),\"element \($0)\"]" }.joined(separator: ",")
        var driver = open("{\"blobs\":[\(items)]}")
        goTo(&driver, ".blobs[17123][1]")
        #expect(pane(driver)?.tree?.path == ".blobs[17123][1]")
        #expect(pane(driver)?.tree?.value == "\"element 17123\"")
    }

    @Test("Bytes are searched for text and for digits, and gone to by offset")
    func bytes() {
        var content = [UInt8](repeating: 7, count: 2000)
        content.replaceSubrange(1500..<1504, with: [0xDE, 0xAD, 0xBE, 0xEF])
        content.replaceSubrange(900..<905, with: Array("Hello".utf8))
        var driver = open([RecordDocument(name: "x.bin", format: .binary, bytes: StoredBytes(content))])
        driver.search("0xdead beef")
        #expect(pane(driver)?.hex.mark == 1500..<1504)
        #expect(pane(driver)?.hit == "hit 1 of 1")
        driver.search("hello")
        #expect(pane(driver)?.hex.mark == 900..<905)
        goTo(&driver, "0x1f0")
        #expect(pane(driver)?.hex.mark == 0x1F0..<0x1F1)
        goTo(&driver, "1999")
        #expect(pane(driver)?.hex.mark == 1999..<2000)
        let before = pane(driver)?.hex.top(width: 78)
        driver.resize(40, 10)
        driver.resize(80, 24)
        #expect(pane(driver)?.hex.top(width: 78) == before)
        goTo(&driver, "0x7d0")
        #expect(driver.state.notice?.text == "x.bin has 2 000 bytes")
    }
}
