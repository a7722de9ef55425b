import Glibc
import TestSupport

/// The real program on a pseudo-terminal, with the test as the user and the terminal.
final class BrowserSession {
    private let program: ProgramOnTerminal
    private(set) var picture: TerminalPicture
    /// Everything the program has written.
    private(set) var written: [UInt8] = []

    /// - Parameters:
    ///   - home: The home directory, with configuration and state below it.
    ///   - variables: More of the environment, or other values for what it has.
    ///   - shell: A shell to start first, in which the test starts the program as a user does.
    init(
        _ arguments: [String], home: String, columns: Int = 80, rows: Int = 24, variables: [String: String] = [:],
        shell: String? = nil
    ) throws {
        picture = TerminalPicture(columns: columns, rows: rows)
        let environment = [
            "PATH": "/usr/bin:/bin", "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "HOME": home,
            "XDG_STATE_HOME": "\(home)/state", "XDG_CONFIG_HOME": "\(home)/config", "SWIFT_BACKTRACE": "enable=no",
        ]
        program = try ProgramOnTerminal(
            shell ?? PackagePlaces.program, arguments, environment: environment.merging(variables) { $1 },
            columns: columns, rows: rows)
    }

    struct Unseen: Error, CustomStringConvertible {
        let description: String
    }

    /// Types keys and reads until the picture is as expected.
    func press(_ keys: String = "", until what: String, _ isSeen: (TerminalPicture) -> Bool) throws {
        program.type(keys)
        // A screen that counts seconds is never still.
        let end = ContinuousClock.now + .milliseconds(2 * ProgramOnTerminal.patience)
        while !isSeen(picture) {
            // Silence alone is no end: a thread that is followed is looked at once a minute at times.
            let left = ContinuousClock.now.duration(to: end).components.seconds
            guard left > 0 else {
                throw Unseen(
                    description: "after \(keys.debugDescription) no \(what) in\n\(picture.text)\n\(picture.offences)")
            }
            if let bytes = program.read(patience: Int32(left) * 1000) { take(bytes) }
        }
    }

    /// Types keys and reads until a text is on the screen.
    func press(_ keys: String = "", until text: String) throws {
        try press(keys, until: text) { $0.text.contains(text) }
    }

    /// Types keys and reads until a text is in the first line.
    func press(_ keys: String = "", untilTop text: String) throws {
        try press(keys, until: "\(text) above") { $0.lines[0].contains(text) }
    }

    /// Types keys and reads until a text is not on the screen any more.
    func press(_ keys: String, whileShown text: String) throws {
        try press(keys, until: "end of \(text)") { !$0.text.contains(text) }
    }

    /// Makes the terminal another size, and empty as some are then.
    func resize(columns: Int, rows: Int) {
        picture = picture.emptied(columns: columns, rows: rows)
        program.resize(columns: columns, rows: rows)
    }

    /// Makes the terminal another size and this one again before the program looks, and empty as some are then.
    func resizeThereAndBack() {
        picture = picture.emptied()
        program.send(signal: SIGWINCH)
    }

    /// Types keys without waiting for anything.
    func type(_ keys: String) { program.type(keys) }

    func hangUp() { program.hangUp() }

    /// Types keys and reads to the end of the program.
    func end(_ keys: String = "") -> Int32 {
        program.type(keys)
        return program.end(take)
    }

    /// Sends a signal and reads to the end of the program.
    func end(signal: Int32) -> Int32 {
        program.send(signal: signal)
        return program.end(take)
    }

    /// Whether the terminal has the modes it had before the program started.
    var isRestored: Bool { program.isRestored }

    private func take(_ bytes: [UInt8]) {
        written += bytes
        picture.take(bytes)
    }
}
