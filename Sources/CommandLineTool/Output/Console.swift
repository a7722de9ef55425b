internal import Glibc
internal import TerminalSurface

/// The three standard streams: data out, sentences for people, answers in.
struct Console: Sendable {
    let output: OutputStream
    private let errors: OutputStream
    let outputIsTerminal: Bool
    let errorsAreTerminal: Bool
    let inputIsTerminal: Bool
    /// Columns of the terminal that data goes to; `nil` when it is none.
    let width: Int?

    init() {
        output = OutputStream(descriptor: STDOUT_FILENO)
        errors = OutputStream(descriptor: STDERR_FILENO)
        outputIsTerminal = isatty(STDOUT_FILENO) == 1
        errorsAreTerminal = isatty(STDERR_FILENO) == 1
        inputIsTerminal = isatty(STDIN_FILENO) == 1
        width = outputIsTerminal ? Self.terminalWidth() : nil
    }

    /// One sentence on standard error; stored text in it is made visible.
    func complain(_ sentence: String) {
        output.flush()
        errors.write(line: "ctxbrowse: " + Sanitizer.visible(sentence))
        errors.flush()
    }

    /// A line for people on standard error.
    func tell(_ line: String) {
        output.flush()
        errors.write(line: Sanitizer.visible(line))
        errors.flush()
    }

    /// Text for the terminal alone, as it is: a progress bar.
    func draw(_ text: String) {
        errors.write(text)
        errors.flush()
    }

    /// Whether a question can be put and answered.
    var canAsk: Bool { inputIsTerminal && errorsAreTerminal }

    /// Asks and waits; anything but `y` or `yes` means no.
    func confirm(_ question: String) -> Bool {
        output.flush()
        errors.write(Sanitizer.visible(question) + " [y/N] ")
        errors.flush()
        guard let answer = readLine() else {
            errors.write("\n")
            errors.flush()
            return false
        }
        return ["y", "yes"].contains(answer.lowercased())
    }

    private static func terminalWidth() -> Int {
        var size = winsize()
        if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
        return 80
    }
}
