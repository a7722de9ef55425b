internal import EngineCore
internal import JSONText
public import StoredRecords

extension MemexRowsLayout {
    /// Threads by id, title and metadata first, then messages by content, id,
    /// role and metadata, a run of rows at a time: memory and the time the
    /// database is held do not grow with it.
    public func look(
        for query: SearchQuery, telling receive: @escaping @Sendable (SearchNews) -> StreamControl
    ) async throws(StorageError) {
        let delivery = SearchDelivery(query, receive)
        guard delivery.wants(.thread) else { return }
        var from: StoredValue?
        while let run = try await threadHits(query.text, behind: from) {
            for hit in run.hits where delivery.hit(hit) == .stop { return }
            if delivery.looked(records: run.rows) == .stop { return }
            from = run.last
        }
        from = nil
        while let run = try await messageMatches(query.text, behind: from) {
            try await hand(run.found, to: delivery)
            if delivery.looked(messages: run.rows) == .stop { return }
            from = run.last
        }
    }

    /// Rows looked through in one call of the engine.
    private static var run: Int { 20_000 }
    /// Bytes looked through in one call of the engine.
    private static var runBytes: Int { 32 << 20 }

    // MARK: Threads

    private func threadHits(
        _ text: TextFilter, behind last: StoredValue?
    ) async throws(StorageError) -> (hits: [SearchHit], rows: Int, last: StoredValue)? {
        struct Found {
            var rows: [Row] = []
            var looked = 0
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
                found.looked += 1
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
        return (hits, result.looked, end)
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
        var role: MessageRole
        var excerpt: String
    }

    private func messageMatches(
        _ text: TextFilter, behind last: StoredValue?
    ) async throws(StorageError) -> (found: [Match], rows: Int, last: StoredValue)? {
        struct Found {
            var matches: [Match] = []
            var looked = 0
            var bytes = 0
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
        let end = try await endOfRun(scan, behind: last)
        if let end, end.rows == 0 { return nil }
        var statement = runStatement(tables.messages, list, tables.messageIdentity, behind: last)
        if end != nil {
            // The run as a whole is what the server looks through, however few rows of it match.
            let condition = serverCondition(scan, searched)
            statement = SQLStatement(
                "SELECT * FROM (\(statement.text)) AS run WHERE \(condition.text) ORDER BY row_identity",
                statement.values + condition.values)
        }
        try await engine.stream(statement) { row throws(StorageError) in
            let excerpt = scan.canMatch(row, looked) ? Self.match(text, row) : nil
            let match = excerpt.map { excerpt in
                Match(
                    thread: ThreadID(row["thread_id"] ?? .null), key: layout.messageKey(row),
                    role: MessageRole(rawValue: row["role"]?.text ?? ""), excerpt: excerpt)
            }
            return found.update { found in
                found.last = row[0]
                found.looked += 1
                found.bytes += looked.reduce(0) { $0 + row.values[$1].byteCount }
                if let match { found.matches.append(match) }
                return found.matches.count < Self.runMatches && found.bytes < Self.runBytes ? .more : .stop
            }
        }
        let result = found.value
        if let end, result.matches.count < Self.runMatches, result.bytes < Self.runBytes {
            return (result.matches, end.rows, end.last)
        }
        return result.last.map { (result.matches, result.looked, $0) }
    }

    private static var runMatches: Int { 500 }

    // MARK: Letting the server look

    /// Where a run ends and how many rows it has; `nil` where the server is not to look.
    private func endOfRun(
        _ scan: MemexWordScan, behind last: StoredValue?
    ) async throws(StorageError) -> (rows: Int, last: StoredValue)? {
        guard tables.dialect.caseBlindLike != nil, !scan.words.isEmpty,
            !Self.searched.contains(where: { tables.messages.column($0)?.type == "bytea" })
        else { return nil }
        let identity = "\(tables.messageIdentity) AS row_identity"
        let run = runStatement(tables.messages, identity, tables.messageIdentity, behind: last)
        let rows = try await engine.query(
            SQLStatement(
                """
                SELECT * FROM (SELECT row_identity, row_number() OVER (ORDER BY row_identity) AS place \
                FROM (\(run.text)) AS run) AS numbered ORDER BY place DESC LIMIT 1
                """, run.values))
        guard let row = rows.first, let count = row[1].integer else { return (0, .null) }
        return (Int(count), row[0])
    }

    /// True for every row that `MemexWordScan` lets through, and for few others.
    private func serverCondition(_ scan: MemexWordScan, _ columns: [String]) -> SQLStatement {
        let anyCase = tables.dialect.caseBlindLike ?? "LIKE"
        let texts = columns.map { "CAST(\(tables.dialect.quote($0)) AS TEXT)" }
        var values: [StoredValue] = []
        let conditions = scan.words.map { word in
            let text = String(decoding: word, as: UTF8.self)
            let escaped = text.map { "%_".contains($0) ? "\\\($0)" : String($0) }.joined()
            // Escapes and the two letters that fold to ASCII ones are looked at here.
            var patterns = [(anyCase, "%\(escaped)%"), ("LIKE", "%\\\\u%")]
            if text.contains("k") { patterns.append(("LIKE", "%\u{212A}%")) }
            if text.contains("i") { patterns.append(("LIKE", "%\u{130}%")) }
            let alternatives = texts.flatMap { column in
                patterns.map { operation, pattern in
                    values.append(.text(pattern))
                    return "\(column) \(operation) ?"
                }
            }
            return "(\(alternatives.joined(separator: " OR ")))"
        }
        return SQLStatement(conditions.joined(separator: " AND "), values)
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

    /// Hands over the matches with their threads and their places in them.
    private func hand(_ matches: [Match], to delivery: SearchDelivery) async throws(StorageError) {
        var records: [[UInt8]: RecordSummary] = [:]
        var places: [[UInt8]: (key: MessageKey, position: Int, hasMissing: Bool)] = [:]
        for match in matches {
            let thread = match.thread.bytes
            let key = match.thread.key
            if delivery.isFull(recordID(.thread, key)) {
                if delivery.further(recordID(.thread, key), 1) == .stop { return }
                continue
            }
            if records[thread] == nil {
                let (extent, row) = try await engine.read { reader throws(StorageError) in
                    (try self.extent(of: match.thread, in: reader), try threadRow(match.thread, in: reader))
                }
                records[thread] =
                    row.map { summary($0, messages: extent.count) }
                    ?? summary(OrphanThread(id: match.thread.value, messages: extent.count))
                if let first = extent.first { places[thread] = (first, 0, extent.hasMissing) }
            }
            guard let record = records[thread] else { continue }
            var hit = SearchHit(record: record, role: match.role, excerpt: match.excerpt)
            hit.record.id = recordID(.thread, key)
            if let place = places[thread] {
                let position = try await position(of: match.key, in: match.thread, from: place)
                places[thread] = (match.key, position, place.hasMissing)
                hit.message = position
            }
            if delivery.hit(hit) == .stop { return }
        }
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

extension StoredValue {
    fileprivate var byteCount: Int {
        switch self {
        case .text(let text): text.utf8.count
        case .invalidText(let bytes), .bytes(let bytes): bytes.count
        case .null, .integer, .real: 8
        }
    }
}
