internal import JSONText
public import StoredRecords

/// How far an export is.
public struct ExportProgress: Sendable, Hashable {
    public var done: Int
    /// `nil` while it is unknown.
    public var total: Int?
}

extension StoreLibrary {
    /// Writes a record into the sink, a page at a time in bounded memory.
    ///
    /// - Parameters:
    ///   - last: only the newest so many messages of a thread; `nil` means all.
    ///   - document: the name of one of several documents; `nil` means the content.
    /// Returns what was remarkable, for people. Throws `notFound` for a record
    /// that is not there and `invalid` for a format it cannot be written in.
    @discardableResult
    public func export(
        _ id: RecordID, as format: ExportFormat, last: Int? = nil, document: String? = nil, to sink: any ExportSink,
        progress: (@Sendable (ExportProgress) -> Void)? = nil
    ) async throws(StorageError) -> [String] {
        let operation = "export \(id.kind.rawValue) \(id.key)"
        let writer = ExportWriter(sink)
        if id.kind == .thread {
            try await exportThread(id, as: format, last: last, writer, operation: operation, progress)
            try await writer.flush()
            return []
        }
        let documents = try await documents(id)
        let content: RecordDocument? =
            if let document { documents.first { $0.name == document } } else {
                documents.first { $0.isContent } ?? documents.first
            }
        guard let content else {
            throw StorageError(
                .notFound, operation: operation, place: id.source,
                reason: "it has no content", help: "ctxbrowse show says what is stored of it")
        }
        var notes = content.notes
        if format == .csv {
            guard case .jsonLines(let columns) = content.format else {
                throw StorageError(
                    .invalid, operation: operation, place: id.source, reason: "it is no dataset, so not a table")
            }
            notes += try await DatasetExport(document: content, schema: columns).write(writer)
        } else {
            try await writer.put(content.bytes)
        }
        try await writer.flush()
        return notes
    }

    private func exportThread(
        _ id: RecordID, as format: ExportFormat, last: Int?, _ writer: ExportWriter, operation: String,
        _ progress: (@Sendable (ExportProgress) -> Void)?
    ) async throws(StorageError) {
        guard let record = try await summary(id) else {
            throw StorageError(.notFound, operation: operation, place: id.source, reason: "there is no such thread")
        }
        var form: any ThreadForm
        switch format {
        case .json: form = StoredThreadForm()
        case .jsonl: form = LinesThreadForm()
        case .md: form = MarkdownThreadForm()
        case .txt: form = TextThreadForm()
        case .html: form = HTMLThreadForm()
        case .csv, .stored:
            throw StorageError(
                .invalid, operation: operation, place: id.source,
                reason: "a thread cannot be written as \(format.rawValue)",
                help: "it can be json, jsonl, md, txt or html")
        }
        var cursor = MessageCursor(library: self, id: id, last: last)
        var page = try await cursor.next()
        let about = format == .json ? try await documents(id) : []
        try await form.begin(
            ExportedThread(record: record, documents: about, omitted: cursor.omitted), writer)
        var done = 0
        while let messages = page {
            for message in messages { try await form.message(message, writer) }
            done += messages.count
            progress?(ExportProgress(done: done, total: cursor.total))
            page = try await cursor.next()
        }
        try await form.end(writer)
    }
}

/// The messages of a thread, page after page from the oldest wanted to the newest.
public struct MessageCursor: Sendable {
    private static let pageSize = 200

    private let library: StoreLibrary
    private let id: RecordID
    private let last: Int?
    private var start: PageRequest.Start? = .first
    private var remaining: Int?
    /// How many older messages are passed over; known after the first page.
    public private(set) var omitted = 0
    /// How many messages there are to read; known after the first page.
    public private(set) var total: Int?

    public init(library: StoreLibrary, id: RecordID, last: Int?) {
        self.library = library
        self.id = id
        self.last = last
    }

    /// The next page; `nil` at the end.
    public mutating func next() async throws(StorageError) -> [StoredMessage]? {
        guard let start else { return nil }
        var page = try await library.messages(id, PageRequest(start, limit: Self.pageSize))
        if total == nil, let count = page.total.number {
            omitted = max(0, count - (last ?? count))
            total = count - omitted
            if omitted > 0 {
                page = try await library.messages(id, PageRequest(.position(omitted), limit: Self.pageSize))
            }
        }
        self.start = page.next.map { .after($0) }
        return page.items
    }
}
