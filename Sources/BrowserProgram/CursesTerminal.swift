internal import NcursesTerminal
internal import StoredRecords
internal import TerminalSurface

/// The real terminal.
struct CursesTerminal: BrowserTerminal {
    let terminal: NcursesTerminal

    var descriptors: [Int32] { [terminal.inputDescriptor, terminal.signalDescriptor] }
    var size: GridSize { terminal.size }
    func read() -> [TerminalEvent] { terminal.read() }
    func present(_ grid: CellGrid) { terminal.present(grid) }
    func redraw() { terminal.redraw() }
    func suspend() { terminal.suspend() }
    func copy(_ text: String) -> Bool { terminal.copy(text) != nil }
    func page(_ bytes: StoredBytes) -> String? { terminal.handOver { Pager.show(bytes) } }
    func isIdle(_ grid: CellGrid) -> Bool { true }
    func close() { terminal.close() }
}
