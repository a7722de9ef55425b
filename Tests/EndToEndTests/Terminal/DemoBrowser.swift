import Glibc
import TestSupport

/// The program on its demo stores, in a home directory of the test.
struct DemoBrowser {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    /// The demo's threads, the first one selected.
    func threads(columns: Int = 80, rows: Int = 24, variables: [String: String] = [:]) throws -> BrowserSession {
        let session = try started(columns: columns, rows: rows, variables: variables)
        try Self.showThreads(session)
        return session
    }

    func started(columns: Int = 80, rows: Int = 24, variables: [String: String] = [:]) throws -> BrowserSession {
        try BrowserSession(["--demo"], home: directory.path, columns: columns, rows: rows, variables: variables)
    }

    static func showThreads(_ session: BrowserSession) throws {
        try session.press("2", untilTop: "2 Threads 40")
        // All sources have answered; before that records still come between others.
        try session.press("g", until: "all threads", isFirstOfAll)
    }

    static func isFirstOfAll(_ picture: TerminalPicture) -> Bool {
        let last = picture.lines[picture.lines.count - 1]
        // On wide screens the sources stand on the left.
        let isFirst =
            picture.lines[2].hasPrefix(">") || picture.lines[2].contains("|>") || picture.lines[2].contains("│>")
        return picture.lines[0].contains("2 Threads 40") && isFirst && last.contains(" of 40")
            && !last.contains("sources")
    }

    /// The first thread, open.
    func thread(columns: Int = 80, rows: Int = 24, variables: [String: String] = [:]) throws -> BrowserSession {
        let session = try threads(columns: columns, rows: rows, variables: variables)
        try session.press("\r", untilTop: "message 1 of")
        return session
    }

    /// A program of the user's: a shell script.
    func script(_ name: String, _ text: String) throws -> String {
        let path = directory.path(name)
        try RawFiles.write(path, "#!/bin/sh\n\(text)\n")
        try RawFiles.setMode(path, 0o700)
        return path
    }

    func contents(_ name: String) throws -> String {
        String(decoding: try RawFiles.read(directory.path(name)), as: UTF8.self)
    }
}
