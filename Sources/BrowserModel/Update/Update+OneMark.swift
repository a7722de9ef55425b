internal import StoredRecords

/// Acts on exactly one marked record: asked and done as on the record in focus.
extension BrowserState {
    mutating func openAlone(_ act: BulkDialog.Act, _ mark: Mark) {
        if let obstacle = openBulkObstacle(to: act, mark.group) {
            return tell(.warning, "the marked record cannot be changed: \(obstacle)")
        }
        if let record = listed(mark.id) { return open(act, of: record) }
        send(.summary(mark.id), .alone(act), "read \(mark.id.key)", screen: top.id)
    }

    /// The marked record was not at hand and has been read.
    mutating func takeAlone(_ answer: Answer, _ job: InFlight, _ act: BulkDialog.Act) {
        switch answer {
        case .summary(let record?):
            // What the user turned to meanwhile is not taken away.
            guard job.screen == top.id, dialog == nil, input == nil else { return }
            open(act, of: record)
        case .summary(nil): tell(.warning, "the marked record is not there any more; Esc takes the mark off")
        case .failed(let error): tell(error)
        default: break
        }
    }

    /// A record as some list shows it; `nil` when none has it on hand.
    func listed(_ id: RecordID) -> RecordSummary? {
        for case .browse(let screen) in screens.reversed() {
            if let record = screen.lists[id.kind]?.rows.first(where: { $0.id == id }) { return record }
        }
        return nil
    }

    private mutating func open(_ act: BulkDialog.Act, of record: RecordSummary) {
        switch act {
        case .delete: openChange(.delete, of: record)
        case .trim: beginTrim(record)
        case .export: openExport(of: record)
        }
    }
}
