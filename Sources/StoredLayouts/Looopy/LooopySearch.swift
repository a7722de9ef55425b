internal import JSONText
internal import EngineCore
internal import StoredRecords

/// Looks for words in everything a looopy store holds.
struct LooopySearch: Sendable {
    let layout: LooopyLayout
    let query: SearchQuery
    let delivery: SearchDelivery

    func run() async throws(StorageError) {
        for conversation in try await layout.tree.conversations().all {
            if delivery.wants(.thread), try await search(conversation) == .stop { return }
            if delivery.wants(.artifact) {
                let found = try await layout.artifacts.find(conversation).found
                for (artifact, summary) in zip(found, try await layout.artifacts.summaries(found)) {
                    if try await search(.artifact(artifact), summary) == .stop { return }
                }
            }
            if delivery.wants(.task) {
                for task in try await layout.tasks.find(conversation).found {
                    guard let summary = try await layout.tasks.summaries([task]).first else { continue }
                    if try await search(.task(task), summary) == .stop { return }
                }
            }
        }
    }

    /// Its own title and facts first, then its messages in their order.
    private func search(_ conversation: LooopyConversation) async throws(StorageError) -> StreamControl {
        guard let partial = try await layout.threads.summaries([conversation]).first?.summary else { return .more }
        let summary = try await layout.threads.complete(partial, conversation)
        if try await search(.thread(conversation), summary) == .stop { return .stop }
        let messages = LooopyMessages(engine: layout.engine, directory: conversation.messages)
        var places: [LooopyPlace] = []
        var hits: [(place: LooopyPlace, role: MessageRole, excerpt: String)] = []
        try await messages.read(try await messages.files().files) { file, result in
            let message = LooopyMessageDecoder.message(result, position: 0)
            let place = LooopyPlace(file, index: LooopyMessageDecoder.index(result))
            places.append(place)
            let fields = Self.fields(of: message)
            if query.text.matches(fields) {
                hits.append((place, message.role, SearchExcerpt(query.text).text(fields)))
            }
        }
        // Positions are known only when every message's place is.
        places.sort()
        var positions: [LooopyPlace: Int] = [:]
        for (position, place) in places.enumerated() { positions[place] = position }
        for hit in hits.sorted(by: { $0.place < $1.place }) {
            let hit = SearchHit(
                record: summary, message: positions[hit.place], role: hit.role, excerpt: hit.excerpt)
            if delivery.hit(hit) == .stop { return .stop }
        }
        return delivery.looked(messages: places.count)
    }

    private func search(
        _ record: LooopyLayout.Record, _ summary: RecordSummary
    ) async throws(StorageError) -> StreamControl {
        if query.text.matches(summary) {
            // Whatever matched is what is shown; without a title its key stands for it.
            let fields = [summary.title] + TextFilter.fields(of: summary)
            _ = delivery.hit(SearchHit(record: summary, excerpt: SearchExcerpt(query.text).text(fields)))
        }
        let documents = try await LooopyDocuments(engine: layout.engine, clock: layout.clock).documents(record)
        let shown = documents.contains(where: \.isContent) ? documents.filter(\.isContent) : documents
        for document in shown {
            let places = DocumentPlaces(query.text, in: document, limit: query.hitsPerRecord ?? 1)
            for place in places.places {
                let hit = SearchHit(
                    record: summary, document: document.name, range: place.range, line: place.line, path: place.path,
                    excerpt: place.excerpt)
                if delivery.hit(hit) == .stop { return .stop }
            }
            if query.hitsPerRecord != nil, delivery.further(summary.id, places.further) == .stop { return .stop }
        }
        return delivery.looked(records: 1)
    }

    private static func fields(of message: StoredMessage) -> [String] {
        var fields = [message.plainText, message.id ?? "", message.name ?? "", message.role.rawValue]
        fields += message.toolCalls.flatMap { [$0.name, $0.id ?? "", $0.arguments?.serialized(.compact) ?? ""] }
        if let metadata = message.metadata { fields.append(metadata.serialized(.compact)) }
        return fields
    }
}
