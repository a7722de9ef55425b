internal import NcursesTerminal
internal import Glibc
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
    func copy(_ text: String) -> String? {
        switch terminal.copy(text) {
        case .terminal: "the terminal's clipboard"
        case .throughTmux: "the terminal's clipboard through tmux"
        case .throughScreen: "the terminal's clipboard through screen"
        case nil: nil
        }
    }
    func setMouse(_ isOn: Bool) { terminal.setMouse(isOn) }
    func setTheme(_ name: ThemeName) { terminal.setTheme(name) }
    func isIdle(_ grid: CellGrid) -> Bool { true }
    func close() { terminal.close() }

    func lend(to program: GuestProgram) -> String? {
        var problem: String?
        for command in program.commands {
            let read = program.input?.begin()
            if program.input != nil, read == nil { return "there is no pipe: \(String(cString: strerror(errno)))" }
            let end = terminal.run(command, input: read) { end in
                guard program.staysUntilEnter else { return nil }
                let how = ProgramWords.failure(end).map { "The command \($0). " } ?? ""
                return "\n\(how)Enter goes back to ctxbrowse. "
            }
            if let read { Glibc.close(read) }
            program.input?.end()
            problem = Self.problem(end, command[0])
            if case .notStarted = end { continue }
            // What was confirmed with Enter needs no second word.
            return program.staysUntilEnter ? nil : problem
        }
        return problem
    }

    /// A program that ended with a status of its own has said why itself.
    private static func problem(_ end: ProgramEnd, _ program: String) -> String? {
        if case .exited = end { return nil }
        return ProgramWords.failure(end).map { "\(program) \($0)" }
    }
}
