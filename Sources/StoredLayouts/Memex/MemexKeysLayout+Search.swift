internal import EngineCore
internal import JSONText
public import StoredRecords

extension MemexKeysLayout {
    /// Thread by thread in byte order of the ids: the thread itself, then its messages.
    public func look(
        for query: SearchQuery, telling receive: @escaping @Sendable (SearchNews) -> StreamControl
    ) async throws(StorageError) {
        let delivery = SearchDelivery(query, receive)
        guard delivery.wants(.thread) else { return }
        let excerpt = SearchExcerpt(query.text)
        for batch in Self.batches(try await entries().entries) {
            try requireNotCancelled("search threads", place: engine.place)
            let readable = batch.filter { $0.info?.type == .string }
            var values = try await engine.strings(readable.map { keys.thread($0.id) })[...]
            for entry in batch {
                let isReadable = entry.info?.type == .string
                let bytes = isReadable ? try values.popFirst()?.get() ?? nil : nil
                let document = bytes.map { MemexDocument($0) }
                if search(document, summary(entry, document), excerpt, delivery) == .stop { return }
            }
        }
    }

    /// Threads whose values are read in one round trip: so many, and no more bytes than that unless one alone has more.
    private static func batches(_ entries: [MemexKeyEntry]) -> [[MemexKeyEntry]] {
        let most = (entries: 64, bytes: 8 << 20)
        var batches: [[MemexKeyEntry]] = []
        var bytes = 0
        for entry in entries {
            let size = entry.info?.size ?? 0
            if let last = batches.last, last.count < most.entries, bytes + size <= most.bytes {
                batches[batches.count - 1].append(entry)
                bytes += size
            } else {
                batches.append([entry])
                bytes = size
            }
        }
        return batches
    }

    private func search(
        _ document: MemexDocument?, _ record: RecordSummary, _ excerpt: SearchExcerpt, _ delivery: SearchDelivery
    ) -> StreamControl {
        let filter = delivery.query.text
        let own = [record.title, record.metadata?.plain ?? "", record.id.key].filter { !$0.isEmpty }
        if filter.matches(own) { _ = delivery.hit(SearchHit(record: record, excerpt: excerpt.text(own))) }
        guard let document else { return delivery.looked(records: 1) }
        if !document.isThread {
            let text = document.bytes.lossyText
            if filter.matches([text]) {
                _ = delivery.hit(SearchHit(record: record, document: "value", excerpt: excerpt.text([text])))
            }
        }
        for position in document.messages.indices {
            let (value, bytes) = document.message(at: position)
            let message = MemexElementDecoding.message(value, bytes: bytes, position: position)
            var fields = [message.plainText, message.id ?? "", message.role.rawValue, message.name ?? ""]
            fields += message.toolCalls.flatMap { [$0.name, $0.arguments?.plain ?? ""] }
            fields.append(message.metadata?.plain ?? "")
            guard filter.matches(fields) else { continue }
            if delivery.isFull(record.id) {
                if delivery.further(record.id, 1) == .stop { return .stop }
                continue
            }
            let hit = SearchHit(
                record: record, message: position, role: message.role,
                excerpt: excerpt.text(fields.filter { !$0.isEmpty }))
            if delivery.hit(hit) == .stop { return .stop }
        }
        return delivery.looked(records: 1, messages: document.messages.count)
    }
}
