internal import Glibc
internal import TerminalSurface

/// A terminal that exists in memory only: keys come from a script, one a line,
/// each after everything the one before has begun is done.
///
/// A line is the name of a key, or one of
/// `:save-screen PATH`, `:resize WIDTH HEIGHT`, `:type TEXT`, `:paste TEXT`,
/// `:wait yes|no` (whether later keys wait for what is under way).
/// Blank lines and lines that begin with `#` are skipped.
final class ScriptTerminal: BrowserTerminal {
    private var lines: ArraySlice<String>
    private var events: [TerminalEvent] = []
    private var waits = true
    private(set) var size: GridSize
    private let pipe: WakePipe
    /// What is wrong with the script; told at the end.
    private(set) var problem: String?
    private var number = 0
    private var shown: CellGrid

    init?(script: String, size: GridSize) {
        guard let pipe = WakePipe() else { return nil }
        self.pipe = pipe
        lines = script.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)[...]
        self.size = size
        shown = CellGrid(size: size)
    }

    deinit {
        pipe.closeBoth()
    }

    var descriptors: [Int32] { [pipe.readEnd] }

    func read() -> [TerminalEvent] {
        pipe.drain()
        if !waits, events.isEmpty { step() }
        defer { events = [] }
        return events
    }

    func present(_ grid: CellGrid) {
        shown = grid
        if !waits { pipe.ring() }
    }

    func redraw() {}
    func suspend() {}
    func copy(_ text: String) -> String? { "the clipboard of the script" }
    func lend(to program: GuestProgram) -> String? { nil }
    func setMouse(_ isOn: Bool) {}
    func setTheme(_ name: ThemeName) {}
    func close() {}

    func isIdle(_ grid: CellGrid) -> Bool {
        shown = grid
        if !events.isEmpty { return true }
        step()
        if events.isEmpty, lines.isEmpty { return false }
        pipe.ring()
        return problem == nil
    }

    /// Takes lines up to the next one that is an event.
    private func step() {
        while events.isEmpty, let line = lines.popFirst(), problem == nil {
            number += 1
            if line.isEmpty || line.hasPrefix("#") { continue }
            if line.hasPrefix(":"), line.count > 1 {
                order(line.dropFirst())
            } else if let key = KeyPress(name: line) {
                events = [.key(key)]
            } else {
                problem = "line \(number) of the script names no key: \(line)"
            }
        }
        if lines.isEmpty, events.isEmpty, !waits { events = [.terminate] }
    }

    private func order(_ line: Substring) {
        let word = line.prefix { $0 != " " }
        let rest = String(line.dropFirst(word.count + 1))
        switch word {
        case "save-screen": save(rest)
        case "type": events = rest.map { .key(KeyPress($0)) }
        case "paste": events = [.paste(rest)]
        case "wait": waits = rest != "no"
        case "resize":
            let numbers = rest.split(separator: " ").compactMap { Int($0) }
            guard numbers.count == 2 else {
                return problem = "line \(number) of the script: :resize takes a width and a height"
            }
            size = GridSize(width: numbers[0], height: numbers[1])
            events = [.resize(size)]
        default: problem = "line \(number) of the script has an unknown order: \(word)"
        }
    }

    private func save(_ path: String) {
        let text = Array((shown.text + "\n").utf8)
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { return problem = "\(path) cannot be written: \(String(cString: strerror(errno)))" }
        defer { Glibc.close(file) }
        var rest = text[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard count > 0 else { return problem = "\(path) cannot be written: \(String(cString: strerror(errno)))" }
            rest = rest.dropFirst(count)
        }
    }
}
