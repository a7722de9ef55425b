import TestSupport
import Testing

@Suite("Text that a terminal would obey", .blocks)
struct HostileTextTests {
    /// What is on the screens in place of it.
    private static let visibleForms = [
        "^[]52;c;ZXZpbA==^G", "<U+009B>6n", "<U+0085>", "<U+202E>txt", "<U+2066>", "<U+200B>", "<U+FEFF>", "^?",
        "^[[777m",
    ]

    @Test("Nothing of it reaches the terminal from any screen", arguments: [[80, 24], [200, 50], [40, 10]])
    func everyScreen(_ size: [Int]) throws {
        let stores = try HostileStores()
        let sources = [stores.memex, stores.looopy, stores.connectors, stores.unknown, stores.missing]
        let session = try BrowserSession(
            sources, home: stores.directory.path, columns: size[0], rows: size[1])
        try lists(session)
        try thread(session)
        try documents(session)
        try dialogs(session)
        try told(session)
        #expect(session.end("Q") == 0)
        #expect(session.isRestored)
        #expect(session.picture.offences == [])
    }

    private func lists(_ session: BrowserSession) throws {
        try session.press(until: "error:")
        try session.press("5", until: "state")
        for _ in 0..<4 {
            try session.press("j", until: "state")
        }
        for (key, word) in [("1", "Indexes 2"), ("2", "Threads 2"), ("3", "Artifacts 3"), ("4", "Tasks 1")] {
            try session.press(key, until: "the list of \(word)") {
                $0.lines[0].contains(word) && $0.text.contains("^[]52")
            }
        }
        try session.press("1", until: "raw\\x9b6n")
        try session.press("6", until: "the unknown") { $0.lines[0].contains("Raw") && $0.text.contains("^[") }
        try session.press("2g", until: "thread") { $0.text.contains("> thread ^[]52") || $0.text.contains("> ^[]52") }
        // A paste is text like any other.
        try session.press("/", until: "filter:")
        try session.press("\u{1B}[200~\u{202E}\u{9B}x\u{1B}[201~", until: "<U+009B>x")
        try session.press("\r", until: "No threads match")
        try session.press("\u{1B}", until: "the threads") {
            $0.text.contains("^[]52") && !$0.text.contains("No threads")
        }
    }

    /// Presses a key and has what it leads to drawn: the help that is opened over it lets go of it again.
    private func show(_ key: String, _ session: BrowserSession) throws {
        try session.press(key + "?", untilTop: "help")
        try session.press("q", until: "what is below the help") { !$0.lines[0].contains("help") }
    }

    private func thread(_ session: BrowserSession) throws {
        for step in ["g", "G"] {
            try show(step, session)
            try session.press("\r", untilTop: "message 1 of")
            if session.picture.lines[0].count >= 200 {
                try session.press(until: "every visible form") { picture in
                    Self.visibleForms.allSatisfy { picture.text.contains($0) }
                }
            }
            for key in ["m", "z", "J", "J", "G"] { try show(key, session) }
            try session.press("p", until: "one message") { !$0.lines[0].contains(" of ") }
            for key in ["+", "p", "p"] { try show(key, session) }
            try session.press("q", untilTop: " of ")
            try session.press("q", untilTop: "2 Threads 2")
        }
    }

    private func documents(_ session: BrowserSession) throws {
        for (tab, count) in [("1", 2), ("3", 3), ("4", 1), ("6", 1)] {
            try session.press(tab, until: "the list") { $0.text.contains("> ") || $0.text.contains(">!") }
            try show("g", session)
            try session.press("\r", until: "a document") { !$0.lines[0].contains(" 5") }
            for _ in 0..<count {
                for key in ["+", "p", "p", "p", "\t", "m", "m", "w", "G"] { try show(key, session) }
                try show("/777\r", session)
                try show("]", session)
            }
            try session.press("q", untilTop: " 5")
        }
    }

    private func dialogs(_ session: BrowserSession) throws {
        try session.press("2g", untilTop: "Threads 2")
        for (key, title) in [
            ("T", "Trim a thread"), ("d", "Delete a thread"), ("e", "Export"), ("y", " copy"), ("s", "Sort by"),
        ] {
            // A trim is asked for from the preview of its cut.
            if key == "T" { try session.press("T", until: "drop ") }
            try session.press(key == "T" ? "\r" : key, until: title)
            if key == "d" {
                try session.press("w", until: "the question") {
                    $0.text.contains("would go") || $0.text.contains("make window larger")
                }
            }
            try session.press("\u{1B}", whileShown: title)
            if key == "T" { try session.press("\u{1B}", untilTop: "Threads 2") }
        }
    }

    /// A trim and its undo, the message history, the jobs and the help.
    private func told(_ session: BrowserSession) throws {
        // What is typed before a dialog is seen is dropped.
        try session.press("T", until: "drop ")
        try session.press("\r", until: "the question") {
            $0.text.contains("Trim a thread")
                && ($0.text.contains("keep 3, drop") || $0.text.contains("make window larger"))
        }
        if session.picture.text.contains("make window larger") {
            // Asked where its record cannot be named, a question waits for room.
            session.resize(columns: 80, rows: 24)
            try session.press(until: "keep 3")
        }
        try session.press("1", until: "keep 1")
        try session.press("y", until: "the outcome or a question") {
            $0.text.contains("trimmed") || $0.text.contains("anyway")
        }
        if !session.picture.text.contains("trimmed") { try session.press("y", until: "trimmed") }
        try session.press("u", until: "brings back")
        try session.press("\u{1B}", whileShown: "brings back")
        for (key, crumb) in [("!", "messages"), ("\u{14}", "jobs"), ("?", "help")] {
            try session.press(key, untilTop: crumb)
            try session.press("G", untilTop: crumb)
            try session.press("q", untilTop: "Threads 2")
        }
    }
}
