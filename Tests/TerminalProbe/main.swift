import Glibc
import NcursesTerminal
import TerminalSurface

// Draws a small list and tells every event on the file named by its argument,
// one line each, after the frame that answers the event has been written.

let log = open(CommandLine.arguments.count > 1 ? CommandLine.arguments[1] : "/dev/null", O_WRONLY | O_APPEND)

func tell(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = write(log, bytes, bytes.count)
}

// The order in which the two handlers of a bus error are installed must not matter.
if getenv("PROBE_MAPS_FIRST") != nil { tell("guarded \(CutFile.readGuarded())") }

do throws(TerminalProblem) {
    // Of a test that answers late, on a machine that may be slow.
    let terminal = try NcursesTerminal(longestAnswer: getenv("PROBE_IS_PATIENT") != nil ? 60 : 0.25)
    let probe = Probe(terminal: terminal, tell: tell)
    let status = probe.run()
    terminal.close()
    terminal.close()
    tell("closed")
    exit(status)
} catch {
    let bytes = Array((error.sentence + "\n").utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
    tell("refused \(error.sentence)")
    exit(2)
}
