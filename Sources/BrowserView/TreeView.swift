import BrowserModel
import TerminalSurface

/// A JSON document as a folding tree.
enum TreeView {
    static func draw(_ tree: TreePane, _ find: String, _ rect: Rect, into grid: inout CellGrid) {
    }
}
