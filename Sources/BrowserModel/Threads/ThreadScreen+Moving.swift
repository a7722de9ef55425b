internal import StoredRecords

extension ThreadScreen {
    /// The lines of a message, which is laid out if it was not yet.
    private mutating func rowCount(_ index: Int) -> Int {
        lay(index)
        return max(1, blocks[index].rows.count)
    }

    /// The place so many lines further, or the last one in that direction and how many lines are missing.
    private mutating func clamped(_ place: MessageLine, by lines: Int) -> (place: MessageLine, rest: Int) {
        let end = walked(place, by: lines)
        lay(end.place.message)
        return end
    }

    private mutating func walked(_ place: MessageLine, by lines: Int) -> (place: MessageLine, rest: Int) {
        guard !blocks.isEmpty else { return (MessageLine(message: 0, line: 0), lines) }
        var place = place
        var rest = lines
        while rest > 0 {
            let left = rowCount(place.message) - 1 - place.line
            if rest <= left {
                place.line += rest
                return (place, 0)
            }
            guard place.message + 1 < blocks.count else {
                place.line += left
                return (place, rest - left)
            }
            rest -= left + 1
            place = MessageLine(message: place.message + 1, line: 0)
        }
        while rest < 0 {
            if -rest <= place.line {
                place.line += rest
                return (place, 0)
            }
            guard place.message > 0 else {
                rest += place.line
                place.line = 0
                return (place, rest)
            }
            rest += place.line + 1
            place = MessageLine(message: place.message - 1, line: rowCount(place.message - 1) - 1)
        }
        return (place, 0)
    }

    /// Moves the cursor over lines that say something; blank ones between messages are passed over.
    mutating func move(by lines: Int, height: Int) {
        guard !blocks.isEmpty else { return }
        let start = cursor
        cursor = clamped(cursor, by: lines).place
        skipLead(down: lines > 0, from: start)
        stopAtMore(from: start)
        extendAtCursor()
        scroll(height: height)
    }

    /// Moves screen and cursor together, as a page key does.
    mutating func page(by lines: Int, height: Int) {
        let start = cursor
        top = clamped(top, by: lines).place
        cursor = clamped(cursor, by: lines).place
        skipLead(down: lines > 0, from: start)
        stopAtMore(from: start)
        extendAtCursor()
        scroll(height: height)
    }

    private mutating func skipLead(down: Bool, from start: MessageLine) {
        while let row = row(at: cursor), row.kind == .lead {
            let next = clamped(cursor, by: down ? 1 : -1)
            if next.rest != 0 {
                // Above the first message there is nothing to be on.
                cursor = down ? start : MessageLine(message: cursor.message, line: blocks[cursor.message].firstRow)
                return
            }
            cursor = next.place
        }
    }

    /// What is not laid out is not passed over.
    private mutating func stopAtMore(from start: MessageLine) {
        let isDown = cursor > start
        var place = isDown ? start : cursor
        let end = isDown ? cursor : start
        var found: MessageLine?
        while place < end {
            if row(at: place)?.isMore == true, place != start {
                found = place
                if isDown { break }
            }
            guard let next = next(place) else { break }
            place = next
        }
        if let found { cursor = found }
    }

    /// Where a long text is not laid out any further, coming there reads on.
    private mutating func extendAtCursor() {
        guard let row = cursorRow, case .more(let part, let isBelow) = row.kind else { return }
        let index = cursor.message
        let line = distanceFromTop
        blocks[index].extend(part: part, isBelow: isBelow, usual: form.usualBytes)
        lay(index)
        restore(Anchor(part: part, source: row.source, piece: 0), in: index)
        top = clamped(cursor, by: -line).place
    }

    mutating func moveToMessage(_ index: Int, height: Int) {
        guard !blocks.isEmpty else { return }
        let index = max(0, min(blocks.count - 1, index))
        lay(index)
        go(to: MessageLine(message: index, line: blocks[index].firstRow), height: height)
    }

    /// Puts the cursor on a line; the screen moves only when the line and a little below it are not on it.
    mutating func go(to place: MessageLine, height: Int) {
        cursor = place
        let margin = min(3, height / 4)
        if cursor < top || distance(from: top, to: cursor, limit: height) + margin >= height {
            top = clamped(cursor, by: 0).place
            // The line that parts days belongs to what is read.
            let leads = blocks[place.message].firstRow == place.line ? min(place.line, height / 4) : 0
            top.line -= leads
        }
        scroll(height: height)
    }

    /// Puts the cursor on a line, with some lines above it on the screen.
    mutating func goTo(_ place: MessageLine, linesAbove: Int, height: Int) {
        cursor = clampedPlace(place)
        top = clamped(cursor, by: -linesAbove).place
        scroll(height: height)
    }

    /// Puts the cursor on a line that was found.
    ///
    /// - Parameter isNew: whether what was on the screen before is gone, so that there is nothing to leave in place.
    mutating func land(on place: MessageLine, isNew: Bool = false, height: Int) {
        cursor = clampedPlace(place)
        top = clampedPlace(top)
        let isSeen = !isNew && cursor >= top && distance(from: top, to: cursor, limit: height) < height
        goTo(cursor, linesAbove: isSeen ? distanceFromTop : Landing.linesAbove(height), height: height)
    }

    /// Goes to a landmark: a turn is read from its first line on, which comes to the top of the screen.
    mutating func land(on landmark: MessageSeek.Landmark, at place: MessageLine, isNew: Bool = false, height: Int) {
        switch landmark {
        case .userTurn: goTo(place, linesAbove: 0, height: height)
        case .toolCall, .error: land(on: place, isNew: isNew, height: height)
        }
    }

    mutating func place(_ place: MessageLine, height: Int) {
        let start = cursor
        cursor = clampedPlace(place)
        skipLead(down: true, from: start)
        scroll(height: height)
    }

    /// Keeps some lines above the cursor on the screen, where there are any.
    mutating func keepInSight(linesAbove: Int, height: Int) {
        guard cursor.message > 0, distanceFromTop < linesAbove else { return }
        goTo(cursor, linesAbove: linesAbove, height: height)
    }

    mutating func moveToEnd(height: Int) {
        guard !blocks.isEmpty else { return }
        cursor = MessageLine(message: blocks.count - 1, line: rowCount(blocks.count - 1) - 1)
        scroll(height: height)
    }

    /// Keeps the cursor on the screen, and the screen full where there is enough.
    mutating func scroll(height: Int) {
        guard !blocks.isEmpty else { return clampEmpty() }
        cursor = clampedPlace(cursor)
        top = clampedPlace(top)
        let height = max(1, height)
        if cursor < top { top = cursor }
        if distance(from: top, to: cursor, limit: height) >= height {
            top = clamped(cursor, by: 1 - height).place
        }
        let end = clamped(top, by: height - 1)
        if end.rest > 0 { top = clamped(end.place, by: 1 - height).place }
        // The blank line above the first message of a screen is better spent below.
        if top.message == cursor.message, top.line == 0, cursor.line == blocks[top.message].firstRow,
            blocks[top.message].rows.first?.kind == .lead, blocks[top.message].rows.first?.line.spans.isEmpty == true,
            end.rest == 0
        {
            top.line = 1
        }
        layVisible(height: height)
        scrollList(rows: height)
    }

    private mutating func clampEmpty() {
        cursor = MessageLine(message: 0, line: 0)
        top = cursor
        listTop = 0
    }

    private mutating func scrollList(rows: Int) {
        let margin = min(3, rows / 4)
        listTop = min(listTop, cursor.message - margin)
        listTop = max(listTop, cursor.message + margin + 1 - rows)
        listTop = max(0, min(listTop, blocks.count - rows))
    }

    mutating func clampedPlace(_ place: MessageLine) -> MessageLine {
        guard !blocks.isEmpty else { return MessageLine(message: 0, line: 0) }
        let message = max(0, min(blocks.count - 1, place.message))
        return MessageLine(message: message, line: max(0, min(rowCount(message) - 1, place.line)))
    }

    /// Lines from one place down to another; no more than `limit` are counted.
    mutating func distance(from start: MessageLine, to end: MessageLine, limit: Int) -> Int {
        if end.message <= start.message { return end.line - start.line }
        var lines = rowCount(start.message) - start.line
        for message in start.message + 1..<end.message {
            if lines > limit { return lines }
            lines += rowCount(message)
        }
        return lines + end.line
    }

    /// Lines between the top of the screen and the cursor.
    var distanceFromTop: Int {
        var place = top
        var lines = 0
        while place < cursor, let next = next(place), lines < 1000 {
            place = next
            lines += 1
        }
        return lines
    }

    // MARK: Landmarks

    /// The nearest line of a kind below or above the cursor in what is loaded.
    mutating func landmark(_ landmark: MessageSeek.Landmark, forward: Bool) -> MessageLine? {
        guard !blocks.isEmpty else { return nil }
        // Other calls of the message the cursor is in.
        if landmark == .toolCall {
            let rows = blocks[cursor.message].rows
            let lines =
                forward
                ? Array(rows.indices.dropFirst(cursor.line + 1)) : Array(rows.indices.prefix(cursor.line).reversed())
            if let line = lines.first(where: { Self.isCall(rows[$0]) }) {
                return MessageLine(message: cursor.message, line: line)
            }
        } else if !forward, MessageSeek.matches(blocks[cursor.message].digest, landmark) {
            let first = blocks[cursor.message].firstRow
            if cursor.line > first { return MessageLine(message: cursor.message, line: first) }
        }
        var index = cursor.message + (forward ? 1 : -1)
        while blocks.indices.contains(index) {
            if MessageSeek.matches(blocks[index].digest, landmark) {
                return place(of: landmark, in: index, last: !forward)
            }
            index += forward ? 1 : -1
        }
        return nil
    }

    /// The line of a message that a jump to it goes to.
    mutating func place(of landmark: MessageSeek.Landmark, in index: Int, last: Bool) -> MessageLine {
        lay(index)
        let rows = blocks[index].rows
        let line =
            landmark == .toolCall
            ? (last ? rows.lastIndex(where: Self.isCall) : rows.firstIndex(where: Self.isCall)) : nil
        return MessageLine(message: index, line: line ?? blocks[index].firstRow)
    }

    private static func isCall(_ row: MessageRow) -> Bool {
        if case .fold(.call) = row.kind { true } else { false }
    }
}
