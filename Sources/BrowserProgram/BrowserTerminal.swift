internal import StoredRecords
internal import TerminalSurface

/// What the loop needs of a terminal: the real one, or the one of a script.
protocol BrowserTerminal {
    /// What `poll` is to watch.
    var descriptors: [Int32] { get }
    var size: GridSize { get }
    /// Everything that waits; does not block.
    func read() -> [TerminalEvent]
    func present(_ grid: CellGrid)
    func redraw()
    func suspend()
    /// Puts text on the clipboard; `false` when this terminal cannot.
    func copy(_ text: String) -> Bool
    /// Shows text in the user's pager; `nil` when it was shown, else why not.
    func page(_ bytes: StoredBytes) -> String?
    /// Told when there is nothing left to do before the next key; `false` when no key will come any more.
    func isIdle(_ grid: CellGrid) -> Bool
    func close()
}
