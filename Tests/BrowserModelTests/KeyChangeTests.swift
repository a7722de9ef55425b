import TerminalSurface
import Testing

@testable import BrowserModel

@Suite("Keys of the user's own")
struct KeyChangeTests {
    private func changed(_ changes: (String, String, String)...) -> (map: KeyMap, problems: [String]) {
        KeyMap.standard.changed(
            by: changes.map { KeyChange(mode: $0.0, key: $0.1, command: $0.2, place: "config.json, line 3") })
    }

    @Test("A key means the command it was given, and hints and help name it first")
    func given() {
        let (map, problems) = changed(("list", "x", "delete"), ("everywhere", "Ctrl-R", "refresh"))
        #expect(problems == [])
        #expect(map.command(for: KeyPress("x"), in: .list) == .delete)
        #expect(map.key(for: .delete, in: .list) == KeyPress("x"))
        #expect(map.command(for: .control("r"), in: .thread) == .refresh)
        #expect(map.listing.contains("Ctrl-R"))
        #expect(map.duplicates == [])
    }

    @Test("A key that had a meaning loses it")
    func taken() {
        let (map, problems) = changed(("list", "T", "sort"))
        #expect(problems == [])
        #expect(map.command(for: KeyPress("T"), in: .list) == .sort)
        #expect(map.key(for: .trim, in: .list) == nil)
        let none = changed(("list", "D", "none"))
        #expect(none.map.command(for: KeyPress("D"), in: .list) == nil)
    }

    @Test(
        "What cannot be is one sentence with its place, and the rest holds",
        arguments: [
            ("lists", "x", "delete", "there is no mode"), ("list", "Ctrl-", "delete", "no key is named"),
            ("list", "x", "delte", "near it: delete"), ("text", "x", "trim", "has no meaning in this mode"),
            ("list", "Enter", "delete", "Enter never deletes"), ("list", "Ctrl-D", "trim", "Ctrl-D never deletes"),
            ("thread", "Backspace", "delete", "Backspace never deletes"),
            ("list", "y", "delete", "cannot be the one that confirms"),
            ("dialog", "d", "confirm", "cannot be the one that confirms"),
            ("dialog", "y", "none", "confirm would have no key left"),
            ("input", "a", "accept", "can mean nothing else"), ("everywhere", ":", "none", "no key left"),
        ])
    func refused(_ mode: String, _ key: String, _ command: String, _ reason: String) {
        let (map, problems) = changed((mode, key, command), ("list", "Z", "refresh"))
        #expect(problems.count == 1)
        #expect(problems.first?.contains(reason) == true)
        #expect(problems.first?.hasPrefix("config.json, line 3: ") == true)
        #expect(map.command(for: KeyPress("Z"), in: .list) == .refresh)
    }

    @Test("A key that is given two meanings keeps the first and says so")
    func twice() {
        let (map, problems) = changed(("list", "x", "sort"), ("list", "x", "filter"))
        #expect(map.command(for: KeyPress("x"), in: .list) == .sort)
        #expect(problems == ["config.json, line 3: x means sort already in this mode"])
    }

    @Test("An unknown theme is named with those there are")
    func theme() {
        let good = Preferences(keys: [], theme: ("Dark", "config.json, line 2"))
        #expect(good.theme == .dark)
        let bad = Preferences(keys: [], theme: ("pink", "config.json, line 2"))
        #expect(bad.theme == nil)
        #expect(bad.problems == ["config.json, line 2: there is no theme \"pink\"; there are auto, dark, light, none"])
    }
}
