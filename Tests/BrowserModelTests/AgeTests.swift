import BrowserTestSupport
import StoredRecords
import Testing

@testable import BrowserModel

@Suite("Ages on the screen")
struct AgeTests {
    @Test(
        "What an age says stays true until the second that is told, and no longer",
        arguments: [
            0, 1, 59, 60, 61, 119, 3599, 3600, 7199, 86_399, 86_400, 86_400 * 14 - 1, 86_400 * 14, 86_400 * 200,
            86_400 * 365 - 1, 86_400 * 365, 86_400 * 800, -1, -59, -60, -61, -3600, -3700, -86_400, -86_400 * 20,
        ] as [Int64])
    func change(_ age: Int64) {
        let now = PretendRecords.now
        let time = Timestamp(seconds: now.seconds - age)
        let change = AgeLabel.change(of: time, after: now)
        let label = Words.age(of: time, now: now)
        #expect(change > now)
        #expect(Words.age(of: time, now: Timestamp(seconds: change.seconds - 1)) == label)
        #expect(Words.age(of: time, now: change) != label)
    }

    @Test("A list at rest wakes the program when an age on the screen changes, and not before")
    func idleList() {
        var driver = BrowserDriver([
            PretendSource("a", [.index: .init([PretendRecords.index("a", "k", origin: "o", files: 3)])])
        ])
        driver.start()
        driver.press("1")
        let start = driver.state.now
        let wake = driver.state.nextWake
        // Three days old: the age changes a day later.
        #expect((wake ?? start).milliseconds(since: start) > 86_000_000)
        driver = BrowserDriver([PretendSource("a", [.thread: PretendRecords.threads("a", 5)])])
        driver.start()
        let left = (driver.state.nextWake ?? start).milliseconds(since: driver.state.now)
        #expect(left > 0 && left <= 90_000)
    }

    @Test("What is below the screen wakes nobody")
    func below() {
        let old: Int64 = 86_400 * 3
        let shelf = PretendSource.Shelf(count: 60) { index in
            PretendRecords.thread("a", "a-\(index)", age: index == 59 ? old + 86_000 : old + 700)
        }
        var driver = BrowserDriver([PretendSource("a", [.thread: shelf])])
        driver.start()
        let left = (driver.state.nextWake ?? driver.now).milliseconds(since: driver.state.now)
        #expect(left > 80_000_000)
    }

    @Test("The preview's ages tick as those of the list, and only what is seen of it wakes the program")
    func preview() throws {
        let shelf = PretendSource.Shelf(count: 1) { _ in PretendRecords.thread("a", "t", age: 86_400 * 20) }
        var source = PretendSource("a", [.thread: shelf])
        source.messages = { _ in
            (
                20,
                { position in
                    var message = PretendRecords.message(
                        position, .user, (0..<30).map { "- line \($0)" }.joined(separator: "\n"))
                    // The first is half a minute old, the others change their words later or sooner than it.
                    message.created = Timestamp(
                        seconds: PretendRecords.now.seconds - (position == 0 ? 30 : position == 1 ? 100 : 86_400 * 3))
                    return message
                }
            )
        }
        var driver = BrowserDriver([source], width: 100, height: 30)
        driver.start()
        driver.press("2")
        driver.pass(200)
        func lines() -> String { driver.state.browseTop?.preview.lines.map(\.text).joined(separator: "\n") ?? "" }
        #expect(lines().contains("now") && lines().contains("1m"))
        let wake = try #require(driver.state.nextWake)
        let left = wake.milliseconds(since: driver.state.now)
        #expect(left > 0 && left <= 60_000)
        driver.pass(left)
        #expect(!lines().contains("now") && lines().contains("1m") && lines().contains("2m"))
        // Scrolled so that only the fact of three days is seen, nothing is due before hours have passed.
        driver.press("Tab")
        for _ in 0..<40 { driver.press("J", "J") }
        let next = try #require(driver.state.nextWake)
        #expect(next.milliseconds(since: driver.state.now) > 3_000_000)
    }

    @Test("What is known of a record and what can be undone tell their ages anew")
    func others() throws {
        var driver = BrowserDriver([PretendSource("a", [.thread: PretendRecords.threads("a", 1, offset: 3600)])])
        driver.entries = [
            UndoEntry(
                id: "e", made: Timestamp(seconds: PretendRecords.now.seconds - 90), act: "delete",
                record: RecordID(source: "a", layout: "pretend", kind: .thread, key: "t"), title: "t", items: 1,
                unit: "messages", bytes: 1)
        ]
        driver.start()
        driver.press("2", "m")
        func lines() -> String {
            guard case .reader(let screen) = driver.state.top else { return "" }
            return screen.lines.map(\.text).joined(separator: "\n")
        }
        #expect(lines().contains("(1h)"))
        let wake = try #require(driver.state.nextWake)
        driver.pass(wake.milliseconds(since: driver.state.now))
        driver.pass(3_600_000)
        #expect(lines().contains("(2h)"))
        driver.press("Esc", "U")
        #expect(try #require(driver.state.nextWake).milliseconds(since: driver.state.now) <= 3_660_000)
    }
}
