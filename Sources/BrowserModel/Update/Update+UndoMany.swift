internal import StoredRecords

/// Undoing an act on many records as one.
struct UndoRun: Sendable, Equatable {
    let entries: [UndoEntry]
    var next = 0
    var job: RequestID?
    /// What came back, in the order it did.
    var restored: [UndoEntry] = []
    var done: Int { restored.count }
    var failures: [String] = []
    var sources: Set<String> = []
    var isStopping = false
}

extension BrowserState {
    /// The entries that one act made and that can be undone, newest first; empty when `entry` was an act of its own.
    func entriesOfAct(with entry: UndoEntry, among entries: [UndoEntry]) -> [UndoEntry] {
        guard let group = entry.group else { return [] }
        let all = entries.filter { $0.group == group && $0.obstacle == nil }
        return all.count > 1 ? all : []
    }

    mutating func undo(_ entries: [UndoEntry]) {
        undoing = UndoRun(entries: entries)
        undoNext(nil)
    }

    private mutating func undoNext(_ job: InFlight?) {
        guard let run = undoing, run.entries.indices.contains(run.next), !run.isStopping else { return finishUndo() }
        let entry = run.entries[run.next]
        let progress = Progress(done: run.next, total: run.entries.count, unit: "records")
        let work = BrowserEffect.Work.undo(entry: entry.id, inexactly: false)
        if var job {
            job.progress = progress
            send(work, .undoMany(entry), continuing: job)
        } else {
            let id = send(work, .undoMany(entry), "undo what was done to \(Words.count(run.entries.count, "records"))")
            undoing?.job = id
        }
    }

    mutating func takeUndoneOfMany(_ answer: Answer, _ job: InFlight, _ entry: UndoEntry) {
        guard undoing?.job == job.id else { return }
        undoing?.next += 1
        undoing?.sources.insert(entry.record.source)
        switch answer {
        case .undone: undoing?.restored.append(entry)
        case .failed(let error):
            let name = entry.title.isEmpty ? entry.record.key : entry.title
            undoing?.failures.append("\(entry.record.kind.rawValue) \(name) in \(entry.record.source): \(error.reason)")
        default: break
        }
        undoNext(job)
    }

    private mutating func finishUndo() {
        guard let run = undoing else { return }
        undoing = nil
        seekRestored(run.restored)
        readAnew(run.sources)
        rereadRecovery()
        var text = "brought back \(Words.grouped(run.done)) of \(Words.count(run.entries.count, "records"))"
        if !run.failures.isEmpty { text += "; \(Words.grouped(run.failures.count)) failed, ! tells why" }
        let left = run.entries.count - run.next
        if left > 0 { text += "; stopped, \(Words.grouped(left)) are left; u goes on" }
        tell(run.failures.isEmpty ? .success : .error, text, details: run.failures)
    }
}
