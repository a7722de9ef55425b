internal import StoredRecords
internal import TerminalSurface

extension ThreadScreen {
    /// A line of a message told by the text it shows, which stays when lines are laid out anew.
    struct Anchor: Equatable {
        var part: Int
        var source: Int
        /// Which of the lines that the source line became.
        var piece: Int
    }

    /// Lays a message out unless it is laid out already as it should be.
    mutating func lay(_ index: Int) {
        guard blocks.indices.contains(index), !blocks[index].isLaid else { return }
        blocks[index].layOut(surroundings(of: index), form, folds)
    }

    mutating func layVisible(height: Int) {
        var index = top.message
        var lines = -top.line
        while blocks.indices.contains(index), lines < height {
            lay(index)
            lines += blocks[index].rows.count
            index += 1
        }
    }

    private func surroundings(of index: Int) -> Surroundings {
        let block = blocks[index]
        var around = Surroundings()
        around.isFirst = index == 0
        around.beginsThread = index == 0 && window.isAtStart
        if around.beginsThread { around.threadNotes = record.notes }
        if index > 0 {
            let previous = blocks[index - 1]
            around.isAfterCompact = MessageLayout.isCompact(previous.message, previous.digest, form, folds)
            // A message without a time is of the day of the one before it.
            for earlier in blocks[max(0, index - 20)..<index].reversed() {
                guard let created = earlier.message.created else { continue }
                around.previousDay = MessageHeading.day(of: created)
                break
            }
        }
        if !block.digest.calls.isEmpty {
            around.outcomes = block.digest.calls.indices.map { result(of: $0, in: index) }
            around.knowsOutcomes = index + 1 < blocks.count || window.isAtEnd
        }
        if let result = block.digest.result { around.call = call(of: result, in: index) }
        around.partCalls = block.digest.partResults.map { $0.callID.flatMap { calls[$0] } }
        return around
    }

    // MARK: Calls and results

    /// Finds the pairs among the messages that are loaded.
    mutating func pair() {
        calls = [:]
        results = [:]
        for block in blocks {
            for call in block.digest.calls {
                if let id = call.id { calls[id] = call }
            }
            if let result = block.digest.result, let id = result.callID { results[id] = result }
            for result in block.digest.partResults {
                if let id = result.callID { results[id] = result }
            }
        }
        // What was laid out without knowing its neighbours is laid out again.
        for index in blocks.indices where blocks[index].isLaid {
            if blocks[index].around != surroundings(of: index) { blocks[index].forgetRows() }
        }
    }

    private func result(of number: Int, in index: Int) -> ToolResultFacts? {
        if let id = blocks[index].digest.calls[number].id, let result = results[id] { return result }
        // Results that name no call follow their calls in the same order.
        let at = index + 1 + number
        guard blocks.indices.contains(at), blocks[(index + 1)...at].allSatisfy({ $0.digest.result != nil }) else {
            return nil
        }
        let result = blocks[at].digest.result
        return result?.callID == nil ? result : nil
    }

    private func call(of result: ToolResultFacts, in index: Int) -> ToolCallFacts? {
        if let id = result.callID { return calls[id] }
        var first = index
        while first > 0, blocks[first - 1].digest.result != nil, index - first < 32 { first -= 1 }
        guard first > 0 else { return nil }
        let calls = blocks[first - 1].digest.calls
        let number = index - first
        return calls.indices.contains(number) ? calls[number] : nil
    }

    // MARK: Laying out anew

    /// Fits the screen to a new width.
    mutating func reflow(columns: Int, height: Int) {
        layout = ThreadLayout(columns: columns)
        if !hasList { isListFocused = false }
        var form = form
        form.measure = layout.measure
        form.room = layout.room
        layAnew(form, folds, height: height)
    }

    /// Lays out what is seen in another form, keeping the line of the cursor where it is on the screen.
    mutating func layAnew(_ form: ReadingForm, _ folds: MessageFolds, height: Int) {
        let isChange = form != self.form || folds != self.folds
        let line = min(distanceFromTop, max(0, height - 1))
        let anchor = anchor
        self.form = form
        self.folds = folds
        if isChange {
            for index in blocks.indices { blocks[index].forgetRows() }
        }
        guard !blocks.isEmpty else { return }
        cursor.message = max(0, min(blocks.count - 1, cursor.message))
        lay(cursor.message)
        restore(anchor, in: cursor.message)
        top = cursor
        for _ in 0..<line { moveTopUp() }
        scroll(height: height)
    }

    private mutating func moveTopUp() {
        if top.line > 0 {
            top.line -= 1
        } else if top.message > 0 {
            lay(top.message - 1)
            top = MessageLine(message: top.message - 1, line: max(0, blocks[top.message - 1].rows.count - 1))
        }
    }

    /// What the line of the cursor shows.
    var anchor: Anchor {
        guard let row = cursorRow else { return Anchor(part: -1, source: 0, piece: 0) }
        let rows = blocks[cursor.message].rows
        let first = rows.firstIndex { $0.part == row.part && $0.source == row.source } ?? cursor.line
        return Anchor(part: row.part, source: row.source, piece: cursor.line - first)
    }

    /// Puts the cursor on the line that shows what an anchor tells of.
    mutating func restore(_ anchor: Anchor, in index: Int) {
        let block = blocks[index]
        cursor.message = index
        guard anchor.part >= 0, let row = block.row(ofPart: anchor.part, source: anchor.source) else {
            cursor.line = block.firstRow
            return
        }
        let rows = block.rows
        let group = rows[row...].prefix { $0.part == rows[row].part && $0.source == rows[row].source }
        cursor.line = row + min(anchor.piece, max(0, group.count - 1))
    }

    // MARK: Folding

    /// Folds or unfolds what the line of the cursor stands for; `false` when it stands for nothing.
    mutating func toggleFold(height: Int) -> Bool {
        guard let row = cursorRow, let message = current else { return false }
        guard let item = row.fold ?? foldAround(row) else { return false }
        var folds = folds
        folds.toggle(item, of: message)
        let line = distanceFromTop
        self.folds = folds
        for index in [cursor.message, cursor.message + 1] where blocks.indices.contains(index) {
            blocks[index].forgetRows()
        }
        lay(cursor.message)
        if let line = blocks[cursor.message].rows.firstIndex(where: { $0.fold == item }) {
            cursor.line = line
        } else if case .data(let part, let source) = item {
            restore(Anchor(part: part, source: source, piece: 0), in: cursor.message)
        } else {
            cursor.line = blocks[cursor.message].firstRow
        }
        top = cursor
        for _ in 0..<line { moveTopUp() }
        scroll(height: height)
        return true
    }

    /// The open call, result or prompt that a line is inside of.
    private func foldAround(_ row: MessageRow) -> FoldItem? {
        guard row.kind == .text, row.part >= 0,
            let block = blocks.indices.contains(cursor.message) ? blocks[cursor.message] : nil
        else { return nil }
        for above in block.rows[..<cursor.line].reversed() {
            guard let item = above.fold else { continue }
            if case .call = item { return above.part == row.part ? item : nil }
            if case .partResult = item { return above.part == row.part ? item : nil }
            if case .data = item { continue }
            return item
        }
        return nil
    }

    mutating func toggleAllFolds(height: Int) {
        var folds = folds
        folds.toggleAll()
        layAnew(form, folds, height: height)
    }
}
