import BrowserModel
import TerminalSurface

/// The line being typed at the bottom, and above it what it may become.
enum CommandLineView {
    /// - Parameter helpKey: the key that explains what can be typed.
    static func draw(_ input: Input, helpKey: KeyPress?, in rect: Rect, into grid: inout CellGrid) {
        grid.fill(rect)
        let used = grid.put(
            " " + input.prompt, row: rect.row, column: 0, maxWidth: rect.width, style: .keyHint)
        var room = rect.width - used - 1
        if let problem = input.problem {
            // What is typed keeps most of the line.
            let text = "  ! " + TextFit.truncated(problem, to: max(0, room * 3 / 5 - 4))
            let columns = CharacterWidth.columns(of: text)
            if columns + 8 <= room {
                room -= columns
                grid.put(text, row: rect.row, column: used + room, style: .warning)
            }
        } else if let helpKey {
            room -= drawHint(input, helpKey, row: rect.row, end: rect.endColumn - 1, room: room, into: &grid)
        }
        BottomLine.draw(input.line, rect.row, used, room, into: &grid)
        if let completion = input.completion, rect.row > 1 {
            let above = Rect(row: rect.row - 1, column: 0, width: rect.width, height: 1)
            draw(completion, in: above, into: &grid)
        }
    }

    /// Says what can be typed, in the longest form that leaves what is typed its room; returns the columns taken.
    private static func drawHint(
        _ input: Input, _ key: KeyPress, row: Int, end: Int, room: Int, into grid: inout CellGrid
    ) -> Int {
        let typed = CharacterWidth.columns(of: input.line.text)
        for hint in input.hints {
            let text = "  " + (hint.isEmpty ? "" : hint + " · ") + "\(key.name) help"
            let columns = CharacterWidth.columns(of: text)
            guard typed + 2 + columns <= room else { continue }
            grid.put(text, row: row, column: end - columns, style: .dim)
            return columns
        }
        return 0
    }

    private static func draw(_ completion: Completion, in rect: Rect, into grid: inout CellGrid) {
        grid.fill(rect)
        if completion.candidates.isEmpty {
            let text = completion.usage.isEmpty ? "nothing begins so; Enter says what is near" : completion.usage
            if completion.usage.isEmpty, completion.typed.isEmpty { return }
            grid.put(
                TextFit.truncated(text, to: rect.width - 2), row: rect.row, column: 1, maxWidth: rect.width - 1,
                style: .dim)
            return
        }
        // What the one in focus does stands on the right where both have room.
        let current = completion.candidates[completion.selected ?? 0]
        let help = Sanitizer.visible(current.help)
        let helpColumns = min(CharacterWidth.columns(of: help), rect.width / 2)
        let room = rect.width < 60 || help.isEmpty ? rect.width - 1 : rect.width - helpColumns - 3
        drawCandidates(completion, row: rect.row, room: room, into: &grid)
        if room < rect.width - 1 {
            grid.put(
                TextFit.truncated(help, to: helpColumns), row: rect.row, column: rect.width - helpColumns - 1,
                maxWidth: helpColumns, style: .dim)
        }
    }

    private static func drawCandidates(_ completion: Completion, row: Int, room: Int, into grid: inout CellGrid) {
        let names = completion.candidates.map { TextFit.truncated($0.text, to: max(4, room - 4)) }
        let widths = names.map { CharacterWidth.columns(of: $0) + 2 }
        let selected = completion.selected ?? 0
        // From the first one that lets the selected one still be seen.
        var first = 0
        while first < selected, widths[first...selected].reduce(0, +) + (first > 0 ? 2 : 0) > room - 2 { first += 1 }
        var column = 0
        if first > 0 { column += grid.put("‹", row: row, column: column, style: .dim) }
        for (index, name) in names.enumerated().dropFirst(first) {
            let isLast = index == names.count - 1
            guard column + widths[index] + (isLast ? 0 : 2) <= room || index == first else {
                grid.put("›", row: row, column: column + 1, maxWidth: max(0, room - column), style: .dim)
                return
            }
            let isSelected = index == completion.selected
            column += grid.put(
                (isSelected ? ">" : " ") + name + " ", row: row, column: column, maxWidth: max(0, room - column),
                style: isSelected ? .selected : .normal)
        }
    }
}
