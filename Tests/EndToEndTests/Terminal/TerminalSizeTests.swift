import Glibc
import TestSupport
import Testing

@Suite("Sizes of the terminal", .blocks)
struct TerminalSizeTests {
    private static let sizes = [
        (1, 1), (2, 1), (1, 5), (3, 2), (19, 4), (20, 3), (20, 4), (20, 5), (40, 10), (79, 23), (132, 43), (200, 50),
        (500, 200), (80, 24),
    ]

    private let demo: DemoBrowser

    init() throws {
        demo = try DemoBrowser()
    }

    @Test("Two hundred sizes one after the other end in the picture that a redraw makes")
    func storm() throws {
        let session = try demo.threads()
        try session.press("jjj", until: "the fourth row") { $0.lines[5].hasPrefix(">") }
        var random = SeededGenerator(seed: 7)
        for _ in 0..<200 {
            session.resize(columns: .random(in: 1...220, using: &random), rows: .random(in: 1...60, using: &random))
        }
        // Which of the sizes were drawn, and so how far the list was scrolled by small ones, is up to the machine.
        func isComplete(_ picture: TerminalPicture) -> Bool {
            picture.lines[0].contains("2 Threads 40") && picture.lines[2...5].contains { $0.hasPrefix(">") }
                && picture.lines[28].contains { $0 != " " } && picture.lines[29].contains(" of 40")
                // What a frame draws last.
                && picture.lines[29].contains("? help")
        }
        session.resize(columns: 90, rows: 30)
        try session.press(until: "the last size", isComplete)
        // Help and back: what was still on its way is drawn.
        try session.press("?", untilTop: "help")
        try session.press("q", until: "the threads", isComplete)
        // The age of a record may change from one frame to the next.
        func settled() -> String { session.picture.text.replacing(#/ *[0-9]+[smhd]\b/#, with: " age") }
        let picture = settled()
        session.resize(columns: 90, rows: 30)
        try session.press("\u{0C}", until: "all of it again", isComplete)
        #expect(settled() == picture)
        #expect(session.end("Q") == 0)
        #expect(session.isRestored)
    }

    @Test("A terminal that had another size only for a moment is drawn anew")
    func thereAndBack() throws {
        let session = try demo.threads()
        session.resizeThereAndBack()
        try session.press(until: "all of it again", DemoBrowser.isFirstOfAll)
        #expect(session.end("Q") == 0)
        #expect(session.isRestored)
    }

    @Test(
        "Every screen takes every size from 1x1 to 500x200",
        arguments: ["", "\r", "\rT", "1\r", "3\r", "5", "?", "d", ":", "!", "J"])
    func everySize(_ keys: String) throws {
        let session = try demo.threads()
        session.type(keys)
        // No size twice in a row: a terminal that stays as it is is not drawn anew.
        for (columns, rows) in Self.sizes + Self.sizes.reversed().dropFirst() + [(80, 24)] {
            session.resize(columns: columns, rows: rows)
            try session.press(until: "anything at \(columns)x\(rows)") { $0.text.contains { $0 != " " && $0 != "\n" } }
        }
        try session.press(until: "the whole screen") { picture in
            [0, 1, 23].allSatisfy { picture.lines[$0].contains { $0 != " " } }
        }
        #expect(session.end(signal: SIGTERM) == 0)
        #expect(session.isRestored)
        #expect(session.picture.offences == [])
    }
}
