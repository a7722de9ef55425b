/// Fits text into columns: cut with a mark, padded, wrapped, scrolled sideways.
///
/// Every result is in visible form (see `Sanitizer`) and is cut only between
/// clusters, so a result may be narrower than asked by one column.
public enum TextFit {
    /// Which side padding goes to, or what a number column wants.
    public enum Alignment: Sendable {
        case left, right, center
    }

    /// `text` if it fits `width` columns, else its beginning and `ellipsis`.
    public static func truncated(_ text: String, to width: Int, ellipsis: String = "…") -> String {
        guard width > 0 else { return "" }
        let visible = visibleBeginning(text, beyond: width)
        if CharacterWidth.columns(of: visible) <= width { return visible }
        let mark = CharacterWidth.columns(of: ellipsis) <= width ? ellipsis : ""
        return prefix(visible, columns: width - CharacterWidth.columns(of: mark)) + mark
    }

    /// `text` with its middle replaced by `ellipsis` where it does not fit: for paths and ids,
    /// whose ends both tell them apart.
    public static func truncatedMiddle(_ text: String, to width: Int, ellipsis: String = "…") -> String {
        truncatedMiddle(text, to: width, tailShare: 2, ellipsis)
    }

    /// The same for titles: most of what is kept is their beginning, but what parts of a series
    /// end in is seen as well.
    public static func truncatedTitle(_ text: String, to width: Int, ellipsis: String = "…") -> String {
        width < 12
            ? truncated(text, to: width, ellipsis: ellipsis) : truncatedMiddle(text, to: width, tailShare: 3, ellipsis)
    }

    private static func truncatedMiddle(
        _ text: String, to width: Int, tailShare: Int, _ ellipsis: String
    ) -> String {
        let visible = Sanitizer.visible(text)
        guard width > 0 else { return "" }
        let total = CharacterWidth.columns(of: visible)
        if total <= width { return visible }
        let mark = CharacterWidth.columns(of: ellipsis) <= width ? ellipsis : ""
        let room = width - CharacterWidth.columns(of: mark)
        let tail = room / tailShare
        // Marks without width that the text begins with belong to a beginning that is shown.
        let head = tail == room ? "" : prefix(visible, columns: room - tail)
        return head + mark + slice(visible, from: total - tail, columns: tail)
    }

    /// `text` with its beginning replaced by `ellipsis` where it does not fit: for directories, whose end tells most.
    public static func truncatedStart(_ text: String, to width: Int, ellipsis: String = "…") -> String {
        truncatedMiddle(text, to: width, tailShare: 1, ellipsis)
    }

    /// `text` cut or padded to exactly `width` columns.
    public static func padded(
        _ text: String, to width: Int, alignment: Alignment = .left, ellipsis: String = "…"
    ) -> String {
        let cut = truncated(text, to: width, ellipsis: ellipsis)
        let missing = max(0, width - CharacterWidth.columns(of: cut))
        let before =
            switch alignment {
            case .left: 0
            case .right: missing
            case .center: missing / 2
            }
        return String(repeating: " ", count: before) + cut + String(repeating: " ", count: missing - before)
    }

    /// The columns `start ..< start + columns` of `text`; half a wide cluster at either end becomes a space.
    public static func slice(_ text: String, from start: Int, columns: Int) -> String {
        guard columns > 0 else { return "" }
        let start = max(0, start)
        let end = start.addingReportingOverflow(columns).overflow ? Int.max : start + columns
        let visible = visibleBeginning(text, beyond: end)
        if Sanitizer.isPrintableASCII(visible) {
            return String(Substring(visible.utf8.dropFirst(start).prefix(end - start)))
        }
        var result = ""
        var column = 0
        for unit in TextUnits(visible) {
            let next = column + unit.columns
            if column >= end { break }
            if column >= start && next <= end {
                result += unit.text
            } else if next > start {
                result += String(repeating: " ", count: min(next, end) - max(column, start))
            }
            column = next
        }
        return result
    }

    /// The lines of `text`, no wider than `width`, broken at spaces where there
    /// is one and inside a word where there is not.
    ///
    /// Newlines in `text` start a new line. A line that is broken keeps the
    /// spaces it was broken at out of both lines; other spaces stay, so that
    /// indented text keeps its shape. A width under 1 gives one line each,
    /// unwrapped.
    public static func wrapped(_ text: String, to width: Int) -> [String] {
        let lines = Sanitizer.visibleLines(text)
        guard width > 0 else { return lines }
        return lines.flatMap { wrapLine($0, width) }
    }

    /// The visible form of `text`, or of so much of its beginning as is wider than `columns`:
    /// the first columns of a very long text do not cost a pass over all of it.
    private static func visibleBeginning(_ text: String, beyond columns: Int) -> String {
        let scalars = min(columns, 1 << 20) * 4 + 256
        if columns < 1 << 20 && text.utf8.count > scalars * 4 {
            let beginning = Sanitizer.visible(String(text.unicodeScalars.prefix(scalars)))
            // The last cluster may have been cut, so its columns do not count.
            if CharacterWidth.columns(of: String(beginning.dropLast())) > columns {
                return String(beginning.dropLast())
            }
        }
        return Sanitizer.visible(text)
    }

    /// The beginning of sanitized text that fits `columns`.
    private static func prefix(_ visible: String, columns: Int) -> String {
        if Sanitizer.isPrintableASCII(visible) { return String(Substring(visible.utf8.prefix(max(0, columns)))) }
        var result = ""
        var used = 0
        for unit in TextUnits(visible) {
            if used + unit.columns > columns { break }
            result += unit.text
            used += unit.columns
        }
        return result
    }

    private static func wrapLine(_ line: String, _ width: Int) -> [String] {
        if Sanitizer.isPrintableASCII(line) { return line.utf8.count <= width ? [line] : wrapASCII(line, width) }
        var lines: [String] = []
        var current = LineUnderWay()
        for unit in TextUnits(line) {
            if current.columns + unit.columns > width {
                if unit.isSpace {
                    // The break falls on this space: it goes, and those after it go when the next word starts.
                    lines.append(current.takeAll())
                    current.skipsSpaces = true
                    continue
                }
                if !current.units.isEmpty { lines.append(current.takeToBreak()) }
            }
            current.append(unit)
        }
        if !current.units.isEmpty || lines.isEmpty { lines.append(current.takeAll()) }
        return lines
    }
}

extension TextFit {
    /// What `wrapLine` does, for text of one byte and one column a character.
    private static func wrapASCII(_ line: String, _ width: Int) -> [String] {
        let bytes = Array(line.utf8)
        let space = UInt8(0x20)
        var lines: [String] = []
        var start = 0
        var index = 0
        func take(to end: Int) { lines.append(String(decoding: bytes[start..<end], as: UTF8.self)) }
        while index < bytes.count {
            if index - start == width {
                if bytes[index] == space {
                    take(to: index)
                    while index < bytes.count && bytes[index] == space { index += 1 }
                    start = index
                    continue
                }
                var end = bytes[start..<index].lastIndex(of: space) ?? start
                let next = end + 1
                while end > start && bytes[end - 1] == space { end -= 1 }
                if end > start {
                    take(to: end)
                    start = next
                } else {
                    take(to: index)
                    start = index
                }
            }
            index += 1
        }
        if start < index || lines.isEmpty { take(to: index) }
        return lines
    }
}

/// The line a wrap is filling.
private struct LineUnderWay {
    var units: [TextUnit] = []
    var columns = 0
    var skipsSpaces = false

    mutating func append(_ unit: TextUnit) {
        if skipsSpaces && unit.isSpace { return }
        skipsSpaces = false
        units.append(unit)
        columns += unit.columns
    }

    mutating func takeAll() -> String {
        let text = Self.join(units[...])
        units = []
        columns = 0
        return text
    }

    /// Takes the part before the last word, or all of it when it is one word, and keeps the rest.
    mutating func takeToBreak() -> String {
        guard let space = units.lastIndex(where: \.isSpace), units[..<space].contains(where: { !$0.isSpace }) else {
            return takeAll()
        }
        var end = space
        while end > 0 && units[end - 1].isSpace { end -= 1 }
        let text = Self.join(units[..<end])
        units.removeSubrange(...space)
        columns = units.reduce(0) { $0 + $1.columns }
        return text
    }

    private static func join(_ units: ArraySlice<TextUnit>) -> String {
        var text = ""
        for unit in units { text += unit.text }
        return text
    }
}
