import CNcurses
import Glibc
import TerminalSurface

/// What the terminal description and the environment say, read before anything is changed.
struct TerminalCapabilities {
    let name: String
    let colorDepth: ColorDepth
    let isUnicode: Bool
    /// Keys whose byte sequence the terminal description gives.
    let keySequences: [[UInt8]: KeyPress]
    /// Whether leaving full-screen mode brings the former picture back.
    let restoresScreen: Bool
    /// Bytes that leave full-screen mode: for a program that dies without closing.
    let leaveBytes: [UInt8]
    /// Whether private modes and operating system commands of the xterm family are understood or skipped.
    let takesXtermSequences: Bool
    /// Whether it can be asked for modes: everything else at least takes such a question without drawing it.
    let takesQuestions: Bool

    init(output: Int32) throws(TerminalProblem) {
        Self.adoptLocale()
        isUnicode = String(cString: nl_langinfo(Int32(CODESET))) == "UTF-8"

        guard let name = Self.environment("TERM"), !name.isEmpty else {
            throw TerminalProblem(
                sentence: "TERM is not set, so the terminal is unknown; set it to its type, such as xterm-256color.")
        }
        self.name = name
        var status: Int32 = 0
        let found = setupterm(name, output, &status)
        defer { ctx_curses_forget_terminal() }
        let shown = Sanitizer.visible(name)
        if found != OK && status <= 0 {
            throw TerminalProblem(
                sentence: "The terminal type \"\(shown)\" (TERM) is not known on this system; "
                    + "set TERM to a known one, such as xterm-256color or vt100.")
        }
        let cursorAddress = Self.capability("cup")
        if found != OK || cursorAddress.isEmpty || Self.capability("clear").isEmpty {
            throw TerminalProblem(
                sentence: "The terminal type \"\(shown)\" (TERM) cannot place the cursor, which a full screen needs; "
                    + "set TERM to a type that can, such as xterm-256color or vt100.")
        }
        takesXtermSequences = cursorAddress.starts(with: [0x1B, 0x5B])
        takesQuestions =
            takesXtermSequences && Self.environment("TERM_PROGRAM") != "Apple_Terminal"
            && Self.asked.contains { name.hasPrefix($0) }

        let colors = tigetnum("colors")
        let refusesColor = Self.environment("NO_COLOR").map { !$0.isEmpty } ?? false
        colorDepth =
            refusesColor || colors < 8 ? .none : colors < 16 ? .eight : colors < 256 ? .sixteen : .twoHundredFiftySix

        var keys: [[UInt8]: KeyPress] = [:]
        for (capability, key) in Self.keyCapabilities {
            let bytes = Self.capability(capability)
            if bytes.count > 1 { keys[bytes] = key }
        }
        keySequences = keys

        restoresScreen = !Self.capability("rmcup").isEmpty
        var leave: [UInt8] = takesXtermSequences ? Array(TerminalModes.off.utf8) : []
        for capability in ["rmkx", "sgr0", "cnorm", "rmcup"] { leave += Self.capability(capability) }
        leaveBytes = leave + [0x0D, 0x0A]
    }

    /// The theme of a name, as this terminal can show it.
    func theme(_ name: ThemeName) -> Theme {
        Theme(depth: colorDepth, name: name, background: Self.environment("COLORFGBG"))
    }

    /// The beginnings of type names of the xterm family.
    private static let asked = [
        "xterm", "tmux", "foot", "alacritty", "kitty", "wezterm", "contour", "ghostty", "mintty", "konsole", "vte",
        "gnome", "iterm", "rio", "st-",
    ]

    static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    /// Takes over the user's locale; when it is not installed but asks for
    /// UTF-8, the C library's own UTF-8 locale serves.
    private static func adoptLocale() {
        if setlocale(LC_CTYPE, "") != nil { return }
        let wanted = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap(environment).first { !$0.isEmpty } ?? ""
        let folded = wanted.lowercased()
        if folded.hasSuffix("utf-8") || folded.hasSuffix("utf8") { _ = setlocale(LC_CTYPE, "C.UTF-8") }
    }

    /// A string capability without its padding instructions (`$<5>`); empty when there is none.
    private static func capability(_ name: String) -> [UInt8] {
        guard let value = ctx_curses_capability(name) else { return [] }
        let bytes = Array(String(cString: value).utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == 0x24, index + 1 < bytes.count, bytes[index + 1] == 0x3C,
                let end = bytes[index...].firstIndex(of: 0x3E)
            {
                index = end + 1
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }

    private static let keyCapabilities: [(String, KeyPress)] =
        [
            ("kcuu1", KeyPress(.up)), ("kcud1", KeyPress(.down)), ("kcub1", KeyPress(.left)),
            ("kcuf1", KeyPress(.right)), ("khome", KeyPress(.home)), ("kend", KeyPress(.end)),
            ("kpp", KeyPress(.pageUp)),
            ("knp", KeyPress(.pageDown)), ("kich1", KeyPress(.insert)), ("kdch1", KeyPress(.delete)),
            ("kcbt", KeyPress(.tab, .shift)), ("kent", KeyPress(.enter)), ("kri", KeyPress(.up, .shift)),
            ("kind", KeyPress(.down, .shift)), ("kLFT", KeyPress(.left, .shift)), ("kRIT", KeyPress(.right, .shift)),
        ] + (1...12).map { ("kf\($0)", KeyPress(.function($0))) }
}
