extension Glyph {
    /// What stands for the glyph on a terminal that shows ASCII only: a likeness
    /// for lines, arrows and marks, `?` for everything else.
    ///
    /// Always one column; for a wide glyph it is drawn twice.
    public var asciiFallback: Glyph {
        if base.value >= 0x20 && base.value < 0x7F { return Glyph(base) }
        switch base {
        case "\u{00A0}", "\u{3000}", "\u{2000}"..."\u{200A}": return .space
        case "…": return Glyph("~")
        case "─", "━", "╌", "┄", "═", "–", "—", "‐", "‑", "−": return Glyph("-")
        case "│", "┃", "║", "┆", "▏", "▕": return Glyph("|")
        case "\u{2500}"..."\u{257F}": return Glyph("+")
        case "•", "·", "●", "◦", "∙", "▪", "■", "◆": return Glyph("*")
        case "○", "◌": return Glyph("o")
        case "→", "▶", "▸", "›", "»", "❯": return Glyph(">")
        case "←", "◀", "◂", "‹", "«": return Glyph("<")
        case "↑", "▲", "▴": return Glyph("^")
        case "↓", "▼", "▾": return Glyph("v")
        case "✓", "✔": return Glyph("+")
        case "✗", "✘", "×": return Glyph("x")
        case "█", "▇", "▓", "▆", "▅": return Glyph("#")
        case "░", "▒", "▁", "▂", "▃", "▄": return Glyph(".")
        case "‘", "’": return Glyph("'")
        case "“", "”": return Glyph("\"")
        default: return Glyph("?")
        }
    }
}
