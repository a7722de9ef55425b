import BrowserModel
import StoredRecords
import TerminalSurface

/// What the status line says of a document: where the cursor is, and what is remarkable.
enum DocumentStatus {
    static func status(_ screen: DocumentScreen, _ state: BrowserState) -> (text: String, style: Style) {
        guard let pane = screen.pane else { return ("", .dim) }
        if let job = state.jobs.last(where: { $0.isFor(screen.id) && !$0.isAside && $0.progress != nil }),
            !pane.isLoading,
            Waiting.isLong(state, screen.id)
        {
            return (BottomLine.progress(job, state), .normal)
        }
        if pane.form == .tree, let tree = pane.tree {
            if let problem = tree.problem { return ("! broken: \(problem)", .warning) }
            // The root needs no path, so that there is room for what is remarkable.
            let hit = hit(pane)
            if tree.path == ".", hit.isEmpty, let note = note(screen) { return (note, .warning) }
            let read = tree.percentRead.map { ["\($0) % read"] } ?? []
            return (joined(hit + [tree.path] + read + [tree.kindOfCursor]), .normal)
        }
        if pane.form == .table, let table = pane.table, table.storedCount > 0 {
            return (joined(self.hit(pane) + describe(table)), .normal)
        }
        if let problem = pane.problem {
            return ("! \(pane.document.name) is shown as text: \(problem)", .warning)
        }
        let hit = hit(pane)
        if hit.isEmpty, let note = note(screen) { return (note, .warning) }
        var parts = hit
        if screen.panes.count > 1 { parts.append("\(screen.current + 1)/\(screen.panes.count)") }
        parts.append(pane.document.name)
        parts.append(Words.size(Int64(pane.document.bytes.count)))
        if pane.form == .hex {
            parts.append(pane.hex.mark.map { place($0, pane) } ?? "bytes")
        }
        if let note = pane.document.notes.first { parts.append("! " + note) }
        return (joined(parts), .dim)
    }

    /// Whether it says what the user asked for, so that hints give way to it.
    static func isWanted(_ state: BrowserState) -> Bool {
        if state.dialog != nil { return false }
        if case .diff = state.top { return true }
        guard case .document(let screen) = state.top, let pane = screen.pane else { return false }
        return pane.hit != nil || pane.form == .table && pane.table != nil || pane.form == .hex && pane.hex.mark != nil
    }

    /// The column in focus and what it comes to.
    private static func describe(_ table: TablePane) -> [String] {
        var parts: [String] = []
        if !table.filter.isEmpty {
            parts.append(
                "\(Words.grouped(table.rowCount)) of \(Words.count(table.storedCount, "rows")) fit \"\(TextFit.truncated(table.filter, to: 24))\""
            )
        }
        parts.append(TextFit.truncated(table.columns[table.column].name, to: 24))
        parts += table.statistics[table.column]?.parts ?? ["…"]
        if let sort = table.sort, sort.column != table.column {
            parts.append(
                "by \(TextFit.truncated(table.columns[sort.column].name, to: 16))\(sort.isDescending ? " ↓" : " ↑")")
        }
        return parts
    }

    private static func joined(_ parts: [String]) -> String { parts.joined(separator: " · ") }

    private static func hit(_ pane: DocumentPane) -> [String] {
        [pane.hit, pane.find.note.isEmpty ? nil : pane.find.note].compactMap(\.self)
    }

    /// The byte that was gone to or found, in both notations.
    private static func place(_ mark: Range<Int>, _ pane: DocumentPane) -> String {
        let offset = "at 0x\(String(mark.lowerBound, radix: 16)) (\(Words.grouped(mark.lowerBound)))"
        guard mark.count == 1, let byte = pane.document.bytes.slice(mark).first else {
            return offset + ", \(Words.count(mark.count, "bytes"))"
        }
        return offset + ", value \(byte)"
    }

    /// What is remarkable of the record on the screen; `m` shows it in full.
    private static func note(_ screen: DocumentScreen) -> String? {
        screen.isPart ? nil : screen.record.notes.first.map { "! " + $0 }
    }
}
