import TerminalSurface
import Testing

@testable import BrowserModel

@Suite("The short table of keys")
struct KeyOverviewTests {
    @Test("Every part of it has its keys, taken from the key map")
    func complete() {
        for part in KeyOverview.rows.flatMap({ $0 }) {
            for command in part.commands {
                #expect(!KeyMap.standard.names(of: command, in: part.mode).isEmpty, "\(part.label): \(command)")
            }
            #expect(part.words.isEmpty || part.words.count == part.commands.count)
        }
    }

    @Test("Keys of several commands alternate, words stand beside their keys, a bar does not end the cell")
    func text() {
        let lines = KeyMap.standard.overview.split(separator: "\n")
        #expect(
            lines.contains { $0.hasPrefix("| line ·") && $0.contains("| `j` `k` `Down` `Up` · `Ctrl-D` `Ctrl-U` ·") })
        #expect(lines.contains { $0.contains("`1` indexes `2` threads") })
        #expect(lines.contains { $0.contains("`\\|` |") })
        #expect(lines.allSatisfy { $0.hasPrefix("| ") || $0 == "|---|---|" })
    }

    @Test("A key that means something else is named by the table too")
    func changed() {
        let map = KeyMap.standard.changed(by: [KeyChange(mode: "list", key: "x", command: "trim", place: "")]).map
        #expect(map.overview.contains("`d` · `x` · `e`"))
    }

    @Test("The manual holds every mode, key, command of the line, setting and form of filter")
    func manual() {
        let manual = KeyManual()
        let typed = Mode.allCases.reduce(0) { $0 + $1.typed.count }
        #expect(manual.keys.reduce(0) { $0 + $1.rows.count } == KeyMap.standard.bindings.count + typed)
        #expect(
            manual.keys.contains {
                $0.title == "Lists (list)" && $0.rows.contains { $0.text == "mark or unmark, and move down (mark)" }
            })
        for verb in LineVerb.allCases {
            #expect(manual.lineVerbs.rows.contains { $0.text == verb.help })
        }
        #expect(manual.settings.rows.contains { $0.term == ":set nomouse" })
        #expect(manual.settings.rows.contains { $0.term == ":set theme NAME" })
        #expect(manual.filters.rows.contains { $0.term.hasPrefix("older:") })
    }
}
