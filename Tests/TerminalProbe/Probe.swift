import Glibc
import NcursesTerminal
import TerminalSurface

/// The loop of the probe: keys pick what part of the terminal to exercise.
final class Probe {
    private let terminal: NcursesTerminal
    private let tell: (String) -> Void
    private var selection = 0
    private var exitStatus: Int32?

    init(terminal: NcursesTerminal, tell: @escaping (String) -> Void) {
        self.terminal = terminal
        self.tell = tell
    }

    func run() -> Int32 {
        terminal.present(scene())
        tell("ready \(terminal.size.width)x\(terminal.size.height) \(terminal.usesUnicode) \(terminal.colorDepth)")
        while exitStatus == nil {
            var descriptors = [
                pollfd(fd: terminal.inputDescriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: terminal.signalDescriptor, events: Int16(POLLIN), revents: 0),
            ]
            _ = poll(&descriptors, 2, -1)
            let events = terminal.read()
            var lines: [String] = []
            for event in events { lines.append(answer(event)) }
            terminal.present(scene())
            for line in lines { tell(line) }
        }
        return exitStatus ?? 0
    }

    private func answer(_ event: TerminalEvent) -> String {
        switch event {
        case .key(let key):
            act(key)
            return "key \(key.name)"
        case .paste(let text): return "paste \(text.debugDescription)"
        case .mouse(let press):
            return "mouse \(press.button) \(press.position.row) \(press.position.column) \(press.isDoubleClick)"
        case .resize(let size): return "resize \(size.width)x\(size.height)"
        case .suspend:
            terminal.suspend()
            return "suspended"
        case .resumed: return "resumed"
        case .terminate:
            exitStatus = 15
            return "terminate"
        case .closed:
            exitStatus = 1
            return "closed"
        }
    }

    private func act(_ key: KeyPress) {
        switch key.name {
        case "j": selection = (selection + 1) % 10
        case "k": selection = (selection + 9) % 10
        case "M": terminal.bell()
        case "Ctrl-L": terminal.redraw()
        case "Ctrl-Z": terminal.suspend()
        case "C": tell("copied \(terminal.copy("héllo").map { "\($0)" } ?? "nowhere")")
        case "m": terminal.setMouse(true)
        case "D": terminal.dropPendingInput()
        case "H": terminal.handOver { _ = system("printf handed-over; stty -a | grep -o '[-]*icanon'") }
        case "P": lend("printf guest; stty -a | grep -o '[-]*icanon'")
        case "W": lend("printf waiting; read line; printf read-$line")
        case "Z": lend("kill -STOP $$; printf went-on")
        case "I": lend("kill -INT $$; kill -PIPE $$")
        case "K": lend("kill -KILL $$")
        case "N": tell("guest \(terminal.run(["no-such-program"]))")
        case "E":
            let end = terminal.run(["/bin/sh", "-c", "exit 3"]) { "it was \($0); Enter? " }
            tell("guest \(end)")
        case "i":
            var ends: [Int32] = [0, 0]
            pipe(&ends)
            write(ends[1], "fed\n", 4)
            close(ends[1])
            tell("guest \(terminal.run(["/bin/cat"], input: ends[0]))")
            close(ends[0])
        case "T": fatalError("asked to trap")
        case "A": abort()
        case "S": UnsafeMutablePointer<Int>(bitPattern: 8)?.pointee = 1
        case "O": tell("\(overflow(1))")
        case "X": exit(3)
        case "B": tell("guarded \(CutFile.readGuarded())")
        case "b": tell("unguarded \(CutFile.readUnguarded())")
        case "L":
            tell("stuck")
            while true { pause() }
        case "q": exitStatus = 0
        default: break
        }
    }

    private func lend(_ command: String) {
        tell("guest \(terminal.run(["/bin/sh", "-c", command]))")
    }

    private func overflow(_ depth: Int) -> Int {
        withUnsafeTemporaryAllocation(of: Int.self, capacity: 512) { _ in
            overflow(depth + 1) + overflow(depth + 2)
        }
    }

    private func scene() -> CellGrid {
        var grid = CellGrid(size: terminal.size)
        grid.put("probe │ Zażółć 日本語 e\u{301} ❤\u{FE0F} 👩\u{200D}💻 \u{1B}[31m …", row: 0, column: 0, style: .title)
        grid.put("error", row: 1, column: 0, style: .error)
        for row in 0..<10 {
            grid.put("  record \(row)", row: row + 2, column: 0)
        }
        let row = selection + 2
        grid.put(">", row: row, column: 0)
        grid.restyle(Rect(row: row, column: 0, width: 10, height: 1)) { $0.onSelection }
        grid.cursor = GridPosition(row: row, column: 0)
        grid.put("corner", row: grid.height - 1, column: grid.width - 6)
        return grid
    }
}
