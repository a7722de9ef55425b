internal import StoredRecords
internal import TerminalSurface

extension ThreadScreen {
    /// What the bottom line says of the search; `nil` without one.
    public var searchStatus: String? {
        guard let search else { return nil }
        let text = (search.needle.isPattern ? "" : "/") + TextFit.truncated(search.text, to: 24)
        let isSure = search.isFinished && !search.isPartial
        if !search.isBegun { return text }
        var words: String
        if search.count == 0 {
            words = search.isFinished ? "not found" : "no hit so far"
        } else {
            let total = (isSure ? "" : ">= ") + Words.grouped(search.count)
            words =
                search.currentNumber.map { "hit \(isSure ? "" : ">= ")\(Words.grouped($0)) of \(total)" }
                ?? "\(total) hits"
        }
        if search.isPartial { words += " in \(Words.count(search.readCount, "messages"))" }
        if search.job != nil {
            words += " · \(Words.grouped(search.readCount)) of \(Words.total(total)) read"
        }
        return "\(text)  \(words)"
    }

    /// Where the search goes on from: behind or before the line of the cursor.
    func point(forward: Bool, takesLine: Bool) -> ThreadSearch.Point {
        let position = current?.position ?? 0
        // On the hit it was put on, the next hit may be in the same line.
        if !takesLine, let hit = search?.current, hit.position == position, isShown(hit) {
            return ThreadSearch.Point(position: position, place: hit.place)
        }
        guard let row = cursorRow, row.part >= 0, !takesLine else {
            let part = cursorRow.map(\.part) ?? -1
            let isLine = takesLine && part >= 0
            return ThreadSearch.Point(
                position: position,
                place: MessageHits.Place(part: isLine ? part : -1, offset: isLine ? (cursorRow?.source ?? 0) - 1 : 0))
        }
        return ThreadSearch.Point(
            position: position, place: MessageHits.Place(part: row.part, offset: forward ? row.source : row.source - 1))
    }

    private func isShown(_ hit: ThreadSearch.Hit) -> Bool {
        guard let row = cursorRow, row.part == hit.place.part, row.source <= hit.place.offset else { return false }
        let next = blocks[cursor.message].rows[(cursor.line + 1)...].first {
            $0.part == row.part && $0.source > row.source && !$0.isMore
        }
        return next.map { hit.place.offset < $0.source } ?? true
    }

    /// Whether the message of a hit is loaded.
    func isLoaded(_ hit: ThreadSearch.Hit) -> Bool {
        blocks.contains { $0.message.position == hit.position }
    }

    /// Puts the cursor on the line of a hit, and opens what it is folded in.
    ///
    /// - Parameters:
    ///   - found: what stands there, where it is not what the thread's own search looks for.
    ///   - isNew: whether the messages were read for it just now.
    mutating func show(_ hit: ThreadSearch.Hit, found: TextNeedle? = nil, isNew: Bool = false, height: Int) {
        guard let index = blocks.firstIndex(where: { $0.message.position == hit.position }) else { return }
        search?.current = hit
        let block = blocks[index]
        var folds = folds
        for item in items(of: hit, in: index) where !folds.isOpen(item, of: block.message) {
            folds.toggle(item, of: block.message)
        }
        if folds != self.folds {
            self.folds = folds
            for changed in [index, index + 1] where blocks.indices.contains(changed) { blocks[changed].forgetRows() }
        }
        lay(index)
        blocks[index].reveal(part: hit.place.part, offset: hit.place.offset, usual: form.usualBytes)
        lay(index)
        land(on: MessageLine(message: index, line: line(of: hit, found, in: index)), isNew: isNew, height: height)
    }

    private mutating func items(of hit: ThreadSearch.Hit, in index: Int) -> [FoldItem] {
        let parts = blocks[index].parts()
        guard parts.indices.contains(hit.place.part) else { return [] }
        if case .call(let number) = parts[hit.place.part].kind {
            // The name of the tool stands in its folded line too.
            return hit.place.offset < blocks[index].digest.calls[number].name.utf8.count ? [] : [.call(number)]
        }
        if case .partResult(let number) = parts[hit.place.part].kind { return [.partResult(number)] }
        if blocks[index].digest.result != nil { return [.result] }
        return blocks[index].message.role == .system ? [.system] : []
    }

    /// The line of a message that shows a hit: of the lines its source line became, the one the text stands in.
    private mutating func line(of hit: ThreadSearch.Hit, _ found: TextNeedle?, in index: Int) -> Int {
        guard let needle = found ?? search?.needle,
            let first = blocks[index].row(ofPart: hit.place.part, source: hit.place.offset)
        else { return blocks[index].firstRow }
        let rows = blocks[index].rows
        let group = LineGroup(rows, containing: first)
        guard group.range.count > 1 else { return first }
        // How many hits of the source line come before this one.
        let text = blocks[index].parts()[hit.place.part].text
        let source = rows[first].source
        let start = text.utf8.index(text.startIndex, offsetBy: source)
        let behind = text.utf8[start...].dropFirst(max(0, hit.place.offset - source))
        let line = text[start..<(behind.firstIndex(of: 10) ?? text.endIndex)]
        let before = needle.places(in: String(line)).places.count { $0 < hit.place.offset - source }
        let shown = needle.places(in: group.text).places
        guard shown.indices.contains(before) else { return first }
        return group.row(at: shown[before])
    }

    /// The columns of the rows from the top on that hold the text looked for.
    public func highlights(rows count: Int) -> [[Range<Int>]] {
        guard let needle = search?.needle else { return [] }
        var found: [[Range<Int>]] = []
        var place: MessageLine? = top
        var known: (message: Int, group: LineGroup, columns: [[Range<Int>]])?
        while let at = place, found.count < count {
            if known?.message != at.message || known?.group.range.contains(at.line) != true {
                let group = LineGroup(blocks[at.message].rows, containing: at.line)
                known = (at.message, group, group.columns(of: needle))
            }
            if let known { found.append(known.columns[at.line - known.group.range.lowerBound]) }
            place = next(at)
        }
        return found
    }
}

/// The lines that one line of the stored text became, and that text.
struct LineGroup {
    let range: Range<Int>
    private(set) var text = ""
    /// The byte each line begins at, and the columns before its text.
    private var starts: [Int] = []
    private var lines: [StyledLine] = []

    /// Lines beyond these are not joined: what is searched for is shorter.
    private static let mostLines = 400

    init(_ rows: [MessageRow], containing line: Int) {
        var first = line
        while first > 0, rows[first].line.joint != .start, line - first < Self.mostLines { first -= 1 }
        var end = line + 1
        while end < rows.count, rows[end].line.joint != .start, end - line < Self.mostLines { end += 1 }
        range = first..<end
        for row in rows[range] {
            if row.line.joint == .space, !starts.isEmpty { text += " " }
            starts.append(text.utf8.count)
            lines.append(row.line)
            for span in row.line.spans where !Self.isBar(span) { text += span.text }
        }
    }

    /// The bar of a quote or of code is no text.
    private static func isBar(_ span: Span) -> Bool { span.style == .border }

    /// The row that shows a byte of the text.
    func row(at offset: Int) -> Int {
        range.lowerBound + max(0, (starts.lastIndex { $0 <= offset } ?? 0))
    }

    func columns(of needle: TextNeedle) -> [[Range<Int>]] {
        var columns: [[Range<Int>]] = Array(repeating: [], count: lines.count)
        for (place, end) in needle.ranges(in: text).map({ ($0.lowerBound, $0.upperBound) }) {
            for line in lines.indices {
                let lineEnd = line + 1 < starts.count ? starts[line + 1] : text.utf8.count
                guard starts[line] < end, lineEnd > place else { continue }
                let from = max(place, starts[line]) - starts[line]
                let to = min(end, lineEnd) - starts[line]
                let range = columnRange(lines[line], from, to)
                if !range.isEmpty { columns[line].append(range) }
            }
        }
        return columns
    }

    /// The columns of bytes of a line's text.
    private func columnRange(_ line: StyledLine, _ from: Int, _ to: Int) -> Range<Int> {
        var column = line.indent
        var offset = 0
        var start: Int?
        for span in line.spans {
            if Self.isBar(span) {
                column += CharacterWidth.columns(of: span.text)
                continue
            }
            for character in span.text {
                if start == nil, offset >= from { start = column }
                if offset >= to { return (start ?? column)..<column }
                offset += String(character).utf8.count
                column += CharacterWidth.columns(of: character)
            }
        }
        return (start ?? column)..<column
    }
}
