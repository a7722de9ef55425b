internal import StoredRecords
internal import TerminalSurface

/// Choosing the columns of a list; every change is seen at once.
extension BrowserState {
    mutating func openColumns() {
        guard let kind = browseTop?.kind else { return }
        let shown = listChoices.columns(of: kind) ?? ListColumn.usual(of: kind)
        open(.columns(ColumnsDialog(kind: kind, shown: shown)))
    }

    mutating func pressIn(columns: ColumnsDialog, _ key: KeyPress) {
        var columns = columns
        let count = columns.items.count
        switch keyMap.command(for: key, in: .dialog) {
        case .dismiss, .press: return close()
        case .focusNext: columns.selected = (columns.selected + 1) % count
        case .focusPrevious: columns.selected = (columns.selected + count - 1) % count
        case .toggle:
            if columns.isFixed(columns.selected) { tell(.info, "the first column is always shown") }
            columns.toggle()
        case .moveDown: columns.move(by: 1)
        case .moveUp: columns.move(by: -1)
        case .eraseAll: columns = ColumnsDialog(kind: columns.kind, shown: listChoices.standard(of: columns.kind))
        case let command?: return runBesides(command)
        case nil: return
        }
        dialog = .columns(columns)
        listChoices.set(columns.shown, of: columns.kind)
    }
}
