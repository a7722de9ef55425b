import TestSupport
import Testing

@Suite("What is written to the terminal", .blocks)
struct TerminalOutputTests {
    private let demo: DemoBrowser

    init() throws {
        demo = try DemoBrowser()
    }

    /// The line that is marked as selected.
    private func selected(_ picture: TerminalPicture) -> Int? {
        picture.lines.dropFirst(2).firstIndex { $0.hasPrefix(">") }
    }

    @Test(
        "A move through a list writes no more than 70 bytes",
        arguments: [("1", "1 Indexes"), ("2", "2 Threads"), ("3", "3 Artifacts"), ("4", "4 Tasks")])
    func moves(_ key: String, _ heading: String) throws {
        let session = try demo.threads()
        // All of it, read from every source and drawn to its last line.
        func isComplete(_ picture: TerminalPicture) -> Bool {
            let last = picture.lines[23]
            return picture.lines[0].contains(heading) && picture.lines[2].hasPrefix(">") && last.contains(" of ")
                && !last.contains("sources") && last.contains("? help")
        }
        try session.press(key + "g", until: "the first of \(heading)", isComplete)
        // What else came for the key before is drawn by now.
        try session.press("?", untilTop: "help")
        try session.press("q", until: "the list again", isComplete)
        var moves: [Int] = []
        let last = session.picture.lines.dropFirst(3).prefix(17).prefix { $0.contains { $0 != " " } }.count
        for row in 3..<3 + last {
            let before = session.written.count
            try session.press("j", until: "the selection in line \(row)") { selected($0) == row }
            moves.append(session.written.count - before)
        }
        #expect(moves.count >= 3)
        #expect(moves.sorted()[moves.count / 2] <= 70, "\(moves)")
        #expect(moves.allSatisfy { $0 <= 250 }, "\(moves)")
        #expect(session.end("Q") == 0)
    }

    @Test("Nothing but ASCII is written where the locale knows nothing else")
    func ascii() throws {
        let session = try demo.thread(columns: 200, rows: 50, variables: ["LC_ALL": "C"])
        try session.press("?", untilTop: "help")
        try session.press("q", untilTop: "message 1 of")
        try session.press("q", untilTop: "2 Threads 40")
        try session.press("T", until: "first to stay")
        try session.press("\u{1B}", whileShown: "first to stay")
        #expect(session.end("Q") == 0)
        #expect(session.written.allSatisfy { $0 < 0x80 })
        #expect(session.picture.offences == [])
    }

    @Test("NO_COLOR takes the colours, an empty one does not", arguments: [("1", false), ("", true)])
    func colours(_ value: String, _ isColoured: Bool) throws {
        let session = try demo.threads(variables: ["NO_COLOR": value])
        #expect(String(decoding: session.written, as: UTF8.self).contains("[38;5;") == isColoured)
        #expect(session.end("Q") == 0)
    }

    @Test("A paste is refused where nothing takes text, and taken as text where something does")
    func paste() throws {
        let session = try demo.threads()
        try session.press("\u{1B}[200~dd\rq\u{1B}[201~", until: "what was pasted is ignored")
        try session.press("/", until: "filter:")
        try session.press("\u{1B}[200~a\u{9B}31m\u{1B}[201~", until: "<U+009B>31m")
        try session.press("\u{1B}", whileShown: "filter:")
        #expect(session.end("Q") == 0)
        #expect(session.picture.offences == [])
    }
}
