internal import JSONText
public import StoredRecords
internal import TerminalSurface

/// The pane beside a list: the beginning of the selected record.
///
/// What is shown stays until the next record's first page is there.
public struct Preview: Sendable, Equatable {
    /// Milliseconds the cursor rests before a record is read.
    static let pause: Int64 = 80
    static let messages = 20
    /// Larger documents are not read for a preview.
    static let documentBytes: Int64 = 262_144

    enum Content: Sendable, Equatable {
        case nothing
        case messages(Page<StoredMessage>)
        case documents([RecordDocument])
        case failure(StorageError)
    }

    /// What is shown.
    public internal(set) var record: RecordSummary?
    var content = Content.nothing
    public internal(set) var lines: [StyledLine] = []
    public internal(set) var top = 0
    var width = 0
    /// The ages that the lines tell, and the moment they tell them of.
    private(set) var ages: [AgedLines] = []
    private(set) var told = Timestamp(seconds: 0)
    /// What is to be shown next, and when it is asked for.
    var wanted: RecordSummary?
    var due: Timestamp?
    var request: RequestID?

    mutating func show(_ record: RecordSummary, _ content: Content, width: Int, now: Timestamp) {
        let isSame = record.id == self.record?.id
        self.record = record
        self.content = content
        if !isSame { top = 0 }
        layOut(width: width, now: now)
    }

    mutating func clear() {
        self = Preview()
    }

    mutating func layOut(width: Int, now: Timestamp) {
        self.width = width
        told = now
        ages = []
        guard let record else {
            lines = []
            return
        }
        lines = RecordFacts.lines(record, width: width, now: now)
        ages = record.toldTimes.map { AgedLines(lines: 0..<lines.count, time: $0) }
        lines.append(.empty)
        switch content {
        case .nothing: break
        case .failure(let error):
            lines += StyledLine.wrapped([Span(Sanitizer.visible(error.description), .error)], width: width)
        case .messages(let page):
            let glance = MessageGlance.lines(page.items, width: width, now: now)
            ages += glance.ages.map {
                AgedLines(lines: $0.line + lines.count..<$0.line + lines.count + 1, time: $0.time)
            }
            lines += glance.lines
            if page.next != nil {
                lines.append(StyledLine("… more; Enter opens the thread", .dim))
            }
        case .documents(let documents):
            for document in documents { lines += DocumentGlance.lines(document, width: width) }
        }
        top = max(0, min(top, lines.count - 1))
    }

    mutating func scroll(by count: Int, height: Int) {
        top = max(0, min(top + count, lines.count - height))
    }
}
