internal import BrowserModel
internal import StoredRecords

/// Reads what is to be compared, and compares it.
extension EffectRunner {
    func compare(_ pair: DiffScreen.Pair, _ id: RequestID) async throws(StorageError) -> Comparison {
        let comparison: Comparison?
        switch pair {
        case .documents(let left, let right):
            comparison = Comparison.of(
                left, right, isCancelled: { Task.isCancelled }, report: progress(id, "bytes"))
        case .records(let left, let right):
            let mine = try await read(left, id)
            let theirs = try await read(right, id)
            comparison = Comparison.of(
                mine, theirs, isCancelled: { Task.isCancelled }, report: progress(id, "bytes"))
        }
        guard let comparison else { throw Self.cancelled("compare") }
        return comparison
    }

    private func read(_ record: RecordID, _ id: RequestID) async throws(StorageError) -> ComparedRecord {
        let library = try opened()
        let metadata = try await library.summary(record)?.metadata
        guard record.kind == .thread else {
            return ComparedRecord(documents: try await library.documents(record), metadata: metadata)
        }
        var messages: [StoredMessage] = []
        var start = PageRequest.Start.first
        while messages.count < ComparedRecord.mostMessages {
            let page = try await library.messages(record, PageRequest(start, limit: 500))
            messages += page.items
            guard let next = page.next, !page.items.isEmpty else {
                return ComparedRecord(messages: messages, of: nil, metadata: metadata)
            }
            start = .after(next)
            tell(id, Progress(done: messages.count, total: nil, unit: "messages"))
        }
        let total = try await library.summary(record)?.messages
        return ComparedRecord(messages: messages, of: total ?? messages.count + 1, metadata: metadata)
    }
}
