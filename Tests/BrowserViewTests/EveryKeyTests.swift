import BrowserModel
import BrowserTestSupport
import BrowserView
import JSONText
import StoredRecords
import TerminalSurface
import TestSupport
import Testing

@Suite("Every key of the table", .blocks)
struct EveryKeyTests {
    /// What a user has of a key: the picture, and what the program is asked to do.
    private struct Answer: Equatable {
        var picture: CellGrid
        var acts: [String]

        /// Whether the same came of another key; what the last line says may name the key itself.
        func agrees(with other: Answer) -> Bool {
            acts.count == other.acts.count
                && (0..<picture.height - 1).allSatisfy { picture.text(row: $0) == other.picture.text(row: $0) }
        }
    }

    /// Ways into a mode. A key that can do nothing in one of them, as `k` on the first line, can in another.
    private static func places(_ mode: Mode) -> [[String]] {
        switch mode {
        case .everywhere, .list:
            [
                ["2", "PgDn"], ["2", "PgDn", "PgDn"], ["1"], ["2", "J", "J"], ["5", "Enter"], ["2", "Space"],
                ["2", "Tab"],
            ]
        case .thread:
            [
                ["2", "Enter", "G"], ["2", "Enter", "g"], ["2", "Enter", "/", "e", "Enter"],
                ["2", "j", "Enter", "w", "Shift-Right", "J"], ["2", "j", "Enter", "j", "j"],
                ["2", "j", "Enter", "Tab"],
            ]
        case .tree:
            [
                ["1", "j", "Enter", "j", "j"], ["1", "j", "Enter", "-"], ["1", "j", "Enter", "+", "j", "J"],
                ["1", "j", "Enter", "/", "a", "Enter"], ["1", "j", "Enter", "j", "j", "Enter"],
            ]
        case .text:
            [
                ["3", "j", "j", "j", "Enter"], ["3", "j", "j", "j", "Enter", "w", "l", "l"],
                ["3", "j", "j", "j", "Enter", "/", "e", "Enter"], ["1", "j", "Enter", "p"], ["3", "j", "j", "Enter"],
            ]
        case .table:
            [
                ["3", "j", "Enter", "l", "j"], ["3", "j", "Enter"], ["3", "j", "Enter", "/", "1", "Enter"],
            ]
        case .reader: [["2", "?"], ["2", "?", "PgDn"], ["2", "m"]]
        case .jobs: [["2", "r", "Ctrl-T"]]
        case .diff: [["4", "Enter", "D"], ["4", "Enter", "D", "n"], ["4", "Enter", "D", "-"]]
        case .results:
            [
                ["2", "S", "a", "b", "o", "u", "t", "Enter"], ["2", "S", "a", "b", "o", "u", "t", "Enter", "j", "j"],
                ["2", "S", "a", "b", "o", "u", "t", "Enter", "G"],
            ]
        case .recovery: [["2", "U"], ["2", "U", "j"]]
        case .trim: [["2", "T"], ["2", "T", "+", "+", "J", "z"], ["2", "T", "1", "0"], ["2", "T", "-", "g"]]
        case .dialog:
            [
                ["2", "d"], ["2", "d", "Tab"], ["2", "s"], ["2", "c"], ["2", "c", "j"], ["2", "c", "j", "j"],
                ["2", "u"],
                ["2", "v", "PgDn", "v", "d", "1"], ["2", "v", "j", "v", "T"], ["2", "v", "j", "v", "T", "1"],
            ]
        case .input:
            [
                ["2", ":", "h"], ["2", "/", "a", "b"], ["2", "/", "a", "b", "Left"], ["2", ":", "a", "d"], ["2", "e"],
                past + [":"], past + [":", "Up"],
            ]
        }
    }

    /// A line that the history has.
    private static let past = ["2", ":", "h", "e", "l", "p", "Enter", "q"]

    private static func driver(_ way: [String]) -> BrowserDriver {
        var driver = Scene.start(.many, GridSize(width: 100, height: 16))
        driver.entries = (0..<40).map { number in
            var entry = driver.entries[0]
            entry.id = "e\(number)"
            return entry
        }
        for key in way { driver.press(key) }
        driver.pass(300)
        return driver
    }

    private static func answer(in place: BrowserDriver, _ key: KeyPress?) -> Answer {
        var driver = place
        if let key {
            driver.send(.terminal(.key(key)))
            driver.send(.inputDrained)
        }
        driver.pass(300)
        return Answer(
            picture: BrowserView.grid(driver.state),
            acts: driver.effects.dropFirst(place.effects.count).map { "\($0.work)" })
    }

    @Test("Each place of these tests is one of its mode", arguments: Mode.allCases.filter { $0 != .everywhere })
    func modes(_ mode: Mode) {
        for way in Self.places(mode) { #expect(Self.driver(way).state.mode == mode, "\(way)") }
    }

    @Test("It does something a user sees, and the same under each of its names", arguments: Mode.allCases)
    func answers(_ mode: Mode) {
        let places = Self.places(mode).map(Self.driver)
        let still = places.map { Self.answer(in: $0, nil) }
        for binding in KeyMap.standard.bindings where binding.mode == mode {
            let first = places.map { Self.answer(in: $0, binding.keys[0]) }
            let changes = first != still
            #expect(changes, "\(mode): \(binding.keys[0].name) \(binding.command) changes nothing")
            for key in binding.keys.dropFirst() {
                let other = places.map { Self.answer(in: $0, key) }
                let agree = zip(first, other).allSatisfy { $0.agrees(with: $1) }
                #expect(agree, "\(mode): \(key.name) is not \(binding.keys[0].name)")
            }
        }
    }
}
