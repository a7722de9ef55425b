internal import EngineCore
internal import JSONText
public import StoredRecords

extension MemexKeysLayout {
    /// Thread by thread in byte order of the ids: the thread itself, then its messages.
    public func search(
        _ query: SearchQuery, _ receive: @escaping @Sendable (SearchHit) -> StreamControl
    ) async throws(StorageError) {
        guard query.kinds.isEmpty || query.kinds.contains(.thread) else { return }
        let excerpt = SearchExcerpt(query.text)
        for entry in try await entries().entries {
            try requireNotCancelled("search threads", place: engine.place)
            let document = entry.info?.type == .string ? try await document(entry) : nil
            let record = summary(entry, document)
            let own = [record.title, record.metadata?.plain ?? "", record.id.key].filter { !$0.isEmpty }
            if query.text.matches(own) {
                if receive(SearchHit(record: record, excerpt: excerpt.text(own))) == .stop { return }
            }
            guard let document else { continue }
            if !document.isThread {
                let text = document.bytes.lossyText
                let hit = SearchHit(record: record, document: "value", excerpt: excerpt.text([text]))
                if query.text.matches([text]), receive(hit) == .stop { return }
            }
            for position in document.messages.indices {
                let (value, bytes) = document.message(at: position)
                let message = MemexElementDecoding.message(value, bytes: bytes, position: position)
                var fields = [message.plainText, message.id ?? "", message.role.rawValue, message.name ?? ""]
                fields += message.toolCalls.flatMap { [$0.name, $0.arguments?.plain ?? ""] }
                fields.append(message.metadata?.plain ?? "")
                guard query.text.matches(fields) else { continue }
                let hit = SearchHit(
                    record: record, message: position, excerpt: excerpt.text(fields.filter { !$0.isEmpty }))
                if receive(hit) == .stop { return }
            }
        }
    }
}
