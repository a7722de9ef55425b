internal import StoredRecords

extension ConnectorsLayout {
    public func search(
        _ query: SearchQuery, _ receive: @escaping @Sendable (SearchHit) -> StreamControl
    ) async throws(StorageError) {
        guard query.kinds.isEmpty || query.kinds.contains(.index) else { return }
        let entries = try await shelf.entries().entries.sorted {
            $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
        }
        for entry in entries {
            try requireNotCancelled("search indexes", place: shelf.place)
            let record = try await summaries(of: [entry])[0]
            if query.text.matches(record), receive(SearchHit(record: record, excerpt: excerpt(record))) == .stop {
                return
            }
            guard let piece = entry.state, piece.problem == nil,
                let bytes = try await shelf.read(.state, of: entry)
            else { continue }
            var control = StreamControl.more
            // What cannot be read to its end is in the record's notes already.
            _ = IndexFacts.forEachPath(in: bytes) { path in
                if Task.isCancelled { return .stop }
                guard query.text.matches([path]) else { return .more }
                control = receive(SearchHit(record: record, document: IndexPart.state.fileName, excerpt: path))
                return control
            }
            if control == .stop { return }
        }
        try requireNotCancelled("search indexes", place: shelf.place)
    }

    private func excerpt(_ record: RecordSummary) -> String {
        guard case .index(let detail) = record.detail, !detail.origin.isEmpty else { return record.id.key }
        return "\(record.id.key): \(detail.origin)"
    }
}
