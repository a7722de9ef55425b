import TestSupport

/// A run of the program on a terminal of its own, with the test as the user.
final class TerminalRun {
    private let program: ProgramOnTerminal
    private(set) var output = ""
    private var pending: [UInt8] = []

    init(_ bench: Workbench, _ arguments: [String], columns: Int = 80) throws {
        program = try ProgramOnTerminal(
            PackagePlaces.program, arguments, environment: bench.environment, columns: columns)
    }

    /// Reads until the program has printed the text since the last call.
    func wait(for text: String) throws {
        var seen = ""
        while !seen.contains(text) {
            guard let bytes = program.read() else { throw SystemFailure("waited for \(text), got \(output)") }
            seen += take(bytes)
        }
    }

    func type(_ text: String) { program.type(text) }

    /// Reads to the end and returns the exit code.
    func end() -> Int32 { program.end { _ = take($0) } }

    private func take(_ bytes: [UInt8]) -> String {
        pending += bytes
        // A character may come in two pieces.
        let whole = (0...3).first { String(validating: pending.dropLast($0), as: UTF8.self) != nil } ?? 0
        let text = String(decoding: pending.dropLast(whole), as: UTF8.self)
        pending = Array(pending.suffix(whole))
        output += text
        return text
    }
}
