internal import StoredRecords

/// One act on many records, under way: a job that takes a record after the other.
///
/// Each record has its own plan, conflict check and recovery entry; what fails
/// is told of and the next one is tried.
struct BulkRun: Sendable, Equatable {
    enum Work: Sendable, Equatable {
        case change(ChangeRequest)
        case export(directory: String, format: String)
    }

    /// What an answer is to.
    enum Step: Sendable, Equatable {
        case plan
        case change(ChangePlan)
        case summary
        case forms(RecordSummary)
        case export(ExportOrder)
    }

    /// Failures that are told of one by one; of the others their number, and each row says why.
    static let toldFailures = 100
    /// After so many records in a row that could not be reached, a source is given up.
    static let patience = 3

    let word: String
    let work: Work
    let count: Int
    /// Kinds that are left out, each with its source.
    let leftOut: Set<Marks.Group>
    private let items: [Mark?]
    private var next = 0
    var job: RequestID?
    var current: Mark?
    /// Ends after the present record, as the user asked.
    var isStopping = false

    private(set) var done = 0
    private(set) var failed = 0
    /// Records on which there was nothing to do.
    private(set) var unchanged = 0
    private(set) var messages = 0
    private(set) var failures: [String] = []
    /// What the changes left in the recovery journal; the first names the act.
    var entries: [String] = []
    var notes: [String] = []
    var sources: Set<String> = []
    /// Contexts that stay listed without their messages.
    var emptied = 0
    private var unreachable: [String: Int] = [:]
    private(set) var givenUp: [String: Int] = [:]

    init(_ work: Work, word: String, _ dialog: BulkDialog) {
        self.work = work
        self.word = word
        count = dialog.count
        leftOut = Set(dialog.leftOut.map { Marks.Group(kind: $0.kind, source: $0.source) })
        items = dialog.marks.slots
    }

    /// Records that were looked at, whatever came of it.
    var handled: Int { done + failed + unchanged + givenUp.values.reduce(0, +) }

    var left: Int { max(0, count - handled) }

    /// The next record to be acted on; `nil` at the end.
    mutating func takeNext() -> Mark? {
        while next < items.count {
            defer { next += 1 }
            guard let mark = items[next], !leftOut.contains(mark.group) else { continue }
            if unreachable[mark.id.source, default: 0] >= Self.patience {
                givenUp[mark.id.source, default: 0] += 1
                continue
            }
            current = mark
            sources.insert(mark.id.source)
            return mark
        }
        current = nil
        return nil
    }

    /// What a change is told it is a part of.
    var group: ChangeGroup { entries.first.map { .of(entry: $0) } ?? .first }

    mutating func succeeded(dropped: Int = 0) {
        done += 1
        messages += dropped
        if let source = current?.id.source { unreachable[source] = 0 }
    }

    mutating func leftAlone() {
        unchanged += 1
    }

    mutating func failed(_ reason: String, isUnreachable: Bool) {
        failed += 1
        guard let current else { return }
        unreachable[current.id.source] = isUnreachable ? unreachable[current.id.source, default: 0] + 1 : 0
        if failures.count < Self.toldFailures {
            failures.append("\(current.id.kind.rawValue) \(current.name) in \(current.id.source): \(reason)")
        }
    }
}
