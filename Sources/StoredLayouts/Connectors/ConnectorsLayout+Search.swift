internal import StoredRecords

extension ConnectorsLayout {
    public func look(
        for query: SearchQuery, telling receive: @escaping @Sendable (SearchNews) -> StreamControl
    ) async throws(StorageError) {
        let delivery = SearchDelivery(query, receive)
        guard delivery.wants(.index) else { return }
        let entries = try await shelf.entries().entries.sorted {
            $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
        }
        for entry in entries {
            try requireNotCancelled("search indexes", place: shelf.place)
            let record = try await summaries(of: [entry])[0]
            if query.text.matches(record) { _ = delivery.hit(SearchHit(record: record, excerpt: excerpt(record))) }
            if let piece = entry.state, piece.problem == nil, let bytes = try await shelf.read(.state, of: entry) {
                // What cannot be read to its end is in the record's notes already.
                _ = IndexFacts.forEachPath(in: bytes) { path, place, range in
                    if Task.isCancelled || delivery.isStopped { return .stop }
                    guard query.text.matches([path]) else { return .more }
                    return delivery.hit(
                        SearchHit(
                            record: record, document: IndexPart.state.fileName, range: range, path: place,
                            excerpt: path))
                }
            }
            if delivery.looked(records: 1) == .stop { return }
        }
        try requireNotCancelled("search indexes", place: shelf.place)
    }

    private func excerpt(_ record: RecordSummary) -> String {
        guard case .index(let detail) = record.detail, !detail.origin.isEmpty else { return record.id.key }
        return "\(record.id.key): \(detail.origin)"
    }
}
