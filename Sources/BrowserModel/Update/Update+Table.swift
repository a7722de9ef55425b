internal import JSONText
internal import StoredRecords

/// Sorting, filtering and adding up the table on the screen.
extension BrowserState {
    var tableTop: TablePane? {
        guard let pane = documentTop?.pane, pane.form == .table else { return nil }
        return pane.table
    }

    private var tableLines: Int { max(1, layout.contentLines - 1) }

    func reasonAgainst(table command: Command) -> String? {
        guard let table = tableTop else { return nil }
        if table.storedCount == 0 { return "the table has no rows" }
        if command == .openCell, table.rowCount == 0 { return "no row is shown" }
        return nil
    }

    /// Up, down, and as stored again.
    mutating func sortTable() {
        guard let table = tableTop else { return }
        let column = table.column
        let sort: TableSort? =
            switch table.sort {
            case let sort? where sort.column == column:
                sort.isDescending ? nil : TableSort(column: column, isDescending: true)
            default: TableSort(column: column, isDescending: false)
            }
        arrangeTable(sort, table.filter)
    }

    mutating func openRowFilter() {
        guard let table = tableTop else { return }
        input = Input(.filterRows, table.filter)
    }

    mutating func filterRows(_ text: String) {
        guard let table = tableTop else { return }
        let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        if words != table.filter { arrangeTable(table.sort, words) }
    }

    /// Takes the filter away; `false` when there is none.
    mutating func clearRowFilter() -> Bool {
        guard let table = tableTop, !table.filter.isEmpty else { return false }
        arrangeTable(table.sort, "")
        return true
    }

    private mutating func arrangeTable(_ sort: TableSort?, _ filter: String) {
        guard let screen = documentTop, let table = tableTop else { return }
        for job in jobs where job.screen == screen.id {
            switch job.purpose {
            case .arrange, .summarize, .findAll: cancel(job.id)
            default: break
            }
        }
        let lines = tableLines
        guard sort != nil || !filter.isEmpty else {
            editPane { pane in
                pane.table?.sort = nil
                pane.table?.filter = ""
                pane.find.places = nil
                pane.table?.arrange(nil, height: lines)
            }
            return summarizeColumn()
        }
        let arrangement = TableArrangement(rows: table.storedRows, sort: sort, filter: filter)
        let act = sort == nil ? "filter" : "sort"
        send(.arrange(arrangement), .arrange(sort, filter), "\(act) the rows", screen: screen.id)
    }

    mutating func takeArranged(_ answer: Answer, _ job: InFlight, _ sort: TableSort?, _ filter: String) {
        guard documentTop?.id == job.screen else { return }
        let lines = tableLines
        switch answer {
        case .arranged(let rows):
            editPane { pane in
                pane.table?.sort = sort
                pane.table?.filter = filter
                pane.find.places = nil
                pane.table?.arrange(rows, height: lines)
            }
            if rows.isEmpty { tell(.info, "no row fits \"\(filter)\"; Esc shows all rows") }
            summarizeColumn()
            countMatches()
        case .failed(let error): tell(error)
        default: break
        }
    }

    // MARK: Sums

    /// Has the column in focus added up, unless that is known.
    mutating func summarizeColumn() {
        guard let screen = documentTop, let table = tableTop, table.statistics[table.column] == nil,
            table.storedCount > 0
        else { return }
        for job in jobs where job.screen == screen.id {
            if case .summarize = job.purpose { cancel(job.id) }
        }
        send(
            .summarize(table.shownRows, column: table.column), .summarize(column: table.column),
            "add up \(table.columns[table.column].name)", screen: screen.id)
    }

    mutating func takeSummarized(_ answer: Answer, _ job: InFlight, _ column: Int) {
        guard documentTop?.id == job.screen, case .summarized(let statistics) = answer else { return }
        editPane { $0.table?.statistics[column] = statistics }
    }

    // MARK: Moving

    mutating func moveColumn(by count: Int) {
        let width = layout.contentWidth
        editPane { $0.table?.moveColumn(by: count, width: width) }
        summarizeColumn()
    }

    /// Goes to `[row].column`; either part may be missing.
    mutating func goToCell(_ path: String) {
        guard let table = tableTop else { return }
        let width = layout.contentWidth
        let lines = tableLines
        for step in PathText.steps(path) ?? [] {
            switch step {
            case .index(let row):
                guard row >= 0, row < table.storedCount else {
                    return tell(
                        .warning, "the table has \(Words.count(table.storedCount, "rows")): [\(row)] is not there")
                }
                if let order = table.order, !order.contains(UInt32(row)) {
                    return tell(.warning, "row [\(row)] is not among those the filter shows")
                }
                editPane { $0.table?.moveTo(stored: row, height: lines) }
            case .key(let name):
                guard let column = table.columns.firstIndex(where: { $0.name == name }) else {
                    return tell(.warning, "the table has no column \"\(name)\"")
                }
                editPane { $0.table?.moveTo(column: column, width: width) }
            }
        }
        summarizeColumn()
    }

    mutating func openCell() {
        guard let screen = documentTop, let table = tableTop else { return }
        guard let document = table.documentOfCell else { return tell(.info, "this is all of the value") }
        push(.document(DocumentScreen(id: newScreenID(), record: screen.record, parts: [document])))
        prepareDocuments()
    }

    // MARK: Search

    /// Goes to the next row that holds what is looked for, once they are known.
    mutating func findInTable(forward: Bool) {
        guard let pane = documentTop?.pane, let table = pane.table else { return }
        editPane {
            $0.find.isForward = forward
            $0.find.note = ""
        }
        guard let places = pane.find.places else {
            editPane { $0.find.waitsForPlaces = true }
            return
        }
        guard let first = places.offsets.first, let last = places.offsets.last else {
            let part = places.isComplete ? "" : " as far as it was searched"
            return tell(.warning, "\"\(pane.find.text)\" is in no row that is shown\(part)")
        }
        let from = table.match == table.cursor ? table.cursor : forward ? table.cursor - 1 : table.cursor + 1
        let found = forward ? places.next(after: from) : places.last(before: from)
        let lines = tableLines
        editPane { pane in
            if found == nil { pane.find.note = forward ? "from the beginning again" : "from the end again" }
            let row = found ?? (forward ? first : last)
            pane.table?.land(on: row, height: lines)
            pane.table?.match = row
        }
    }
}
