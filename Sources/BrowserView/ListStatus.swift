import BrowserModel
import StoredRecords
import TerminalSurface

/// What the last line says of a list.
enum ListStatus {
    /// What one part of the line says, and how much it matters: the lowest rank goes first where room is short.
    private struct Part {
        var text: String
        var rank: Int
    }

    /// Whether the line says something without which the list would be misread: that goes before the keys.
    static func isWanted(_ state: BrowserState) -> Bool {
        guard case .browse(let screen) = state.top, let list = screen.list else { return false }
        return list.filter != nil || !list.unordered.isEmpty || !list.failures.isEmpty
    }

    static func text(_ screen: BrowseScreen, _ state: BrowserState) -> String {
        // The key of the help, and what was not read of the messages, keep their place.
        let room = state.size.width - 12
        var parts = parts(screen, state)
        var text = joined(parts, screen, state)
        while isWanted(state), parts.count > 1, CharacterWidth.columns(of: text) > room {
            guard let least = parts.indices.min(by: { parts[$0].rank < parts[$1].rank }) else { break }
            parts.remove(at: least)
            text = joined(parts, screen, state)
        }
        return text
    }

    private static func joined(_ parts: [Part], _ screen: BrowseScreen, _ state: BrowserState) -> String {
        BottomLine.following(screen.follow, state, parts.map(\.text).joined(separator: " · "))
    }

    private static func parts(_ screen: BrowseScreen, _ state: BrowserState) -> [Part] {
        if !state.knowsSources { return [Part(text: "looking for stores …", rank: 0)] }
        guard let list = screen.list else {
            let open = state.sources(of: screen).filter { $0.opened != nil }.count
            let all = state.sources(of: screen).count
            return [
                Part(text: open == all ? Words.count(all, "sources") : "\(open) of \(all) sources open", rank: 0)
            ]
        }
        var parts = MarkWords.status(list, state).map { Part(text: $0, rank: 5) }
        if !list.rows.isEmpty {
            let last = min(list.rows.count, list.top + state.layout.recordLines)
            let place =
                list.offset.map { "\(Words.grouped($0 + list.top + 1))-\(Words.grouped($0 + last))" }
                ?? Words.grouped(last - list.top)
            parts.append(Part(text: "\(place) of \(Words.total(list.total))", rank: 1))
        }
        if let filter = list.filter { parts.append(Part(text: MarkWords.filter(filter, list, screen, state), rank: 3)) }
        if list.sort != RecordList.usualSort(of: list.kind) {
            // The heading has the arrow too.
            let label = BrowserState.label(of: list.sort.field, list.kind)
            parts.append(Part(text: "by \(label)\(list.sort.descending ? " ↓" : " ↑")", rank: 0))
        }
        if let note = unordered(list) { parts.append(Part(text: note, rank: 4)) }
        let failed = list.failures.count
        let asked = list.windows.count
        let answered = list.windows.filter { $0.isAnswered }.count
        if failed > 0 {
            parts.append(Part(text: "\(Words.count(failed, "sources")) failed, r tries again", rank: 4))
        } else if answered < asked, !list.rows.isEmpty {
            parts.append(Part(text: "\(answered) of \(asked) sources", rank: 2))
        }
        return parts
    }

    /// Which sources stand behind the others, as the list looks sorted and theirs are not.
    private static func unordered(_ list: RecordList) -> String? {
        let names = list.unordered.filter { name in list.windows.contains { $0.source == name && $0.isAnswered } }
        guard let first = names.first else { return nil }
        let who = names.count == 1 ? TextFit.truncatedMiddle(first, to: 20) : Words.count(names.count, "sources")
        return "\(who) unsorted, last"
    }
}
