import BrowserModel
import StoredRecords
import TerminalSurface

/// What the status line says of marks and filters.
enum MarkWords {
    /// What the filter lets through of what there is, and whether that is all.
    static func filter(
        _ filter: RecordFilter, _ list: RecordList, _ screen: BrowseScreen, _ state: BrowserState
    ) -> String {
        var text = "filter " + Words.quoted(TextFit.truncated(filter.text, to: min(24, state.size.width / 3)))
        let isLoading = list.isLoading
        if let all = state.total(of: list.kind, in: screen) {
            text += " \(Words.total(list.total)) of \(Words.total(all))"
        }
        if isLoading { text += ", reading on" }
        return text
    }

    static func status(_ list: RecordList, _ state: BrowserState) -> [String] {
        var parts: [String] = []
        if let range = list.range { parts.append("range of \(Words.grouped(range.count)): Space marks it") }
        if let id = list.selected, let reason = state.marks[id]?.reason { parts.append("! " + reason) }
        if state.markedHere > 0 {
            let hidden = state.hiddenMarks > 0 ? " (\(Words.grouped(state.hiddenMarks)) not shown)" : ""
            parts.append("\(Words.grouped(state.markedHere)) marked\(hidden)")
        }
        let elsewhere = state.marks.count - state.markedHere
        if elsewhere > 0 { parts.append("\(Words.grouped(elsewhere)) marked in other lists") }
        return parts
    }
}
