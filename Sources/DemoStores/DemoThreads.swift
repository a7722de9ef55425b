internal import ContextStores
internal import EngineCore
internal import JSONText
internal import StoredLayouts
internal import StoredRecords

/// MemexLLM threads: long and short, in several scripts, some with damage.
struct DemoThreads: DemoPart {
    let location: String
    let now: Timestamp
    var isDamaged = true

    func write() async throws(StorageError) {
        let connection = try await StoreConnection.open(location, creating: true)
        let lengths = [420, 38, 12, 96, 7, 24, 160, 3, 18, 55, 9, 31, 5, 74, 14, 2, 21, 47, 11, 6, 33, 8, 19, 64]
        try await write(into: connection, lengths: lengths)
        let store = try await connection.threadStore()
        var random = DemoRandom(seed: 2292)
        try await store.saveThread(empty(random: &random))
        try await store.saveThread(hostile(random: &random))
        if isDamaged { try await damage(connection, random: &random) }
        await connection.close()
    }

    /// A thread of each length, the newest first.
    func write(into connection: StoreConnection, lengths: [Int]) async throws(StorageError) {
        let store = try await connection.threadStore()
        var random = DemoRandom(seed: 2291)
        for (number, length) in lengths.enumerated() {
            let topic = DemoTopic.all[number % DemoTopic.all.count]
            let start = Timestamp(seconds: now.seconds - Int64(number * number * 7 + 1) * 3600 - Int64(length) * 110)
            try await store.saveThread(
                thread(topic, part: number / DemoTopic.all.count, length: length, start: start, random: &random))
        }
    }

    private func thread(
        _ topic: DemoTopic, part: Int, length: Int, start: Timestamp, random: inout DemoRandom
    ) -> ConversationThread {
        let model = random.pick(["gpt-4o", "claude-sonnet", "mistral-large", "llama-3.3-70b"])
        let messages = DemoConversation.turns(of: topic, count: length, from: start, random: &random).map { turn in
            var metadata: [JSONMember] = []
            if turn.role == "assistant" { metadata.append(JSONMember("model", .text(model))) }
            if let call = turn.call {
                metadata.append(
                    JSONMember(
                        "tool_calls",
                        .array([
                            .object([
                                JSONMember("id", .text(call.id)), JSONMember("name", .text(call.tool)),
                                JSONMember("arguments", .text(call.arguments)),
                            ])
                        ])))
            }
            if let call = turn.answers { metadata.append(JSONMember("tool_call_id", .text(call))) }
            return ConversationMessage(
                id: random.uuid(), role: turn.role, content: .text(turn.text), created: turn.time,
                metadata: .object(metadata), tokenCount: turn.text.isEmpty ? nil : turn.text.utf8.count / 4 + 1)
        }
        let title = part == 0 ? topic.title : "\(topic.title) (part \(part + 1))"
        return ConversationThread(
            id: random.uuid(), created: start, updated: messages.last?.created ?? start,
            metadata: .object([
                JSONMember("title", .text(title)),
                JSONMember("user", .text(random.pick(["aylin", "joerg", "meiling", "tunde"]))),
                JSONMember("tags", .array(topic.tags.map { JSONValue.text($0) })),
                JSONMember("trace", .integer(9_007_199_254_740_993)),
            ]), messages: messages)
    }

    private func empty(random: inout DemoRandom) -> ConversationThread {
        let time = Timestamp(seconds: now.seconds - 86_400 * 40)
        return ConversationThread(
            id: random.uuid(), created: time, updated: time,
            metadata: .object([JSONMember("title", .text("Opened and never used"))]))
    }

    /// Text that would drive a terminal, if it ever reached one.
    private func hostile(random: inout DemoRandom) -> ConversationThread {
        let time = Timestamp(seconds: now.seconds - 5400)
        let texts = [
            "Paste of a build log: \u{1B}[31merror\u{1B}[0m and a clipboard write \u{1B}]52;c;cm0gLXJmIH4=\u{07} inside.",
            "Mixed directions: user \u{202E}nimda\u{202C}, a C1 byte \u{9B}2J, a BOM \u{FEFF} and a tab\there.",
        ]
        let messages = texts.enumerated().map { number, text in
            ConversationMessage(
                id: random.uuid(), role: number == 0 ? "user" : "assistant", content: .text(text),
                created: Timestamp(seconds: time.seconds + Int64(number * 20)), tokenCount: 30)
        }
        return ConversationThread(
            id: random.uuid(), created: time, updated: messages[1].created,
            metadata: .object([JSONMember("title", .text("Terminal codes in a paste \u{1B}[5m"))]), messages: messages)
    }

    /// What real stores hold after crashes and hand-made edits: metadata that
    /// is no JSON, content that is no text, a role nobody knows, lost threads.
    private func damage(_ connection: StoreConnection, random: inout DemoRandom) async throws(StorageError) {
        guard case .rows(let engine)? = connection.accesses.first(where: { if case .rows = $0 { true } else { false } })
        else { return }
        let broken = random.uuid()
        let ids = (0..<4).map { _ in random.uuid() }
        let time = Timestamp(seconds: now.seconds - 7200).iso8601
        try await engine.unreferencedTransaction("write the demo") { transaction throws(StorageError) in
            try transaction.execute(
                SQLStatement(
                    "INSERT INTO threads (id, created_at, updated_at, metadata) VALUES (?, ?, ?, ?)",
                    [.text(broken), .text(time), .text(time), .text("{\"title\": \"Imported by hand")]))
            let rows: [(String, String, StoredValue, String)] = [
                (ids[0], broken, .text("A message that is fine"), "user"),
                (ids[1], broken, .bytes([0xFF, 0xD8, 0xFF, 0xE0, 0, 16]), "assistant"),
                (ids[2], broken, .text("[{\"type\": \"text\", \"text\": \"parts\"}, 42]"), "narrator"),
                (ids[3], "lost-" + broken.prefix(8), .text("My thread row was deleted by hand"), "user"),
            ]
            for (index, row) in rows.enumerated() {
                let thread = index == 3 ? String(row.1) : row.1
                try transaction.execute(
                    SQLStatement(
                        "INSERT INTO messages (id, thread_id, content, role, created_at, metadata, token_count, "
                            + "message_index) VALUES (?, ?, ?, ?, ?, '{}', NULL, ?)",
                        [.text(row.0), .text(thread), row.2, .text(row.3), .text(time), .integer(Int64(index % 3))]))
            }
        }
    }
}
