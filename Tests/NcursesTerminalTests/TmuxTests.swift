import Glibc
import TestSupport
import Testing

/// The adapter in a real terminal emulator with a real shell.
@Suite(.blocks, .serialized, .enabled(if: Tmux.isInstalled, "tmux is not installed"))
struct TmuxTests {
    private static let firstRow = "probe │ Zażółć 日本語 e\u{301} ❤ 👩💻 ^[[31m …"

    private func showsScene(_ rows: [String], selected: Int = 0) -> Bool {
        rows.count > 12 && rows[0] == Self.firstRow && rows[selected + 2] == "> record \(selected)"
            && rows.contains { $0.hasSuffix("corner") }
    }

    @Test func `the screen shows the grid, wide and hostile text included`() throws {
        let tmux = try Tmux()
        #expect(try tmux.line().hasPrefix("ready 80x24 true "))
        let rows = tmux.screen { showsScene($0) }
        #expect(rows.first == Self.firstRow)
        #expect(rows[1] == "error")
        #expect(rows[2] == "> record 0" && rows[3] == "  record 1")
        #expect(rows[23] == String(repeating: " ", count: 74) + "corner")
    }

    @Test func `the hardware cursor sits on the selection`() throws {
        let tmux = try Tmux()
        _ = try tmux.line()
        tmux.send("j j j")
        for _ in 0..<3 { #expect(try tmux.line() == "key j") }
        _ = tmux.screen { showsScene($0, selected: 3) }
        #expect(tmux.tmux("display-message -p '#{cursor_x},#{cursor_y},#{cursor_flag}'") == "0,5,1\n")
    }

    @Test func `after a resize the picture is right`() throws {
        let tmux = try Tmux()
        _ = try tmux.line()
        for (width, height) in [(40, 14), (100, 30), (80, 24)] {
            tmux.tmux("resize-window -x \(width) -y \(height)")
            #expect(try tmux.line() == "resize \(width)x\(height)")
            let rows = tmux.screen { $0.count > height - 1 && $0[height - 1].hasSuffix("corner") }
            #expect(rows[height - 1] == String(repeating: " ", count: width - 6) + "corner")
            #expect(rows.filter { $0.contains("corner") }.count == 1)
        }
    }

    @Test func `Ctrl-Z gives the shell its screen and fg brings the picture back`() throws {
        let tmux = try Tmux(startsProbe: false)
        tmux.send("'\(tmux.probeCommand)' Enter")
        _ = try tmux.line()
        tmux.send("C-z")
        let shell = tmux.screen { $0.contains { $0.contains("Stopped") } }
        #expect(!shell.contains { $0.contains("record") })
        tmux.send("'echo clean; fg' Enter")
        #expect(try tmux.line() == "key Ctrl-Z")
        #expect(showsScene(tmux.screen { showsScene($0) }))
        tmux.send("j")
        #expect(try tmux.line() == "key j")
        tmux.send("q")
        #expect(try tmux.line() == "key q")
        #expect(try tmux.line() == "closed")
        let after = tmux.screen { !$0.contains { $0.contains("record") } }
        #expect(after.contains { $0.contains("clean") })
    }

    @Test(arguments: [SIGTSTP, SIGSTOP])
    func `a stop from outside is survived`(_ signal: Int32) throws {
        let tmux = try Tmux(startsProbe: false)
        tmux.send("'\(tmux.probeCommand)' Enter")
        _ = try tmux.line()
        tmux.send("j")
        _ = try tmux.line()
        let process = tmux.tmux("display-message -p '#{pane_pid}'")
        let shell = Int32(process.filter(\.isNumber)) ?? 0
        tmux.tmux("run-shell 'pkill -\(signal) -P \(shell)'")
        _ = tmux.screen { $0.contains { $0.contains("Stopped") } }
        tmux.send("fg Enter")
        #expect(try tmux.line() == (signal == SIGTSTP ? "suspended" : "resumed"))
        #expect(showsScene(tmux.screen { showsScene($0, selected: 1) }, selected: 1))
        tmux.send("x")
        #expect(try tmux.line() == "key x")
    }

    @Test func `Ctrl-Z in a program that has the terminal leads to the shell, and fg back into it`() throws {
        let tmux = try Tmux(startsProbe: false)
        tmux.send("'\(tmux.probeCommand)' Enter")
        _ = try tmux.line()
        tmux.send("W")
        _ = tmux.screen { $0.contains { $0.contains("waiting") } }
        tmux.send("C-z")
        #expect(tmux.screen { $0.contains { $0.contains("Stopped") } }.contains { $0.contains("Stopped") })
        tmux.send("'echo clean; fg' Enter")
        _ = tmux.screen { $0.contains("clean") }
        tmux.send("word Enter")
        #expect(try tmux.line() == "guest exited(0)")
        #expect(try tmux.line() == "key W")
        #expect(showsScene(tmux.screen { showsScene($0) }))
    }

    @Test func `a program that is stopped alone takes this one along, and both go on`() throws {
        let tmux = try Tmux(startsProbe: false)
        tmux.send("'\(tmux.probeCommand)' Enter")
        _ = try tmux.line()
        tmux.send("Z")
        #expect(tmux.screen { $0.contains { $0.contains("Stopped") } }.contains { $0.contains("Stopped") })
        tmux.send("fg Enter")
        #expect(try tmux.line() == "guest exited(0)")
        #expect(try tmux.line() == "key Z")
        #expect(showsScene(tmux.screen { showsScene($0) }))
    }

    @Test func `a size changed while stopped is told on return`() throws {
        let tmux = try Tmux(startsProbe: false)
        tmux.send("'\(tmux.probeCommand)' Enter")
        _ = try tmux.line()
        tmux.send("C-z")
        _ = tmux.screen { $0.contains { $0.contains("Stopped") } }
        tmux.tmux("resize-window -x 60 -y 20")
        tmux.send("fg Enter")
        #expect(try tmux.line() == "key Ctrl-Z")
        #expect(try tmux.line() == "resize 60x20")
        let rows = tmux.screen { $0.count > 19 && $0[19].hasSuffix("corner") }
        #expect(rows[19] == String(repeating: " ", count: 54) + "corner")
    }

    @Test func `text pasted by the terminal is a paste`() throws {
        let tmux = try Tmux()
        _ = try tmux.line()
        tmux.tmux("set-buffer 'dd q\u{2026}'")
        tmux.tmux("paste-buffer -p")
        #expect(try tmux.line() == "paste \"dd q…\"")
    }

    @Test func `copied text arrives in the terminal's buffer`() throws {
        let tmux = try Tmux()
        _ = try tmux.line()
        tmux.tmux("set -s set-clipboard on")
        tmux.send("C")
        #expect(try tmux.line() == "copied throughTmux")
        _ = try tmux.line()
        tmux.send("x")
        _ = try tmux.line()
        #expect(tmux.tmux("show-buffer") == "héllo")
    }

    @Test(
        arguments: [
            ("Up", "Up"), ("BTab", "Shift-Tab"), ("PPage", "PgUp"), ("Home", "Home"), ("F1", "F1"),
            ("F12", "F12"), ("M-x", "Alt-x"), ("C-Left", "Ctrl-Left"), ("DC", "Delete"), ("BSpace", "Backspace"),
            ("Escape", "Esc"), ("C-Space", "Ctrl-Space"), ("Enter", "Enter"),
        ])
    func `named keys keep their names through the terminal`(_ sent: String, _ name: String) throws {
        let tmux = try Tmux()
        _ = try tmux.line()
        tmux.send(sent)
        #expect(try tmux.line() == "key \(name)")
    }
}
