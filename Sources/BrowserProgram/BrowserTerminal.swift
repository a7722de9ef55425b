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
    /// Puts text on the clipboard and names it for people; `nil` when this terminal cannot.
    func copy(_ text: String) -> String?
    /// Lends the terminal to a program until that has ended; `nil` when it did its work, else why not.
    func lend(to program: GuestProgram) -> String?
    /// Takes clicks and the wheel, or leaves them to the terminal.
    func setMouse(_ isOn: Bool)
    func setTheme(_ name: ThemeName)
    /// Told when there is nothing left to do before the next key; `false` when no key will come any more.
    func isIdle(_ grid: CellGrid) -> Bool
    func close()
}
