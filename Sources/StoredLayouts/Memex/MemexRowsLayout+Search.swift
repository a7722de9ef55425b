internal import EngineCore
internal import JSONText
public import StoredRecords

extension MemexRowsLayout {
    /// Threads by id, title and metadata first, then messages by content, id,
    /// role and metadata, a run of rows at a time: memory and the time the
    /// database is held do not grow with it.
    public func search(
        _ query: SearchQuery, _ receive: @escaping @Sendable (SearchHit) -> StreamControl
    ) async throws(StorageError) {
        guard query.kinds.isEmpty || query.kinds.contains(.thread) else { return }
        var from: StoredValue?
        while let (hits, last) = try await threadHits(query.text, behind: from) {
            for hit in hits where receive(hit) == .stop { return }
            from = last
        }
        from = nil
        while let (found, last) = try await messageMatches(query.text, behind: from) {
            for hit in try await hits(found) where receive(hit) == .stop { return }
            from = last
        }
    }

    /// Rows looked through in one call of the engine.
    private static var run: Int { 20_000 }

    // MARK: Threads

    private func threadHits(
        _ text: TextFilter, behind last: StoredValue?
    ) async throws(StorageError) -> (hits: [SearchHit], last: StoredValue)? {
        struct Found {
            var rows: [Row] = []
            var last: StoredValue?
        }
        let found = Collected(Found())
        let layout = self
        let scan = MemexWordScan(text)
        let list = tables.selectList(tables.threads)
        let looked = ["id", "metadata"].compactMap { name in
            tables.threads.columns.firstIndex { $0.name == name }.map { $0 + 1 }
        }
        try await engine.stream(runStatement(tables.threads, list, tables.threadIdentity, behind: last)) {
            row throws(StorageError) in
            var isHit = scan.canMatch(row, looked)
            if isHit {
                let record = layout.summary(row, messages: 0)
                isHit = text.matches([record.id.key, record.title, record.metadata?.plain ?? ""])
            }
            return found.update { found in
                found.last = row[0]
                if isHit { found.rows.append(row) }
                return found.rows.count < 500 ? .more : .stop
            }
        }
        let result = found.value
        guard let end = result.last else { return nil }
        let excerpt = SearchExcerpt(text)
        let counts = try await messageCounts(result.rows.map { $0["id"] ?? .null })
        let hits = result.rows.map { row in
            let count = counts[ThreadID(row).bytes] ?? 0
            let record = summary(row, messages: count)
            let fields = [record.title, record.metadata?.plain ?? "", record.id.key].filter { !$0.isEmpty }
            return SearchHit(record: record, excerpt: excerpt.text(fields))
        }
        return (hits, end)
    }

    private func runStatement(
        _ table: TableInfo, _ list: String, _ identity: String, behind last: StoredValue?
    ) -> SQLStatement {
        var statement = SQLStatement("SELECT \(list) FROM \(tables.dialect.reference(table))")
        if let last { statement = statement + SQLStatement(" WHERE \(identity) > ?", [last]) }
        return statement + SQLStatement(" ORDER BY \(identity) LIMIT ?", [.integer(Int64(Self.run))])
    }

    // MARK: Messages

    private struct Match: Sendable {
        var thread: ThreadID
        var key: MessageKey
        var excerpt: String
    }

    private func messageMatches(
        _ text: TextFilter, behind last: StoredValue?
    ) async throws(StorageError) -> (found: [Match], last: StoredValue)? {
        struct Found {
            var matches: [Match] = []
            var last: StoredValue?
        }
        let found = Collected(Found())
        let layout = self
        let scan = MemexWordScan(text)
        let searched = Self.searched.filter { tables.messages.hasColumns([$0]) }
        let list =
            (["\(tables.messageIdentity) AS row_identity"]
            + (["thread_id", "message_index"] + searched).map(tables.dialect.quote)).joined(separator: ", ")
        let looked = Array(3..<3 + searched.count)
        try await engine.stream(runStatement(tables.messages, list, tables.messageIdentity, behind: last)) {
            row throws(StorageError) in
            let excerpt = scan.canMatch(row, looked) ? Self.match(text, row) : nil
            let match = excerpt.map { excerpt in
                Match(thread: ThreadID(row["thread_id"] ?? .null), key: layout.messageKey(row), excerpt: excerpt)
            }
            return found.update { found in
                found.last = row[0]
                if let match { found.matches.append(match) }
                return found.matches.count < 500 ? .more : .stop
            }
        }
        let result = found.value
        return result.last.map { (result.matches, $0) }
    }

    /// The columns of a message that are looked into, as far as they are there.
    private static let searched = ["content", "id", "role", "metadata", "name", "tool_calls", "tool_call_id"]

    /// An excerpt when all words are somewhere in the message.
    private static func match(_ text: TextFilter, _ row: Row) -> String? {
        // Metadata is stored in ASCII with escapes; people search for what it means.
        let meant = searched.compactMap { name -> String? in
            guard let bytes = row[name]?.storedBytes else { return nil }
            if name == "metadata", bytes.contains(0x5C), let value = try? JSONValue.parse(bytes) { return value.plain }
            return String(decoding: bytes, as: UTF8.self)
        }
        guard text.matches(meant) else { return nil }
        return SearchExcerpt(text).text(meant)
    }

    /// The matches with their threads and their places in them.
    private func hits(_ matches: [Match]) async throws(StorageError) -> [SearchHit] {
        var hits: [SearchHit] = []
        var records: [[UInt8]: RecordSummary] = [:]
        var places: [[UInt8]: (key: MessageKey, position: Int, hasMissing: Bool)] = [:]
        for match in matches {
            let thread = match.thread.bytes
            let key = match.thread.key
            if records[thread] == nil {
                let extent = try await extent(of: match.thread)
                let row = try await threadRow(match.thread)
                records[thread] =
                    row.map { summary($0, messages: extent.count) }
                    ?? summary(OrphanThread(id: match.thread.value, messages: extent.count))
                if let first = extent.first { places[thread] = (first, 0, extent.hasMissing) }
            }
            guard let record = records[thread] else { continue }
            var hit = SearchHit(record: record, excerpt: match.excerpt)
            hit.record.id = recordID(.thread, key)
            if let place = places[thread] {
                let position = try await position(of: match.key, in: match.thread, from: place)
                places[thread] = (match.key, position, place.hasMissing)
                hit.message = position
            }
            hits.append(hit)
        }
        return hits
    }

    /// Counted from a place that is known, so that many hits in one long thread
    /// do not each count all of it.
    private func position(
        of key: MessageKey, in thread: ThreadID, from place: (key: MessageKey, position: Int, hasMissing: Bool)
    ) async throws(StorageError) -> Int {
        if key == place.key { return place.position }
        func count(from start: MessageKey, to end: MessageKey) async throws(StorageError) -> Int {
            try await engine.query(
                countBeforeStatement(end, of: thread, hasMissing: place.hasMissing) + " AND "
                    + tables.isAfter(start, orIs: true)
            ).first?.count ?? 0
        }
        let ahead = try await count(from: place.key, to: key)
        if ahead > 0 { return place.position + ahead }
        return place.position - (try await count(from: key, to: place.key))
    }
}
