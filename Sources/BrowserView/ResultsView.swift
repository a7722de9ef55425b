import BrowserModel
import StoredRecords
import TerminalSurface

/// What a search through every source found: records, and below each the places in it.
enum ResultsView {
    static func draw(_ screen: ResultsScreen, _ state: BrowserState, into grid: inout CellGrid) {
        let body = state.layout.body
        var rect = body
        if state.layout.headingLines > 0 {
            drawScope(screen, Rect(row: body.row, column: 0, width: body.width, height: 1), into: &grid)
            rect = Rect(row: body.row + 1, column: 0, width: body.width, height: body.height - 1)
        }
        if screen.rows.isEmpty { return drawEmpty(screen, state, rect, into: &grid) }
        for (index, shown) in screen.rows.dropFirst(screen.top).prefix(rect.height).enumerated() {
            let line = Rect(row: rect.row + index, column: 0, width: rect.width, height: 1)
            switch shown {
            case .record(let group): draw(screen.groups[group], screen, line, into: &grid)
            case .hit(let group, let hit): draw(screen.groups[group].hits[hit], screen, line, into: &grid)
            case .further(let group):
                let further = screen.groups[group].further
                let text = "first \(Words.grouped(ResultsScreen.hitsPerRecord)) hits in this record, "
                grid.put(
                    TextFit.truncated(text + "\(Words.grouped(further)) more", to: max(1, rect.width - 6)),
                    row: line.row, column: 5, maxWidth: max(0, rect.width - 5), style: .dim)
            }
            if screen.top + index == screen.cursor {
                grid.select(row: line.row, in: line)
                grid.cursor = GridPosition(row: line.row, column: 0)
            }
        }
    }

    // MARK: Scope

    /// What the search covers, and the kinds something was found in.
    private static func drawScope(_ screen: ResultsScreen, _ rect: Rect, into grid: inout CellGrid) {
        let kinds = kinds(screen)
        let sentences = SearchScope.sentences(screen).map { Sanitizer.visible($0) }
        let room = rect.width - 2
        let kindColumns = kinds.reduce(0) { $0 + CharacterWidth.columns(of: $1.text) + 2 }
        // The kinds are named where the sentence does not suffer from it.
        let whole = sentences.first { CharacterWidth.columns(of: $0) + kindColumns + 1 <= room }
        let text = whole ?? sentences.first { CharacterWidth.columns(of: $0) <= room } ?? sentences.last ?? ""
        let isPartial = screen.sources.contains { $0.phase != .done && $0.phase != .searching }
        grid.put(
            TextFit.truncated(text, to: max(1, room)), row: rect.row, column: 1, maxWidth: room,
            style: isPartial ? .warning : .dim)
        let free = room - CharacterWidth.columns(of: text)
        guard free > kindColumns else { return }
        var column = rect.width - kindColumns
        for kind in kinds {
            grid.put(kind.text, row: rect.row, column: column, style: kind.isShown ? Style(.title, .reverse) : .dim)
            column += CharacterWidth.columns(of: kind.text) + 2
        }
    }

    private static func kinds(_ screen: ResultsScreen) -> [(text: String, isShown: Bool)] {
        guard screen.kinds.count > 1 || screen.kind != nil else { return [] }
        let all = [(text: " all \(Words.grouped(screen.total)) ", isShown: screen.kind == nil)]
        return all
            + screen.kinds.map { kind in
                (text: " \(kind.plural) \(Words.grouped(screen.counts[kind] ?? 0)) ", isShown: screen.kind == kind)
            }
    }

    // MARK: Rows

    private static func draw(_ group: HitGroup, _ screen: ResultsScreen, _ rect: Rect, into grid: inout CellGrid) {
        let hits = Words.count(group.hits.count + group.further, "hits")
        let source = TextFit.truncatedMiddle(group.record.id.source, to: max(6, min(24, rect.width / 4)))
        let facts = rect.width >= 50 ? "\(source) · \(hits)" : rect.width >= 30 ? hits : ""
        let factColumns = CharacterWidth.columns(of: facts)
        let kind = TextFit.padded(group.record.id.kind.rawValue, to: rect.width >= 40 ? 9 : 3)
        var column = 2 + grid.put(kind + " ", row: rect.row, column: 2, style: .dim)
        let room = max(1, rect.width - column - factColumns - 2)
        let title = TextFit.truncatedTitle(group.record.name, to: room)
        let start = column
        column += grid.put(title, row: rect.row, column: column, maxWidth: room, style: .title)
        for word in screen.words(in: group.record.name) {
            Highlight.draw(Sanitizer.visible(word), row: rect.row, from: start, into: &grid)
        }
        grid.put(facts, row: rect.row, column: rect.width - factColumns - 1, style: .dim)
    }

    private static func draw(_ hit: HitGroup.Hit, _ screen: ResultsScreen, _ rect: Rect, into grid: inout CellGrid) {
        let width = min(28, max(0, (rect.width - 4) / 4))
        var column = 4
        if width >= 6 {
            let isMessage = hit.message != nil
            let text = Sanitizer.visible(hit.place)
            // Both ends of a path or a file's name tell places apart.
            let place = isMessage ? TextFit.truncated(text, to: width) : TextFit.truncatedMiddle(text, to: width)
            let style = hit.role.map { MessageHeading.style(of: $0) } ?? .jsonKey
            grid.put(TextFit.padded(place, to: width), row: rect.row, column: column, maxWidth: width, style: style)
            column += width + 2
        }
        let room = rect.width - column - 1
        guard room > 0 else { return }
        let words = screen.words(in: hit.excerpt).map { Sanitizer.visible($0) }
        let excerpt = fitted(Sanitizer.visible(hit.excerpt), words, room)
        grid.put(excerpt, row: rect.row, column: column, maxWidth: room)
        for word in words { Highlight.draw(word, row: rect.row, from: column, into: &grid) }
    }

    /// The part of an excerpt around its first match, where not all of it fits.
    private static func fitted(_ excerpt: String, _ words: [String], _ room: Int) -> String {
        guard CharacterWidth.columns(of: excerpt) > room else { return excerpt }
        var start: Int?
        for word in words {
            let isExact = word.contains(where: \.isUppercase)
            let text = isExact ? excerpt : excerpt.lowercased()
            guard let range = text.firstRange(of: isExact ? word : word.lowercased()) else { continue }
            let before = CharacterWidth.columns(of: String(text[..<range.lowerBound]))
            start = min(start ?? before, before)
        }
        guard let start, start > room / 3 else { return TextFit.truncated(excerpt, to: room) }
        let from = max(0, start - room / 4)
        let rest = TextFit.slice(excerpt, from: from, columns: 1000)
        return TextFit.truncated("…" + rest, to: room)
    }

    // MARK: Empty

    private static func drawEmpty(
        _ screen: ResultsScreen, _ state: BrowserState, _ rect: Rect, into grid: inout CellGrid
    ) {
        grid.cursor = GridPosition(row: rect.row, column: 0)
        let text = Words.quoted(Sanitizer.visible(screen.query.text.text))
        if let filter = screen.filter, screen.count > 0 {
            return grid.put(
                message: "No hit matches \(Words.quoted(Sanitizer.visible(filter.text))). Esc clears the filter.",
                in: rect)
        }
        if screen.isSearching {
            let waiting = screen.sources.filter { $0.phase == .searching }.map(\.source).joined(separator: ", ")
            return grid.put(message: "Searching \(Sanitizer.visible(waiting)) for \(text) …", in: rect, style: .dim)
        }
        let failed = screen.sources.filter { $0.error != nil }
        if !failed.isEmpty, failed.count == screen.sources.count {
            let names = failed.map { "\($0.source): \($0.error?.reason ?? "")" }.joined(separator: "; ")
            return grid.put(
                message: "No source could be searched. \(Sanitizer.visible(names)). r tries again, ! tells more.",
                in: rect, style: .error)
        }
        var message = "Nothing found for \(text): no title, id, metadata, message or document holds "
        let patterns = screen.query.text.patterns.count
        message +=
            screen.words.count + patterns > 1 ? "all these words together." : patterns > 0 ? "what it matches." : "it."
        if screen.words.contains(where: { $0.contains(where: \.isUppercase) }) {
            message += " Words with capital letters are found as they are written only."
        }
        grid.put(message: message + " S searches for something else.", in: rect)
    }
}
