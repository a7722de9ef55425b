public import EngineCore
internal import JSONText
public import StoredRecords

extension MemexRowsLayout {
    /// Makes MemexLLM's tables where they are not there yet and opens them.
    ///
    /// For programs that store their own threads; browsing makes nothing.
    public static func create(
        in engine: any RowEngine, _ context: LayoutContext
    ) async throws(StorageError) -> MemexRowsLayout {
        let act = "make MemexLLM's tables"
        try engine.requireWritable(act)
        let dialect = engine.dialect
        let threads = dialect.reference(tableNamed: context.options.tables["threads"] ?? "threads")
        let messages = dialect.reference(tableNamed: context.options.tables["messages"] ?? "messages")
        let time = dialect.timeType
        try await engine.transaction(act) { transaction throws(StorageError) in
            for text in [
                """
                CREATE TABLE IF NOT EXISTS \(threads) (id TEXT PRIMARY KEY, created_at \(time) NOT NULL, \
                updated_at \(time) NOT NULL, metadata TEXT NOT NULL)
                """,
                """
                CREATE TABLE IF NOT EXISTS \(messages) (id TEXT PRIMARY KEY, thread_id TEXT NOT NULL, \
                content TEXT NOT NULL, role TEXT NOT NULL, created_at \(time) NOT NULL, metadata TEXT NOT NULL, \
                token_count INTEGER, message_index INTEGER NOT NULL, \
                FOREIGN KEY (thread_id) REFERENCES \(threads) (id) ON DELETE CASCADE)
                """,
                """
                CREATE INDEX IF NOT EXISTS idx_messages_thread_id ON \(messages) (thread_id, message_index)
                """,
            ] {
                try transaction.execute(SQLStatement(text))
            }
        }
        let tables = try await engine.tables()
        guard let memex = MemexTables(tables, names: context.options.tables, dialect: engine.dialect) else {
            throw StorageError(
                .invalid, operation: act, place: engine.place,
                reason: "tables of these names are there with other columns", help: "name other tables")
        }
        return MemexRowsLayout(engine: engine, tables: memex, context: context)
    }

    /// Stores the thread in new rows, its messages numbered from 0, as
    /// MemexLLM's `save_thread` does.
    ///
    /// Throws `conflict` when a message id is stored in another thread.
    public func saveThread(_ thread: ConversationThread) async throws(StorageError) {
        let act = "save the thread"
        try engine.requireWritable(act)
        guard !thread.id.isEmpty else { throw error(.invalid, act, "the thread's id is empty") }
        guard thread.messages.allSatisfy({ !$0.id.isEmpty }) else {
            throw error(.invalid, act, "a message's id is empty")
        }
        if let maxMessages, maxMessages < 1 { throw error(.invalid, act, "maxMessages is less than 1") }
        let kept = maxMessages.map { thread.messages.suffix($0) } ?? thread.messages[...]
        try await engine.transaction(act) { transaction throws(StorageError) in
            let id = ThreadID(.text(thread.id))
            // Rows are written anew, so that a saved thread gets the newest row as it does from MemexLLM.
            try transaction.execute("DELETE FROM \(tables.messageTable) WHERE " + tables.isOfThread(id))
            try transaction.execute("DELETE FROM \(tables.threadTable) WHERE " + tables.isThread(id))
            try insert(
                into: tables.threads,
                [
                    ("id", id.value), ("created_at", .text(MemexEncoding.time(thread.created))),
                    ("updated_at", .text(MemexEncoding.time(thread.updated))),
                    ("metadata", .text(MemexEncoding.metadata(thread.metadata))),
                ], in: transaction)
            for (index, message) in kept.enumerated() {
                try insert(
                    into: tables.messages,
                    [
                        ("id", .text(message.id)), ("thread_id", id.value),
                        ("content", MemexEncoding.content(message.content)), ("role", .text(message.role)),
                        ("created_at", .text(MemexEncoding.time(message.created))),
                        ("metadata", .text(MemexEncoding.metadata(message.metadata))),
                        ("token_count", message.tokenCount.map { .integer(Int64($0)) } ?? .null),
                        ("message_index", .integer(Int64(index))),
                    ], in: transaction)
            }
        }
    }

    private func insert(
        into table: TableInfo, _ values: [(String, StoredValue)], in transaction: any RowTransaction
    ) throws(StorageError) {
        let known = values.filter { value in table.storedColumns.contains { $0.name == value.0 } }
        let names = known.map { tables.dialect.quote($0.0) }.joined(separator: ", ")
        let bound = known.map(\.1)
        try transaction.execute(
            SQLStatement(
                "INSERT INTO \(tables.dialect.reference(table)) (\(names)) VALUES (\(bound.placeholders))", bound))
    }

    // MARK: Reading

    public func thread(_ id: String, messageLimit: Int?) async throws(StorageError) -> ConversationThread? {
        guard !id.isEmpty else { throw error(.invalid, "read the thread", "the thread's id is empty") }
        if let messageLimit, messageLimit < 1 {
            throw error(.invalid, "read the thread", "the message limit is less than 1")
        }
        return try await engine.read { reader throws(StorageError) in
            guard let row = try threadRow(ThreadID(.text(id)), in: reader) else { return nil }
            return try self.thread(row, messages: reader.query(newest(messageLimit, of: ThreadID(row))))
        }
    }

    public func listThreads(limit: Int, offset: Int) async throws(StorageError) -> [ConversationThread] {
        guard limit > 0, offset >= 0 else {
            throw error(.invalid, "list threads", "the limit is less than 1 or the offset less than 0")
        }
        let selection = ThreadSelection(
            tables: tables, sort: .newest, isForward: true, start: nil, hasMissingIDs: false)
        let places = try await engine.query(selection.places(limit: limit, offset: offset))
        return try await threads(places.map { $0[0] })
    }

    @discardableResult
    public func deleteThread(_ id: String) async throws(StorageError) -> Bool {
        let act = "delete the thread"
        try engine.requireWritable(act)
        guard !id.isEmpty else { throw error(.invalid, act, "the thread's id is empty") }
        return try await engine.transaction(act) { transaction throws(StorageError) in
            let id = ThreadID(.text(id))
            guard try !transaction.query(threadRowStatement(id)).isEmpty else { return false }
            try transaction.execute("DELETE FROM \(tables.messageTable) WHERE " + tables.isOfThread(id))
            try transaction.execute("DELETE FROM \(tables.threadTable) WHERE " + tables.isThread(id))
            return true
        }
    }

    /// Newest update first.
    public func searchThreads(_ query: ThreadSearch) async throws(StorageError) -> [ConversationThread] {
        guard !query.metadata.isEmpty || query.content != nil else {
            throw error(.invalid, "search the threads", "the search is empty", help: "give metadata or content")
        }
        let containing = try await query.content.asyncMap { text throws(StorageError) in
            try await threadsContaining(text)
        }
        let selection = ThreadSelection(
            tables: tables, sort: .newest, isForward: true, start: nil, hasMissingIDs: false)
        let found = Collected<[StoredValue]>([])
        try await engine.stream(selection.rows(isOrdered: true)) { row throws(StorageError) in
            if let containing, !containing.contains(ThreadID(row["id"] ?? .null).bytes) { return .more }
            if !query.metadata.isEmpty {
                guard let bytes = row["metadata"]?.storedBytes, let metadata = try? JSONValue.parse(bytes),
                    query.metadata.allSatisfy({ metadata[$0.key.text].map($0.value.means) ?? false })
                else { return .more }
            }
            found.update { $0.append(row[1]) }
            return .more
        }
        return try await threads(found.value)
    }

    /// Ids, as bytes, of the threads with a message whose content has the text in any case.
    private func threadsContaining(_ text: String) async throws(StorageError) -> Set<[UInt8]> {
        let needle = Array(text.lowercased().utf8)
        let found = Collected<Set<[UInt8]>>([])
        let columns = ["thread_id", "content"].map(tables.dialect.quote).joined(separator: ", ")
        try await engine.stream(SQLStatement("SELECT \(columns) FROM \(tables.messageTable)")) {
            row throws(StorageError) in
            guard let content = row[1].text, Array(content.lowercased().utf8).contains(run: needle) else {
                return .more
            }
            found.update { _ = $0.insert(ThreadID(row[0]).bytes) }
            return .more
        }
        return found.value
    }

    /// The threads of these rows in this order, with all messages.
    private func threads(_ identities: [StoredValue]) async throws(StorageError) -> [ConversationThread] {
        let rows = try await threadRows(identities)
        var threads: [ConversationThread] = []
        for identity in identities {
            guard let row = rows[identity] else { continue }
            threads.append(try thread(row, messages: try await engine.query(newest(nil, of: ThreadID(row)))))
        }
        return threads
    }

    /// So many of the last messages, the newest first; `nil` is all of them.
    private func newest(_ limit: Int?, of id: ThreadID) -> SQLStatement {
        messageStatement(of: id, nil, isForward: false, limit: limit ?? .max)
    }

    /// - Parameter newest: rows of messages, the newest first.
    private func thread(_ row: Row, messages newest: [Row]) throws(StorageError) -> ConversationThread {
        var messages: [ConversationMessage] = []
        for row in newest.reversed() {
            messages.append(
                ConversationMessage(
                    id: row["id"]?.text ?? "", role: row["role"]?.text ?? "", content: try content(row),
                    created: try time(row, "created_at") ?? Timestamp(seconds: 0), metadata: try metadata(row),
                    tokenCount: row["token_count"]?.integer.map { Int($0) }))
        }
        return ConversationThread(
            id: ThreadID(row).value.text ?? "", created: try time(row, "created_at") ?? Timestamp(seconds: 0),
            updated: try time(row, "updated_at") ?? Timestamp(seconds: 0), metadata: try metadata(row),
            messages: messages)
    }

    // MARK: Values a program relies on

    private func content(_ row: Row) throws(StorageError) -> JSONValue {
        switch row["content"] ?? .null {
        case .null: return .null
        case .text(let text): return JSONValue.text(text)
        case .integer, .real, .bytes, .invalidText: throw corrupt("a message's content is not text")
        }
    }

    private func metadata(_ row: Row) throws(StorageError) -> JSONValue {
        guard let stored = row["metadata"] else { return .object([]) }
        guard let bytes = stored.storedBytes, let value = try? JSONValue.parse(bytes) else {
            throw corrupt("metadata is not JSON")
        }
        return value
    }

    /// `nil` when there is no such column.
    private func time(_ row: Row, _ column: String) throws(StorageError) -> Timestamp? {
        guard let stored = row[column] else { return nil }
        guard let text = stored.text, let time = Timestamp(iso8601: text) else {
            throw corrupt("\(column) is not a time")
        }
        return time
    }

    private func corrupt(_ reason: String) -> StorageError {
        error(.corrupt, "read the thread", reason, help: "browse the thread to see what is stored")
    }
}

extension Optional where Wrapped: Sendable {
    fileprivate func asyncMap<R>(
        _ body: (Wrapped) async throws(StorageError) -> R
    ) async throws(StorageError) -> R? {
        guard let self else { return nil }
        return try await body(self)
    }
}
