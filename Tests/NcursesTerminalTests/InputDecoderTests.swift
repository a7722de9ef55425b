import TerminalSurface
import Testing

@testable import NcursesTerminal

@Suite struct InputDecoderTests {
    static let keys: [(String, [String])] = [
        ("j", ["j"]), ("J", ["J"]), (" ", ["Space"]), ("\u{4}", ["Ctrl-D"]), ("\u{3}", ["Ctrl-C"]),
        ("\u{1A}", ["Ctrl-Z"]), ("\u{0}", ["Ctrl-Space"]), ("\u{1C}", ["Ctrl-\\"]), ("\r", ["Enter"]),
        ("\n", ["Enter"]),
        ("\t", ["Tab"]), ("\u{7F}", ["Backspace"]), ("\u{8}", ["Backspace"]), ("é日😀", ["é", "日", "😀"]),
        ("\u{1B}[A\u{1B}OB", ["Up", "Down"]), ("\u{1B}[1;5C", ["Ctrl-Right"]), ("\u{1B}[1;3D", ["Alt-Left"]),
        ("\u{1B}[5~\u{1B}[6~", ["PgUp", "PgDn"]), ("\u{1B}[H\u{1B}[4~\u{1B}[7~", ["Home", "End", "Home"]),
        ("\u{1B}[3~\u{1B}[2~", ["Delete", "Insert"]), ("\u{1B}[Z", ["Shift-Tab"]),
        ("\u{1B}OP\u{1B}[[B\u{1B}[13~\u{1B}[15~\u{1B}[24~", ["F1", "F2", "F3", "F5", "F12"]),
        ("\u{1B}x\u{1B}X", ["Alt-x", "Alt-X"]), ("\u{1B}é", ["Alt-é"]), ("\u{1B}\u{1B}[A", ["Alt-Up"]),
        ("\u{1B}\u{1}", ["Ctrl-Alt-A"]), ("\u{1B}[97;5u", ["Ctrl-A"]), ("\u{1B}OM", ["Enter"]), ("\u{1B}Oj", ["*"]),
        ("\u{1B}[I", []), ("\u{1B}[?62;4c", []), ("\u{1B}[99~", []), ("\u{1B}[1;2R", ["Shift-F3"]),
        ("\u{1B}[1;9999999999999999999999A", ["Up"]),
    ]

    @Test(arguments: keys)
    func `bytes become the keys that were pressed`(_ bytes: String, _ expected: [String]) {
        #expect(names(of: bytes.utf8, cutAfter: 1000) == expected)
    }

    @Test(arguments: keys)
    func `it does not matter where the bytes are cut`(_ bytes: String, _ expected: [String]) {
        for cut in 1..<4 { #expect(names(of: bytes.utf8, cutAfter: cut) == expected) }
    }

    @Test func `an escape waits and is the Esc key when nothing follows`() {
        var decoder = InputDecoder()
        #expect(decoder.feed([0x1B]) == [])
        #expect(decoder.isWaiting)
        #expect(decoder.flush() == [.key(KeyPress(.escape))])
        #expect(!decoder.isWaiting)
        #expect(decoder.feed([0x1B, 0x1B]) == [])
        #expect(decoder.flush() == [.key(KeyPress(.escape)), .key(KeyPress(.escape))])
        #expect(decoder.feed([0x1B, 0x5B]) == [])
        #expect(decoder.flush() == [.key(.alt("["))])
        #expect(decoder.feed([0x1B, 0x4F]) == [])
        #expect(decoder.flush() == [.key(.alt("O"))])
    }

    @Test func `the sequences of the terminal description come first`() {
        var decoder = InputDecoder(sequences: [Array("\u{1B}[A".utf8): KeyPress(.home)])
        #expect(decoder.feed("\u{1B}[A".utf8) == [.key(KeyPress(.home))])
    }

    @Test func `a paste is one event whatever it holds and wherever it is cut`() {
        let bytes = Array("a\u{1B}[200~x\u{1B}[A\u{3}\r\ny\rz 日\u{1B}[201~b".utf8)
        for cut in 1...bytes.count {
            var decoder = InputDecoder()
            var events = decoder.feed(bytes[..<cut])
            events += decoder.feed(bytes[cut...])
            #expect(events == [.key(KeyPress("a")), .paste("x\u{1B}[A\u{3}\ny\nz 日"), .key(KeyPress("b"))])
        }
    }

    @Test func `a paste that has not ended is not taken for keys`() {
        var decoder = InputDecoder()
        #expect(decoder.feed("\u{1B}[200~quit".utf8) == [])
        #expect(!decoder.isWaiting)
        #expect(decoder.flush() == [])
        #expect(decoder.feed("\u{1B}[201~".utf8) == [.paste("quit")])
    }

    @Test func `Ctrl-C typed by itself gets out of a paste whose end was lost`() {
        var decoder = InputDecoder()
        #expect(decoder.feed("\u{1B}[200~lost".utf8) == [])
        #expect(decoder.feed([0x03]) == [.paste("lost"), .key(.control("c"))])
        #expect(decoder.feed("q".utf8) == [.key(KeyPress("q"))])
    }

    @Test func `an answer of the terminal is no key and takes none with it, wherever it is cut`() {
        let bytes = Array("a\u{1B}[?2026;2$yb\u{1B}[?9;9;9$y\u{1B}[?2026$yc".utf8)
        for cut in 1...bytes.count {
            var decoder = InputDecoder()
            var events = decoder.feed(bytes[..<cut])
            events += decoder.feed(bytes[cut...])
            #expect(events == ["a", "b", "c"].map { .key(KeyPress($0)) })
            #expect(decoder.knowsSynchronized == true)
        }
        for (state, isKnown) in [(0, false), (1, true), (2, true), (3, false), (4, false)] {
            var decoder = InputDecoder()
            #expect(decoder.knowsSynchronized == nil)
            _ = decoder.feed("\u{1B}[?1049;1$y\u{1B}[?2026;\(state)$y".utf8)
            #expect(decoder.knowsSynchronized == isKnown)
        }
    }

    @Test func `mouse presses carry their place and a second one at that place is double`() {
        var decoder = InputDecoder()
        let click = "\u{1B}[<0;5;3M\u{1B}[<0;5;3m"
        let place = GridPosition(row: 2, column: 4)
        #expect(decoder.feed(click.utf8) == [.mouse(MousePress(.left, at: place))])
        #expect(decoder.feed(click.utf8) == [.mouse(MousePress(.left, at: place, isDoubleClick: true))])
        #expect(decoder.feed("\u{1B}[<65;5;3M".utf8) == [.mouse(MousePress(.wheelDown, at: place))])
        #expect(decoder.feed("\u{1B}[<99999999999999999999;5;3M\u{1B}[<0;0;0M".utf8) == [])
    }

    @Test func `bytes that are no character become the replacement character`() {
        #expect(names(of: [0xFF, 0x61], cutAfter: 9) == ["\u{FFFD}", "a"])
        #expect(names(of: [0xC3], cutAfter: 9) == ["\u{FFFD}"])
        #expect(names(of: [0xE6, 0x97, 0x61], cutAfter: 9) == ["\u{FFFD}", "a"])
        var latin = InputDecoder(isUnicode: false)
        #expect(latin.feed([0xE9]) == [.key(KeyPress("\u{FFFD}"))])
    }

    @Test func `random bytes never trap and never get stuck`() {
        var state: UInt64 = 42
        for _ in 0..<3000 {
            var bytes: [UInt8] = []
            for _ in 0..<12 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let pick = UInt8(truncatingIfNeeded: state >> 33)
                bytes.append(pick < 90 ? [0x1B, 0x5B, 0x4F, 0x3B, 0x31, 0x3C, 0x4D, 0x7E, 0x5B][Int(pick) / 10] : pick)
            }
            var decoder = InputDecoder()
            _ = decoder.feed(bytes)
            _ = decoder.flush()
            #expect(!decoder.isWaiting, "\(bytes)")
        }
    }

    private func names(of bytes: some Sequence<UInt8>, cutAfter size: Int) -> [String] {
        var decoder = InputDecoder()
        var events: [TerminalEvent] = []
        let bytes = Array(bytes)
        for start in stride(from: 0, to: bytes.count, by: size) {
            events += decoder.feed(bytes[start..<min(start + size, bytes.count)])
        }
        events += decoder.flush()
        return events.map { if case .key(let key) = $0 { key.name } else { "\($0)" } }
    }
}
