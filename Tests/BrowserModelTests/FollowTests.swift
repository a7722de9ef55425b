import BrowserTestSupport
import StoredRecords
import Synchronization
import TerminalSurface
import Testing

@testable import BrowserModel

/// A thread that tests let grow, shrink and go.
private final class GrowingThread: Sendable {
    /// The text of a message of which only the first bytes are there yet.
    static let halfWritten = "half written"

    private let texts: Mutex<[String]?>

    init(_ count: Int) {
        texts = Mutex((0..<count).map { "Message \($0 + 1)" })
    }

    func change(_ body: @Sendable (inout [String]?) -> Void) {
        texts.withLock { body(&$0) }
    }

    func add(_ more: String...) {
        texts.withLock { $0?.append(contentsOf: more) }
    }

    var all: [String]? { texts.withLock { $0 } }

    /// With ten tokens each message but the uncounted ones.
    var counting: PretendSource {
        var source = source
        source.messages = { [self] _ in
            let texts = all ?? []
            return (
                texts.count,
                { PretendRecords.message($0, .user, texts[$0], tokens: texts[$0] == "uncounted" ? nil : 10) }
            )
        }
        return source
    }

    var source: PretendSource {
        var source = PretendSource(
            "one", [.thread: PretendSource.Shelf([PretendRecords.thread("one", "a", messages: all?.count ?? 0)])])
        source.messages = { [self] _ in
            let texts = all ?? []
            return (
                texts.count,
                { position in
                    if texts[position] == Self.halfWritten {
                        return StoredMessage(
                            position: position, role: .missing, content: [], notes: ["the file is not valid JSON"],
                            raw: .bytes(StoredBytes(Array("{\"role\"".utf8))))
                    }
                    return PretendRecords.message(position, position % 2 == 0 ? .user : .assistant, texts[position])
                }
            )
        }
        source.revision = { [self] _ in all.map { $0.joined(separator: "|") } }
        return source
    }
}

@Suite("Following what grows")
struct FollowTests {
    private static func open(_ thread: GrowingThread, height: Int = 24) -> BrowserDriver {
        var driver = BrowserDriver([thread.source], width: 80, height: height)
        driver.start()
        driver.press("2", "Enter")
        return driver
    }

    private static func screen(_ driver: BrowserDriver) -> ThreadScreen? {
        if case .thread(let screen) = driver.state.top { screen } else { nil }
    }

    private static func status(_ driver: BrowserDriver) -> String? {
        screen(driver)?.follow?.status(now: driver.now)
    }

    private static func looks(_ driver: BrowserDriver) -> Int {
        driver.count { if case .revision = $0 { true } else { false } }
    }

    private static func reads(_ driver: BrowserDriver) -> Int {
        driver.count { if case .messages = $0 { true } else { false } }
    }

    @Test("New messages show at the end when the end was seen, and the screen stays at the end")
    func grows() throws {
        let thread = GrowingThread(60)
        var driver = Self.open(thread)
        driver.press("G", "F")
        driver.pass(1)
        thread.add("The new one", "And another")
        driver.pass(2100)
        let screen = try #require(Self.screen(driver))
        #expect(screen.blocks.last?.message.plainText == "And another")
        #expect(screen.current?.plainText == "And another")
        #expect(Self.status(driver) == "following · 2 new")
        #expect(screen.total == .exact(62))
    }

    @Test("Tokens of a followed thread say of how many messages they are, where new ones name none")
    func tokens() throws {
        let thread = GrowingThread(4)
        var driver = BrowserDriver([thread.counting], width: 120, height: 24)
        driver.start()
        driver.press("2", "Enter")
        #expect(try #require(Self.screen(driver)).tokenWords == "40 tokens")
        driver.press("G", "F")
        driver.pass(1)
        thread.add("uncounted")
        driver.pass(2100)
        #expect(try #require(Self.screen(driver)).tokenWords == "40 tokens in 4 of them")
    }

    @Test("That it follows stands in the status line, which no notice covers; that it ended is said")
    func says() throws {
        var driver = Self.open(GrowingThread(60))
        driver.press("F")
        #expect(driver.state.notice == nil)
        #expect(Self.status(driver) == "following, F stops that")
        driver.press("F")
        #expect(driver.state.notice?.text == "no longer following")
        #expect(Self.status(driver) == nil)
    }

    @Test("Who reads further up is not moved and is told how many new ones are below; G shows them")
    func belowTheScreen() throws {
        let thread = GrowingThread(60)
        var driver = Self.open(thread)
        driver.press("G", "g", "F")
        driver.pass(1)
        let before = try #require(Self.screen(driver))
        thread.add("The new one")
        driver.pass(2100)
        let after = try #require(Self.screen(driver))
        #expect(after.cursor == before.cursor)
        #expect(after.top == before.top)
        #expect(Self.status(driver) == "following · 1 new below, G shows them")
        driver.press("G")
        #expect(Self.screen(driver)?.current?.plainText == "The new one")
        #expect(Self.status(driver) == "following · 1 new")
    }

    @Test("The end of a long thread that is not read so far is counted, not read")
    func farEnd() throws {
        let thread = GrowingThread(2000)
        var driver = Self.open(thread)
        driver.press("F")
        driver.pass(1)
        thread.add("one", "two", "three")
        driver.pass(2100)
        let screen = try #require(Self.screen(driver))
        #expect(screen.blocks.count < 300)
        #expect(screen.total == .exact(2003))
        #expect(Self.status(driver) == "following · 3 new below, G shows them")
    }

    @Test("A thread that does not change costs one cheap look every two seconds and no reading")
    func idle() {
        var driver = Self.open(GrowingThread(10))
        driver.press("F")
        driver.pass(1)
        let (looks, reads) = (Self.looks(driver), Self.reads(driver))
        for _ in 0..<5 { driver.pass(2100) }
        #expect(Self.looks(driver) == looks + 5)
        #expect(Self.reads(driver) == reads)
        driver.pass(1000)
        #expect(Self.looks(driver) == looks + 5)
    }

    @Test("A store that is slow is looked at more seldom, one that fails ever more seldom, and that is said once")
    func backsOff() throws {
        let thread = GrowingThread(10)
        var driver = Self.open(thread)
        driver.press("F")
        driver.pass(1)
        driver.answers = false
        driver.pass(2100)
        driver.pass(3000)
        driver.answerAll()
        driver.answers = true
        let looks = Self.looks(driver)
        driver.pass(20_000)
        #expect(Self.looks(driver) == looks)
        driver.pass(10_100)
        #expect(Self.looks(driver) == looks + 1)
        driver.sources[0].error = PretendRecords.failure
        driver.pass(2100)
        #expect(Self.status(driver)?.hasPrefix("following: the server does not answer, again in 4 s") == true)
        let errors = driver.state.history.count { $0.level == .error }
        driver.pass(4100)
        driver.pass(8100)
        #expect(driver.state.history.count { $0.level == .error } == errors)
        driver.sources[0].error = nil
        thread.add("back again")
        driver.pass(16_100)
        #expect(Self.status(driver)?.hasPrefix("following · 1 new") == true)
    }

    @Test("A last message that is still being written is shown as it is now")
    func lastMessageGrows() throws {
        let thread = GrowingThread(5)
        var driver = Self.open(thread)
        driver.press("G", "F")
        driver.pass(1)
        thread.change { $0?[4] = "Message 5 and some more of it" }
        driver.pass(2100)
        let screen = try #require(Self.screen(driver))
        #expect(screen.blocks.count == 5)
        #expect(screen.blocks.last?.message.plainText == "Message 5 and some more of it")
    }

    @Test("A last message of which only a part was written is shown whole as soon as it is, without a warning")
    func lastMessageIsCompleted() throws {
        let thread = GrowingThread(5)
        var driver = Self.open(thread)
        driver.press("G", "F")
        driver.pass(1)
        thread.add(GrowingThread.halfWritten)
        driver.pass(2100)
        var last = try #require(Self.screen(driver)?.blocks.last?.message)
        #expect(last.position == 5)
        #expect(last.role == .missing)
        thread.change { $0?[5] = "Whole now" }
        driver.pass(2100)
        last = try #require(Self.screen(driver)?.blocks.last?.message)
        #expect(last.position == 5)
        #expect(last.plainText == "Whole now")
        #expect(!driver.state.history.contains { $0.text.contains("rewrote") })
    }

    @Test("A thread that another program trimmed or rewrote is read anew and that is said")
    func rewritten() throws {
        let thread = GrowingThread(20)
        var driver = Self.open(thread)
        driver.press("G", "F")
        driver.pass(1)
        thread.change { $0?.removeFirst(15) }
        driver.pass(2100)
        let screen = try #require(Self.screen(driver))
        #expect(screen.blocks.map(\.message.plainText) == (16...20).map { "Message \($0)" })
        #expect(
            driver.state.history.contains { $0.text.contains("another program rewrote the thread: 5 messages now") })
        #expect(screen.follow != nil)
    }

    @Test("A thread that is gone is said to be gone, and what was read stays")
    func gone() throws {
        let thread = GrowingThread(5)
        var driver = Self.open(thread)
        driver.press("F")
        driver.pass(1)
        thread.change { $0 = nil }
        driver.pass(2100)
        #expect(driver.state.history.contains { $0.text.contains("not stored any more") })
        #expect(Self.screen(driver)?.follow == nil)
        #expect(Self.screen(driver)?.blocks.count == 5)
    }

    @Test("F again stops; another screen on top pauses; leaving ends it, and what comes late is dropped")
    func stops() throws {
        let thread = GrowingThread(5)
        var driver = Self.open(thread)
        driver.press("F")
        driver.pass(1)
        driver.press("F")
        var looks = Self.looks(driver)
        driver.pass(9000)
        #expect(Self.looks(driver) == looks)
        #expect(Self.status(driver) == nil)
        driver.press("F")
        driver.pass(1)
        driver.press("?")
        looks = Self.looks(driver)
        driver.pass(60_000)
        #expect(Self.looks(driver) == looks)
        driver.press("Esc")
        driver.pass(1)
        #expect(Self.looks(driver) == looks + 1)
        driver.answers = false
        driver.pass(2100)
        let id = try #require(driver.effects.last { if case .revision = $0.work { true } else { false } }?.id)
        driver.press("Esc")
        driver.answerLate(id, .revision("other"))
        driver.answers = true
        driver.pass(9000)
        #expect(Self.looks(driver) == looks + 2)
    }

    @Test("A followed list shows new records above, the selected record stays selected")
    func list() throws {
        let count = Mutex(3)
        var source = PretendSource("one", [:])
        func shelf(_ number: Int) -> PretendSource.Shelf {
            PretendSource.Shelf((0..<number).reversed().map { PretendRecords.thread("one", "t\($0)") })
        }
        source.shelves = [.thread: shelf(count.withLock { $0 })]
        var driver = BrowserDriver([source])
        driver.start()
        driver.press("2", "F")
        guard case .browse(let before) = driver.state.top else { return }
        #expect(before.list?.selected?.key == "t2")
        driver.sources[0].shelves = [.thread: shelf(5)]
        driver.pass(2100)
        guard case .browse(let after) = driver.state.top else { return }
        #expect(after.list?.rows.map(\.id.key) == ["t4", "t3", "t2", "t1", "t0"])
        #expect(after.list?.selected?.key == "t2")
        #expect(after.list?.top == 0)
        #expect(after.follow?.status(now: driver.now) == "following · 2 new")
        driver.press("1")
        let lists = driver.count { if case .list = $0 { true } else { false } }
        driver.pass(9000)
        #expect(driver.count { if case .list = $0 { true } else { false } } == lists)
    }

    @Test("Where nothing grows F says so")
    func reasons() {
        var driver = Self.open(GrowingThread(3))
        driver.press("?", "F")
        #expect(driver.state.notice?.text.contains("nothing here that grows") == true)
        driver.press("5", "F")
        #expect(driver.state.notice?.text.contains("list of sources") == true)
    }
}

@Suite("Reading again")
struct ReadingAgainTests {
    @Test("r keeps the message, the line and the folds, also when messages were trimmed before it")
    func refreshKeepsPlace() throws {
        let thread = GrowingThread(40)
        var driver = BrowserDriver([thread.source], width: 80, height: 24)
        driver.start()
        driver.press("2", "Enter", "z")
        for _ in 0..<30 { driver.press("j") }
        guard case .thread(let before) = driver.state.top else { return }
        driver.press("r")
        guard case .thread(let after) = driver.state.top else { return }
        #expect(after.cursor == before.cursor)
        #expect(after.top == before.top)
        #expect(after.folds == before.folds)
    }

    @Test("A thread shown again after a while is read again only when it has changed")
    func staleThread() throws {
        let thread = GrowingThread(10)
        var driver = BrowserDriver([thread.source], width: 80, height: 24)
        driver.start()
        driver.press("2", "Enter")
        func reads() -> Int { driver.count { if case .messages = $0 { true } else { false } } }
        driver.press("Enter", "Esc")
        let before = reads()
        driver.press("Enter")
        driver.pass(10_000)
        driver.press("Esc")
        #expect(reads() == before)
        driver.press("Enter")
        driver.sources[0].shelves = [
            .thread: PretendSource.Shelf([PretendRecords.thread("one", "a", age: 5, messages: 13)])
        ]
        driver.pass(10_000)
        driver.press("Esc")
        #expect(reads() == before + 1)
    }

    @Test("r on a JSON document keeps what is unfolded, and the value in focus when the document has changed")
    func refreshDocument() throws {
        let text = Mutex(#"{"a": {"b": [1, {"deep": {"er": "x"}}]}, "z": 1}"#)
        var source = PretendSource(
            "one", [.index: PretendSource.Shelf([PretendRecords.index("one", "web", origin: "acme/web", files: 2)])])
        let stored = Stored(text.withLock { $0 })
        source.documents = { _ in
            [RecordDocument(name: "state.json", format: .json, bytes: StoredBytes(stored.text))]
        }
        var driver = BrowserDriver([source], width: 80, height: 24)
        driver.start()
        driver.press("1", "Enter", "+", "j", "j", "j", "j")
        func tree() -> TreePane? {
            if case .document(let screen) = driver.state.top { screen.pane?.tree } else { nil }
        }
        let before = try #require(tree())
        driver.press("r")
        #expect(tree() == before)
        stored.text = #"{"new": 1, "a": {"b": [1, {"deep": {"er": "x"}}]}, "z": 1}"#
        driver.press("r")
        #expect(tree()?.path == before.path)
    }
}

private final class Stored: Sendable {
    private let value: Mutex<String>

    init(_ text: String) { value = Mutex(text) }

    var text: String {
        get { value.withLock { $0 } }
        set { value.withLock { $0 = newValue } }
    }
}
