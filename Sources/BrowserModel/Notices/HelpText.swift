internal import StoredRecords
internal import TerminalSurface

/// The lines of the help: what is on the screen, its keys, the keys that work
/// everywhere, and what can be typed after `:`.
struct HelpText {
    let keyMap: KeyMap
    let width: Int
    /// Only what holds all these words is shown.
    let filter: TextFilter?
    private var lines: [StyledLine] = []
    /// The sections that are named by what is looked for: they stand first, as a whole.
    private var about: [StyledLine] = []
    private var readOnly: String?
    private let keyColumn: Int

    private struct Row {
        var keys: String
        var help: String
        var isDestructive = false
        /// Why it does not work on the screen the help was opened on.
        var reason: String?
    }

    private init(_ keyMap: KeyMap, width: Int, filter: TextFilter?) {
        self.keyMap = keyMap
        self.width = width
        self.filter = filter
        let widest = keyMap.bindings.reduce(0) { max($0, CharacterWidth.columns(of: Self.names(of: $1))) }
        keyColumn = min(widest + 1, max(12, min(24, width / 3)))
    }

    /// The help of a mode.
    /// - Parameters:
    ///   - guide: what the screen shows, a paragraph each.
    ///   - signs: what stands in or before its rows.
    ///   - readOnly: why nothing may be changed; the keys that change something are then no keys.
    static func lines(
        _ keyMap: KeyMap, mode: Mode, guide: [String], signs: [RowSign], width: Int, filter: TextFilter?,
        readOnly: String?, reason: (Command) -> String?
    ) -> [StyledLine] {
        var text = HelpText(keyMap, width: width, filter: filter)
        text.readOnly = readOnly
        let bindings = keyMap.bindings.filter { readOnly == nil || !$0.command.changesStores }
        if filter == nil {
            for paragraph in guide { text.lines += StyledLine.wrapped([Span(paragraph)], width: width) }
        }
        text.add(signs)
        let own = bindings.filter { $0.mode == mode }
        let rest = mode.includesEverywhere ? bindings.filter { $0.mode == .everywhere } : []
        let idle = filter == nil ? IdleKeys(own + rest, reason: reason) : IdleKeys([]) { _ in nil }
        text.add(
            "Keys of this screen",
            own.filter { !idle.holds($0) }.map { row(of: $0, reason: reason($0.command)) } + typedRows(mode))
        if mode == .list, reason(.filter) == nil || filter != nil { text.add(FilterHelp.title, filterRows) }
        if mode == .results || filter != nil { text.add(SearchHelp.title, searchRows) }
        for group in Command.Group.allCases {
            let rows = rest.filter { $0.command.group == group && !idle.holds($0) }
            text.add(group.rawValue, rows.map { row(of: $0, reason: reason($0.command)) })
        }
        text.addLineVerbs()
        text.add(idle)
        return text.finished
    }

    /// The keys of all modes.
    static func allKeys(_ keyMap: KeyMap, width: Int, filter: TextFilter?) -> [StyledLine] {
        var text = HelpText(keyMap, width: width, filter: filter)
        if filter != nil { text.addForms() }
        for mode in Mode.allCases {
            text.add(
                mode.title,
                keyMap.bindings.filter { $0.mode == mode }.map { row(of: $0, reason: nil) } + typedRows(mode))
        }
        if filter == nil { text.addForms() }
        text.addLineVerbs()
        return text.finished
    }

    private var finished: [StyledLine] {
        let lines = about + (about.isEmpty || self.lines.isEmpty ? [] : [.empty]) + self.lines
        if lines.isEmpty { return [ReaderScreen.nothing(for: filter)] }
        if let readOnly {
            return lines + [.empty]
                + StyledLine.wrapped(
                    [Span("No key changes stored data here: \(Sanitizer.visible(readOnly)).", .dim)], width: width)
        }
        return lines + [
            .empty, StyledLine("* may remove stored data; always asks first and can be undone with u", .dim),
        ]
    }

    /// What is typed as it is, so that it is bound to no command.
    private static func typedRows(_ mode: Mode) -> [Row] {
        mode.typed.map { Row(keys: $0.keys, help: $0.help) }
    }

    /// The signs one behind the other, so that the keys are not far below; a line each where they are looked for.
    private mutating func add(_ signs: [RowSign]) {
        guard filter == nil else {
            return add("Signs", signs.map { Row(keys: $0.glyph, help: $0.meaning) })
        }
        guard !signs.isEmpty else { return }
        if !lines.isEmpty { lines.append(.empty) }
        lines.append(StyledLine("Signs", .heading))
        // Signs and meanings stay together: each is a line of its own where two do not fit beside each other.
        var row: [Span] = []
        var used = 0
        for sign in signs {
            let columns = CharacterWidth.columns(of: sign.glyph) + 1 + CharacterWidth.columns(of: sign.meaning)
            if !row.isEmpty, used + 3 + columns > width - 2 {
                lines += StyledLine.wrapped(row, width: width, indent: 2, hanging: 2)
                row = []
                used = 0
            }
            if !row.isEmpty {
                row.append(Span("   "))
                used += 3
            }
            row += [Span(sign.glyph, .keyHint), Span(" " + sign.meaning)]
            used += columns
        }
        lines += StyledLine.wrapped(row, width: width, indent: 2, hanging: 2)
    }

    /// How filters and searches are written.
    private mutating func addForms() {
        add(FilterHelp.title, Self.filterRows)
        add(SearchHelp.title, Self.searchRows)
    }

    private mutating func addLineVerbs() {
        add(
            "Typed after :",
            LineVerb.allCases.map { verb in
                Row(keys: ":" + verb.words[0] + (verb.argument.isEmpty ? "" : " " + verb.argument), help: verb.help)
            } + [
                Row(keys: ":120", help: "go to line or message 120"),
                Row(
                    keys: ":delete :copy …", help: "any command by its name; Tab completes, Up brings back older lines"),
            ])
    }

    private mutating func add(_ title: String, _ rows: [Row]) {
        let shown = rows.filter { filter?.matches([$0.keys, $0.help, title]) ?? true }
        guard !shown.isEmpty else { return }
        let others = lines
        let isAbout = filter?.matches([title]) ?? false
        if isAbout { lines = about }
        if !lines.isEmpty { lines.append(.empty) }
        lines.append(StyledLine(title, .heading))
        for row in shown { add(row) }
        if isAbout {
            about = lines
            lines = others
        }
    }

    /// The keys that do nothing here, by the reason: there, but not in the way.
    private mutating func add(_ idle: IdleKeys) {
        guard !idle.groups.isEmpty else { return }
        if !lines.isEmpty { lines.append(.empty) }
        lines.append(StyledLine("Keys of other screens and moments", .heading))
        for group in idle.groups {
            lines += StyledLine.wrapped(
                [Span(Sanitizer.visible(group.reason) + ":", .dim)], width: width, indent: 2, hanging: 2)
            // A key and its word stay together.
            var row: [Span] = []
            var used = 0
            for binding in group.bindings {
                let key = binding.keys.first?.name ?? ""
                let columns = CharacterWidth.columns(of: key) + 1 + binding.command.word.count
                if !row.isEmpty, used + 3 + columns > width - 4 {
                    lines += StyledLine.wrapped(row, width: width, indent: 4, hanging: 4)
                    (row, used) = ([], 0)
                }
                if !row.isEmpty { row.append(Span("   ")) }
                used += columns + (used == 0 ? 0 : 3)
                row += [Span(key, .keyHint), Span(" " + binding.command.word)]
            }
            lines += StyledLine.wrapped(row, width: width, indent: 4, hanging: 4)
        }
    }

    private static var filterRows: [Row] { FilterHelp.rows.map { Row(keys: $0.0, help: $0.1) } }
    private static var searchRows: [Row] { SearchHelp.rows.map { Row(keys: $0.0, help: $0.1) } }

    private mutating func add(_ row: Row) {
        var spans = [Span(row.help)]
        if CharacterWidth.columns(of: row.keys) <= keyColumn {
            spans.insert(Span(TextFit.padded(row.keys, to: keyColumn) + " ", .keyHint), at: 0)
        } else {
            // Keys that do not fit beside their meaning stand above it.
            lines += StyledLine.wrapped([Span(row.keys, .keyHint)], width: width, indent: 2)
            spans.insert(Span(String(repeating: " ", count: keyColumn + 1)), at: 0)
        }
        if row.isDestructive { spans.append(Span(" *", .warning)) }
        if let reason = row.reason { spans.append(Span(" (not here: \(Sanitizer.visible(reason)))", .dim)) }
        lines += StyledLine.wrapped(spans, width: width, indent: 2, hanging: keyColumn + 1)
    }

    private static func row(of binding: KeyBinding, reason: String?) -> Row {
        Row(
            keys: names(of: binding), help: binding.command.help, isDestructive: binding.command.isDestructive,
            reason: reason)
    }

    private static func names(of binding: KeyBinding) -> String {
        binding.keys.map(\.name).joined(separator: "  ")
    }
}
