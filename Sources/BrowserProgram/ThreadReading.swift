internal import BrowserModel
internal import ContextStores
internal import StoredRecords

/// Reads a thread page by page. A search holds no more than a page of it.
struct ThreadReading {
    let library: any BrowserLibrary
    let record: RecordID
    let report: @Sendable (Progress) -> Void

    /// Reads all of the thread for a text, first from the message the search begins at, then what is before it.
    func find(
        _ find: ThreadFind, _ tell: @Sendable (ThreadFindings) -> Void
    ) async throws(StorageError) -> ThreadFindings {
        var done = 0
        var total: Int?
        func read(_ start: PageRequest.Start, to end: Int) async throws(StorageError) {
            var next: PageRequest? = PageRequest(start, limit: ThreadFind.pageSize)
            while let request = next {
                let page = try await messages(request)
                let items = page.items.filter { $0.position < end }
                total = page.total.number ?? total
                done += items.count
                let hits = items.compactMap { find.hits(in: $0) { Task.isCancelled } }
                if let first = items.first, let last = items.last {
                    tell(ThreadFindings(hits: hits, read: first.position..<last.position + 1))
                }
                report(Progress(done: done, total: total, unit: "messages"))
                let isBeyond = (page.items.last?.position ?? .max) + 1 >= end
                next = isBeyond ? nil : page.next.map { PageRequest(.after($0), limit: ThreadFind.pageSize) }
            }
        }
        try await read(find.from == 0 ? .first : .position(find.from), to: .max)
        if find.from > 0 { try await read(.first, to: find.from) }
        return ThreadFindings(hits: [], read: 0..<find.from, isLast: true)
    }

    /// The position of the next message of a kind.
    func seek(_ seek: MessageSeek) async throws(StorageError) -> Int? {
        var done = 0
        let limit = ThreadFind.pageSize
        var next: PageRequest? = PageRequest(
            .position(seek.isForward ? seek.from + 1 : max(0, seek.from - limit)),
            limit: seek.isForward ? limit : max(1, min(limit, seek.from)))
        while let request = next {
            let page = try await messages(request)
            let items = page.items.filter { seek.isForward ? $0.position > seek.from : $0.position < seek.from }
            let found = seek.isForward ? items.first(where: seek.matches) : items.last(where: seek.matches)
            if let found { return found.position }
            done += items.count
            report(Progress(done: done, total: nil, unit: "messages"))
            next =
                seek.isForward
                ? page.next.map { PageRequest(.after($0), limit: limit) }
                : page.previous.map { PageRequest(.before($0), limit: limit) }
        }
        return nil
    }

    /// The most of a thread that is given to a program at once; an export has no such limit.
    private static let transcriptBytes = 512 << 20

    /// The whole thread as one text.
    func transcript() async throws(StorageError) -> RecordDocument {
        var text: [UInt8] = []
        var transcript = TextTranscript()
        var done = 0
        var next: PageRequest? = PageRequest(.first, limit: ThreadFind.pageSize)
        while let request = next {
            let page = try await messages(request)
            for message in page.items { text += transcript.text(of: message).utf8.dropFirst(text.isEmpty ? 1 : 0) }
            guard text.count <= Self.transcriptBytes else {
                throw StorageError(
                    .unsupported, operation: "read all messages of", place: record.key,
                    reason: "they are more than \(Words.size(Int64(Self.transcriptBytes))) of text",
                    help: "e exports the thread to a file")
            }
            done += page.items.count
            report(Progress(done: done, total: page.total.number, unit: "messages"))
            next = page.next.map { PageRequest(.after($0), limit: ThreadFind.pageSize) }
        }
        return RecordDocument(name: record.key + ".txt", format: .text, bytes: StoredBytes(text))
    }

    private func messages(_ request: PageRequest) async throws(StorageError) -> Page<StoredMessage> {
        if Task.isCancelled {
            throw StorageError(.cancelled, operation: "read messages of", place: record.key, reason: "it was cancelled")
        }
        return try await library.messages(record, request)
    }
}
