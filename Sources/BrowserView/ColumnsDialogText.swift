import BrowserModel
import StoredRecords
import TerminalSurface

/// The menu of a list's columns.
enum ColumnsDialogText {
    static func content(_ columns: ColumnsDialog, _ width: Int) -> DialogView.Content {
        var content = DialogView.Content(title: "Columns of \(columns.kind.plural)")
        for (index, item) in columns.items.enumerated() {
            let isSelected = index == columns.selected
            let style: Style = isSelected ? .selected : item.isShown ? .normal : .dim
            let box = columns.isFixed(index) ? "[x]" : item.isShown ? "[x]" : "[ ]"
            let line = StyledLine("\(isSelected ? ">" : " ") \(box) \(item.column.label(of: columns.kind)) ", style)
            // Those near the one in focus stay in sight where not all have room.
            content.add(item: line, rank: abs(index - columns.selected), isFocused: isSelected)
        }
        content.hint = "Space shows or hides · J K moves · Ctrl-U as it was · Esc"
        return content
    }
}
