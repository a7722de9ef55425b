internal import StoredRecords

extension RecordList {
    /// Makes `rows` from the windows; what `anchor` names keeps its place on the screen.
    mutating func merge(height: Int) {
        let line = cursor - top
        let wantsPlace = anchor == .record && selected != nil
        join()
        let merged = Self.merge(windows.filter(\.isJoined).map(\.window), order)
        rows = merged.rows
        offset = merged.offset
        switch anchor {
        case .top:
            cursor = 0
            top = 0
        case .bottom:
            cursor = max(0, rows.count - 1)
            top = max(0, rows.count - height)
        case .record:
            if wantsPlace, let index = rows.firstIndex(where: { $0.id == selected }) {
                cursor = index
                top = max(0, index - line)
            } else {
                cursor = setCursorIndex(cursor)
            }
        }
        if let sought {
            if let index = rows.firstIndex(where: { $0.id == sought }) { cursor = index }
            if windows.allSatisfy({ $0.isAnswered || $0.error != nil }) {
                self.sought = nil
                anchor = .record
            }
        }
        selected = rows.isEmpty ? selected : rows[cursor].id
        scroll(height: height)
        evict(height: height)
        findRange()
    }

    /// Takes in the windows of sources that answered, as soon as doing so does
    /// not hide the selected record.
    private mutating func join() {
        for index in windows.indices where windows[index].isAnswered && !windows[index].isJoined {
            let others = windows.indices.filter { windows[$0].isJoined }.map { windows[$0].window }
            if anchor == .record, let selected, others.contains(where: { $0.contains(selected) }) {
                let trial = Self.merge(others + [windows[index].window], order)
                guard trial.rows.contains(where: { $0.id == selected }) else {
                    // It is still catching up: only its foremost page is of use.
                    let count = windows[index].window.count
                    windows[index].window.keep(max(0, count - Self.pageSize)..<count)
                    continue
                }
            }
            windows[index].isJoined = true
        }
    }

    /// Merges the runs of items that are surely neighbours in the whole list.
    static func merge(
        _ windows: [PageWindow<RecordSummary>], _ order: RecordOrder
    ) -> (rows: [RecordSummary], offset: Int?) {
        if windows.count == 1 { return (windows[0].items, windows[0].start) }
        let runs = windows.map(\.items)
        var next = Array(repeating: 0, count: runs.count)
        var rows: [RecordSummary] = []
        /// How many of the first rows may lack neighbours that lie before a window.
        var uncertain = 0
        merging: while true {
            var best: Int?
            for index in runs.indices {
                guard next[index] < runs[index].count else {
                    if !windows[index].isAtEnd { break merging }
                    continue
                }
                guard let other = best else {
                    best = index
                    continue
                }
                if order.isBefore(runs[index][next[index]], runs[other][next[other]]) { best = index }
            }
            guard let best else { break }
            if next[best] == 0, !windows[best].isAtStart { uncertain = rows.count }
            rows.append(runs[best][next[best]])
            next[best] += 1
        }
        if runs.indices.contains(where: { next[$0] == 0 && !windows[$0].isAtStart && !runs[$0].isEmpty }) {
            uncertain = rows.count
        }
        let starts = windows.compactMap(\.start)
        let offset = starts.count == windows.count ? starts.reduce(uncertain, +) : nil
        return (Array(rows.dropFirst(uncertain)), offset)
    }

    /// Drops pages of a long list that are far from the screen.
    private mutating func evict(height: Int) {
        // A range that is being chosen stays whole.
        guard !rows.isEmpty, rangeStart == nil, windows.contains(where: { $0.window.count > Self.heldItems }) else {
            return
        }
        let order = order
        let reach = Self.heldItems / 3
        let low = rows[max(0, top - reach)]
        let high = rows[min(rows.count - 1, top + height + reach)]
        var dropped = false
        for index in windows.indices where windows[index].window.count > Self.heldItems {
            guard !windows[index].isLoading else { continue }
            let items = windows[index].window.items
            let from = items.firstIndex { !order.isBefore($0, low) } ?? items.count
            let to = items.lastIndex { !order.isBefore(high, $0) }.map { $0 + 1 } ?? 0
            guard from < to else { continue }
            windows[index].window.keep(from..<to)
            dropped = true
        }
        guard dropped else { return }
        let line = cursor - top
        let merged = Self.merge(windows.filter(\.isJoined).map(\.window), order)
        rows = merged.rows
        offset = merged.offset
        if let place = rows.firstIndex(where: { $0.id == selected }) { cursor = place }
        top = max(0, cursor - line)
        scroll(height: height)
    }
}

extension PageWindow where Item == RecordSummary {
    func contains(_ id: RecordID) -> Bool {
        pages.contains { page in page.items.contains { $0.id == id } }
    }
}
