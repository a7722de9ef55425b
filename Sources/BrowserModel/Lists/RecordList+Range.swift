internal import StoredRecords

/// A range of rows being chosen, from where it was begun to the cursor.
extension RecordList {
    /// The chosen rows; `nil` while no range is open.
    public var range: ClosedRange<Int>? {
        guard rangeStart != nil, !rows.isEmpty else { return nil }
        return min(rangeRow, cursor)...max(rangeRow, cursor)
    }

    mutating func beginRange() {
        guard let record = selectedRecord else { return }
        rangeStart = record.id
        rangeRow = cursor
    }

    mutating func endRange() {
        rangeStart = nil
    }

    /// Finds the row where the range begins again, after rows have come or gone.
    mutating func findRange() {
        guard let start = rangeStart else { return }
        if let row = rows.firstIndex(where: { $0.id == start }) {
            rangeRow = row
        } else if rows.indices.contains(cursor) {
            // The record is gone: the range begins anew where the cursor is.
            beginRange()
        } else {
            endRange()
        }
    }

    /// Whether every record of the list is among its rows.
    var isWhole: Bool {
        isAtStart && isAtEnd && windows.allSatisfy { $0.isJoined && !$0.isLoading && $0.error == nil }
    }
}
