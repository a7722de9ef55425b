internal import StoredRecords

extension ThreadScreen {
    /// The pages to ask for so that there is more to read around the cursor.
    var wanted: [PageRequest] {
        guard window.isLoaded, loadingAnew == nil, error == nil else { return [] }
        var wanted: [PageRequest] = []
        if blocks.count - cursor.message <= Self.pageSize / 2, loadingAfter == nil,
            let request = window.following(limit: Self.pageSize)
        {
            wanted.append(request)
        }
        if cursor.message <= Self.pageSize / 2, loadingBefore == nil,
            let request = window.preceding(limit: Self.pageSize)
        {
            wanted.append(request)
        }
        return wanted
    }

    mutating func began(_ id: RequestID, _ request: PageRequest) {
        switch request.start {
        case .after: loadingAfter = id
        case .before: loadingBefore = id
        default: loadingAnew = id
        }
    }

    private mutating func forget(_ id: RequestID) {
        if loadingAfter == id { loadingAfter = nil }
        if loadingBefore == id { loadingBefore = nil }
        if loadingAnew == id { loadingAnew = nil }
    }

    mutating func arrived(_ page: Page<StoredMessage>, for request: PageRequest, _ id: RequestID, height: Int) {
        forget(id)
        error = nil
        let before = blocks.count
        window.insert(page, for: request)
        switch request.start {
        case .after:
            blocks += page.items.map(MessageBlock.init)
        case .before:
            blocks = page.items.map(MessageBlock.init) + blocks
            let added = blocks.count - before
            cursor.message += added
            top.message += added
            listTop += added
        default:
            blocks = page.items.map(MessageBlock.init)
        }
        // The cursor stays on what it is on, though lines above it in its message may come or go.
        let anchor = anchor
        let line = distanceFromTop
        let wasLaid = blocks.indices.contains(cursor.message) && blocks[cursor.message].isLaid
        pair()
        if goal != nil {
            reachGoal(height: height)
        } else if wasLaid, !blocks[cursor.message].isLaid {
            lay(cursor.message)
            restore(anchor, in: cursor.message)
            top = clampedPlace(cursor)
            for _ in 0..<line {
                if top.line > 0 {
                    top.line -= 1
                } else if top.message > 0 {
                    lay(top.message - 1)
                    top = MessageLine(message: top.message - 1, line: max(0, blocks[top.message - 1].rows.count - 1))
                }
            }
        } else if !wasLaid, blocks.indices.contains(cursor.message) {
            lay(cursor.message)
            cursor.line = max(cursor.line, blocks[cursor.message].firstRow)
        }
        scroll(height: height)
        evict()
    }

    /// Takes in what is known anew of the thread.
    mutating func take(_ record: RecordSummary, height: Int) {
        let hasOtherNotes = record.notes != self.record.notes
        self.record = record
        guard hasOtherNotes, !blocks.isEmpty else { return }
        blocks[0].forgetRows()
        scroll(height: height)
    }

    mutating func failed(_ error: StorageError, _ id: RequestID) {
        forget(id)
        self.error = error
    }

    private mutating func reachGoal(height: Int) {
        let goal = goal
        self.goal = nil
        guard !blocks.isEmpty else { return }
        switch goal {
        case .end: moveToEnd(height: height)
        case .message(let position):
            let index = blocks.firstIndex { $0.message.position >= position } ?? blocks.count - 1
            lay(index)
            cursor = MessageLine(message: index, line: blocks[index].firstRow)
            top = MessageLine(message: index, line: 0)
        case .landmark(let landmark, let position):
            let index = blocks.firstIndex { $0.message.position >= position } ?? blocks.count - 1
            land(on: landmark, at: place(of: landmark, in: index, last: false), isNew: true, height: height)
        case .place(let place): show(place, height: height)
        case .found(let hit): show(hit, isNew: true, height: height)
        case .hit(let position, let hit): show(position, hit, isNew: true, height: height)
        case nil: break
        }
    }

    /// Drops messages that are far from the cursor.
    mutating func evict() {
        guard blocks.count > Self.heldMessages, !isLoading else { return }
        let reach = Self.heldMessages / 2 - Self.pageSize / 2
        let before = window.items.first?.position
        window.keep(max(0, cursor.message - reach)..<min(blocks.count, cursor.message + reach))
        guard let first = window.items.first?.position, let before else { return }
        let dropped = blocks.firstIndex { $0.message.position == first } ?? 0
        if first != before {
            cursor.message -= dropped
            top.message = max(0, top.message - dropped)
            listTop = max(0, listTop - dropped)
        }
        blocks = Array(blocks.dropFirst(dropped).prefix(window.count))
        pair()
    }
}
