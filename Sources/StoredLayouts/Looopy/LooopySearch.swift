internal import JSONText
internal import EngineCore
internal import StoredRecords

/// Looks for words in everything a looopy store holds.
struct LooopySearch: Sendable {
    let layout: LooopyLayout
    let query: SearchQuery
    let receive: @Sendable (SearchHit) -> StreamControl

    func run() async throws(StorageError) {
        for conversation in try await layout.tree.conversations().all {
            if wants(.thread), try await search(conversation) == .stop { return }
            if wants(.artifact) {
                let found = try await layout.artifacts.find(conversation).found
                for (artifact, summary) in zip(found, try await layout.artifacts.summaries(found)) {
                    if try await search(.artifact(artifact), summary) == .stop { return }
                }
            }
            if wants(.task) {
                for task in try await layout.tasks.find(conversation).found {
                    guard let summary = try await layout.tasks.summaries([task]).first else { continue }
                    if try await search(.task(task), summary) == .stop { return }
                }
            }
        }
    }

    private func wants(_ kind: RecordKind) -> Bool {
        query.kinds.isEmpty || query.kinds.contains(kind)
    }

    /// Its own title and facts first, then its messages in their order.
    private func search(_ conversation: LooopyConversation) async throws(StorageError) -> StreamControl {
        guard let partial = try await layout.threads.summaries([conversation]).first?.summary else { return .more }
        let summary = try await layout.threads.complete(partial, conversation)
        if try await search(.thread(conversation), summary) == .stop { return .stop }
        let messages = LooopyMessages(engine: layout.engine, directory: conversation.messages)
        var places: [LooopyPlace] = []
        var hits: [(place: LooopyPlace, excerpt: String)] = []
        try await messages.read(try await messages.files().files) { file, result in
            let message = LooopyMessageDecoder.message(result, position: 0)
            let place = LooopyPlace(file, index: LooopyMessageDecoder.index(result))
            places.append(place)
            let fields = Self.fields(of: message)
            if query.text.matches(fields) { hits.append((place, LooopyExcerpt(query.text).text(fields))) }
        }
        // Positions are known only when every message's place is.
        places.sort()
        var positions: [LooopyPlace: Int] = [:]
        for (position, place) in places.enumerated() { positions[place] = position }
        for hit in hits.sorted(by: { $0.place < $1.place }) {
            let hit = SearchHit(record: summary, message: positions[hit.place], excerpt: hit.excerpt)
            if receive(hit) == .stop { return .stop }
        }
        return .more
    }

    private func search(
        _ record: LooopyLayout.Record, _ summary: RecordSummary
    ) async throws(StorageError) -> StreamControl {
        if query.text.matches(summary) {
            let fields = [summary.title, summary.id.key, summary.metadata?.serialized(.compact) ?? ""]
            if receive(SearchHit(record: summary, excerpt: LooopyExcerpt(query.text).text(fields))) == .stop {
                return .stop
            }
        }
        let documents = try await LooopyDocuments(engine: layout.engine, clock: layout.clock).documents(record)
        let shown = documents.contains(where: \.isContent) ? documents.filter(\.isContent) : documents
        for document in shown where document.format != .binary {
            let text = document.bytes.lossyText
            guard query.text.matches([text]) else { continue }
            let hit = SearchHit(
                record: summary, document: document.name, excerpt: LooopyExcerpt(query.text).text([text]))
            if receive(hit) == .stop { return .stop }
        }
        return .more
    }

    private static func fields(of message: StoredMessage) -> [String] {
        var fields = [message.plainText, message.id ?? "", message.name ?? "", message.role.rawValue]
        fields += message.toolCalls.flatMap { [$0.name, $0.id ?? "", $0.arguments?.serialized(.compact) ?? ""] }
        if let metadata = message.metadata { fields.append(metadata.serialized(.compact)) }
        return fields
    }
}

/// Some text around the first word of a filter that occurs.
struct LooopyExcerpt: Sendable {
    private let words: [String]

    init(_ filter: TextFilter) {
        words = filter.text.split(whereSeparator: \.isWhitespace).map { $0.lowercased() }
    }

    /// At most some 80 characters on one line, from the first field a word
    /// occurs in.
    func text(_ fields: [String]) -> String {
        for field in fields {
            for word in words {
                guard let found = Self.position(of: word, in: field) else { continue }
                let start = field.index(found, offsetBy: -30, limitedBy: field.startIndex) ?? field.startIndex
                let end = field.index(found, offsetBy: 50, limitedBy: field.endIndex) ?? field.endIndex
                let text = field[start..<end].map { $0.isNewline || $0 == "\t" ? " " : $0 }
                return (start > field.startIndex ? "…" : "") + String(text) + (end < field.endIndex ? "…" : "")
            }
        }
        return String((fields.first { !$0.isEmpty } ?? "").prefix(80).map { $0.isNewline ? " " : $0 })
    }

    /// Compared character by character without regard to case.
    private static func position(of word: String, in text: String) -> String.Index? {
        guard let first = word.first else { return nil }
        let wanted = Array(word)
        var at = text.startIndex
        while at < text.endIndex {
            if text[at].lowercased() == String(first) {
                var end = at
                var matched = 0
                while matched < wanted.count, end < text.endIndex, text[end].lowercased() == String(wanted[matched]) {
                    matched += 1
                    end = text.index(after: end)
                }
                if matched == wanted.count { return at }
            }
            at = text.index(after: at)
        }
        return nil
    }
}
