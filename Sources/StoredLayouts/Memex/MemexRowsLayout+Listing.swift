internal import EngineCore
internal import JSONText
public import StoredRecords

extension MemexRowsLayout {
    public func list(_ query: RecordQuery) async throws(StorageError) -> Page<RecordSummary> {
        guard query.kind == .thread else { return Page(items: [], total: .exact(0)) }
        guard capabilities(of: .thread).sortFields.contains(query.sort.field) else {
            throw error(
                .unsupported, "list threads", "MemexLLM's threads are not sorted by \(query.sort.field.rawValue)",
                help: "sort by updated, created, key, title or messages")
        }
        return try await ThreadListing(layout: self, query: query).page()
    }

    public func count(_ kind: RecordKind) async throws(StorageError) -> Total {
        guard kind == .thread else { return .exact(0) }
        return .exact(try await countThreadRows() + orphans().count)
    }

    public func summary(_ kind: RecordKind, _ key: String) async throws(StorageError) -> RecordSummary? {
        guard kind == .thread else { return nil }
        let id = ThreadID(key: key)
        let row = try await threadRow(id)
        let (messages, tokens, isTooLarge) = try await sums(of: id)
        guard row != nil || messages > 0 else { return nil }
        var summary =
            row.map { self.summary($0, messages: messages) }
            ?? self.summary(OrphanThread(id: id.value, messages: messages))
        summary.tokens = tokens
        if isTooLarge { summary.notes.append(MemexMessageDecoding.tokensTooLarge) }
        summary.notes += tables.notes
        return summary
    }

    /// The number of messages and of their tokens, from one pass over them; a
    /// second one where the database cannot add the tokens up.
    private func sums(
        of id: ThreadID
    ) async throws(StorageError) -> (messages: Int, tokens: Int?, isTooLarge: Bool) {
        guard tables.messages.hasColumns(["token_count"]) else {
            return (try await engine.query(countStatement(of: id)).first?.count ?? 0, nil, false)
        }
        let sum = "sum(\(tables.dialect.quote("token_count")))"
        do throws(StorageError) {
            let row = try await engine.query(
                "SELECT count(*), \(sum) FROM \(tables.messageTable) WHERE " + tables.isOfThread(id)
            ).first
            // A database of large sums gives one that is no integer of 64 bits as its digits.
            let isTooLarge = row?[1].text.map { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } } ?? false
            return (row?.count ?? 0, row?[1].integer.map { Int($0) }, isTooLarge)
        } catch  where error.kind == .failed {
            // Any other failure is met again here.
            return (try await engine.query(countStatement(of: id)).first?.count ?? 0, nil, true)
        }
    }

    /// The thread's metadata as stored, then its whole row.
    public func documents(_ kind: RecordKind, _ key: String) async throws(StorageError) -> [RecordDocument] {
        try requireThreads(kind, "show the \(kind.rawValue)")
        let id = ThreadID(key: key)
        guard let row = try await threadRow(id) else {
            guard try await engine.query(countStatement(of: id)).first?.count ?? 0 > 0 else {
                throw notFound("show the thread")
            }
            return []
        }
        var documents: [RecordDocument] = []
        if let bytes = row["metadata"]?.storedBytes {
            let isJSON = (try? JSONValue.parse(bytes)) != nil
            let isText = String(validating: bytes, as: UTF8.self) != nil
            documents.append(
                RecordDocument(
                    name: "metadata", format: isJSON ? .json : isText ? .text : .binary, bytes: StoredBytes(bytes),
                    notes: isJSON ? [] : ["the metadata is not JSON"]))
        }
        let raw = RawRecord.row(tables.rawColumns(row))
        documents.append(RecordDocument(name: "row", format: .json, bytes: raw.displayText, isContent: false))
        return documents
    }

    /// The thread's row and the ends of its messages: a few index reads.
    public func revision(_ kind: RecordKind, _ key: String) async throws(StorageError) -> String? {
        guard kind == .thread else { return nil }
        let id = ThreadID(key: key)
        let (row, ends) = try await engine.read { reader throws(StorageError) in
            (try threadRow(id, in: reader), try reader.query(endStatement(of: id)).first?.values ?? [])
        }
        guard row != nil || ends.contains(where: { !$0.isNull }) else { return nil }
        return PackedValues.write((row?.values ?? []) + ends)
    }

    // MARK: Shared with the listing

    func notFound(_ operation: String) -> StorageError {
        error(.notFound, operation, "there is no thread with this id", help: "list the threads to see their ids")
    }

    func countThreadRows() async throws(StorageError) -> Int {
        try await engine.query(SQLStatement("SELECT count(*) FROM \(tables.threadTable)")).first?.count ?? 0
    }

    /// All orphans when finding them costs no more than a page; else `nil`.
    func cheapOrphans() async throws(StorageError) -> [OrphanThread]? {
        if let known = try await knownOrphans() { return known }
        return try await hasFewMessages() ? try await orphans() : nil
    }

    func summary(_ row: Row, messages: Int) -> RecordSummary {
        MemexThreadDecoding.summary(
            row, messages: messages, id: recordID(.thread, ThreadID(row).key))
    }

    func summary(_ orphan: OrphanThread) -> RecordSummary {
        MemexThreadDecoding.orphan(
            messages: orphan.messages, id: recordID(.thread, ThreadID(orphan.id).key))
    }

    /// Whole thread rows by what names them.
    func threadRows(_ identities: [StoredValue]) async throws(StorageError) -> [StoredValue: Row] {
        var rows: [StoredValue: Row] = [:]
        for part in identities.runs(of: 500) {
            let statement = SQLStatement(
                """
                SELECT \(tables.selectList(tables.threads)) FROM \(tables.threadTable) \
                WHERE \(tables.threadIdentity) IN (\(part.placeholders))
                """, part)
            for row in try await engine.query(statement) { rows[row[0]] = row }
        }
        return rows
    }

    /// The number of messages of each thread that has any, from the index
    /// alone; by `ThreadIDKey.bytes`.
    func messageCounts(_ ids: [StoredValue]) async throws(StorageError) -> [[UInt8]: Int] {
        var counts: [[UInt8]: Int] = [:]
        let threadID = tables.dialect.quote("thread_id")
        for part in ids.runs(of: 500) {
            let statement = SQLStatement(
                """
                SELECT \(threadID), count(*) FROM \(tables.messageTable) \
                WHERE \(threadID) IN (\(part.placeholders)) GROUP BY \(threadID)
                """, part)
            for row in try await engine.query(statement) {
                counts[ThreadID(row[0]).bytes] = row[1].integer.map { Int($0) }
            }
        }
        return counts
    }
}

extension [StoredValue] {
    /// As many question marks as there are values.
    var placeholders: String { map { _ in "?" }.joined(separator: ", ") }
}
