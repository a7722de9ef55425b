import CNcurses
import Glibc
import TerminalSurface

/// Turns cells into what curses draws, for one terminal.
struct CellPainter {
    private let theme: Theme
    private let isUnicode: Bool
    /// Curses colour pair by foreground; pair 0 is the terminal's own colours.
    private let pairs: [UInt8: Int16]
    private var looks: [Style: (attributes: attr_t, pair: Int16)] = [:]

    /// Sets up the colour pairs of `theme`; curses must have been started.
    init(theme: Theme, isUnicode: Bool) {
        self.isUnicode = isUnicode
        guard theme.depth != .none, start_color() == OK else {
            self.theme = .plain
            pairs = [:]
            return
        }
        // Where a terminal cannot go back to its own colours, curses assumes white on black.
        let background: Int16 = use_default_colors() == OK ? -1 : Int16(COLOR_BLACK)
        var pairs: [UInt8: Int16] = [:]
        for role in Role.allCases {
            guard let foreground = theme.look(of: Style(role)).foreground, pairs[foreground] == nil else { continue }
            let pair = Int16(pairs.count + 1)
            // Where colours are given directly, a number is what it would be in red, green and blue.
            let color = ctx_curses_colors() > 256 ? Self.direct(foreground) : Int32(foreground)
            if init_extended_pair(Int32(pair), color, Int32(background)) == OK { pairs[foreground] = pair }
        }
        self.theme = theme
        self.pairs = pairs
    }

    /// Red, green and blue of an index of xterm's palette. The first eight stay what they are: direct-colour
    /// descriptions keep the terminal's own there.
    static func direct(_ index: UInt8) -> Int32 {
        let index = Int32(index)
        switch index {
        case ..<8: return index
        case 8: return 0x7F7F7F
        case 9..<16: return (index & 1) * 0xFF0000 | (index >> 1 & 1) * 0x00FF00 | (index >> 2 & 1) * 0x0000FF
        case 16..<232:
            let levels: [Int32] = [0, 0x5F, 0x87, 0xAF, 0xD7, 0xFF]
            let cube = Int(index) - 16
            return levels[cube / 36] << 16 | levels[cube / 6 % 6] << 8 | levels[cube % 6]
        default:
            let grey = 8 + 10 * (index - 232)
            return grey << 16 | grey << 8 | grey
        }
    }

    /// The cells of a run; one element a glyph, since curses fills the right half of a wide one itself.
    mutating func paint(_ cells: [Cell]) -> [cchar_t] {
        var painted: [cchar_t] = []
        painted.reserveCapacity(cells.count)
        for cell in cells where !cell.isContinuation {
            let look = look(of: cell.style)
            let glyph = drawable(cell.glyph)
            // A substitute has one column; a wide glyph's takes two of them.
            let copies = Int(cell.columns) / glyph.columns
            for _ in 0..<copies { painted.append(Self.character(glyph, look.attributes, look.pair)) }
        }
        return painted
    }

    /// The glyph, or a substitute where the terminal's encoding or the C
    /// library's width table does not agree with ours.
    private func drawable(_ glyph: Glyph) -> Glyph {
        let value = glyph.base.value
        if value < 0x7F && !glyph.hasMarks { return glyph }
        guard isUnicode else { return glyph.asciiFallback }
        let agrees =
            ctx_curses_columns(value) == Int32(glyph.columns)
            && (!glyph.hasMarks || glyph.scalars.dropFirst().allSatisfy { ctx_curses_columns($0.value) == 0 })
        return agrees ? glyph : Glyph("\u{FFFD}")
    }

    private static func character(_ glyph: Glyph, _ attributes: attr_t, _ pair: Int16) -> cchar_t {
        var character = cchar_t()
        withUnsafeTemporaryAllocation(of: wchar_t.self, capacity: Glyph.maximumMarks + 2) { text in
            text.initialize(repeating: 0)
            text[0] = wchar_t(bitPattern: glyph.base.value)
            if glyph.hasMarks {
                for (index, scalar) in glyph.scalars.enumerated() { text[index] = wchar_t(bitPattern: scalar.value) }
            }
            setcchar(&character, text.baseAddress, attributes, pair, nil)
        }
        return character
    }

    private mutating func look(of style: Style) -> (attributes: attr_t, pair: Int16) {
        if let known = looks[style] { return known }
        let look = theme.look(of: style)
        var attributes: attr_t = 0
        if look.attributes.contains(.bold) { attributes |= ctx_curses_bold }
        if look.attributes.contains(.dim) { attributes |= ctx_curses_dim }
        if look.attributes.contains(.italic) { attributes |= ctx_curses_italic }
        if look.attributes.contains(.underline) { attributes |= ctx_curses_underline }
        if look.attributes.contains(.reverse) { attributes |= ctx_curses_reverse }
        let found = (attributes, look.foreground.flatMap { pairs[$0] } ?? 0)
        looks[style] = found
        return found
    }
}
