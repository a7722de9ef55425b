internal import ContextStores
internal import EngineCore
internal import JSONText
internal import StoredLayouts
internal import StoredRecords

/// looopy contexts of several agents with messages, artifacts and task states.
struct DemoAgents: DemoPart {
    let location: String
    let now: Timestamp
    var isDamaged = true

    private struct Context {
        var agent: String
        var id: String
        var topic: DemoTopic
        var length: Int
        var status: String
    }

    private static let contexts = [
        Context(agent: "support-bot", id: "case-4711", topic: .onboarding, length: 44, status: "active"),
        Context(agent: "support-bot", id: "case-4712", topic: .billing, length: 12, status: "paused"),
        Context(agent: "support-bot", id: "case-4720", topic: .kyoto, length: 26, status: "active"),
        Context(agent: "data-analyst", id: "q3-sales", topic: .sales, length: 31, status: "active"),
        Context(agent: "data-analyst", id: "churn", topic: .sales, length: 9, status: "completed"),
        Context(agent: "release-manager", id: "v4-rollout", topic: .incident, length: 120, status: "active"),
        Context(agent: "release-manager", id: "hotfix", topic: .review, length: 15, status: "failed"),
        Context(agent: "coder", id: "flaky-tests", topic: .flakyTest, length: 63, status: "active"),
    ]

    func write() async throws(StorageError) {
        let connection = try await StoreConnection.open(location, creating: true)
        try await DemoStores.together(
            Self.contexts.enumerated().map { number, context in
                let start = Timestamp(seconds: now.seconds - Int64((number * 31 + 2) * 3600))
                return ContextPart(agents: self, context: context, seed: UInt64(4711 + number), start: start)
            })
        if isDamaged { try await damage(connection) }
        await connection.close()
    }

    private struct ContextPart: DemoPart {
        let agents: DemoAgents
        let context: Context
        let seed: UInt64
        let start: Timestamp

        func write() async throws(StorageError) {
            // Each its own connection, so that none waits for another's files.
            let connection = try await StoreConnection.open(agents.location)
            var random = DemoRandom(seed: seed)
            try await agents.write(context, start: start, connection, random: &random)
            await connection.close()
        }
    }

    /// One context of an agent that works now.
    func writeScratch(into connection: StoreConnection) async throws(StorageError) {
        var random = DemoRandom(seed: 4700)
        let context = Context(agent: "scratch", id: "now", topic: .review, length: 8, status: "active")
        try await write(context, start: Timestamp(seconds: now.seconds - 3000), connection, random: &random)
    }

    private func write(
        _ context: Context, start: Timestamp, _ connection: StoreConnection, random: inout DemoRandom
    ) async throws(StorageError) {
        let messages = try await connection.messageStore()
        let turns = DemoConversation.turns(of: context.topic, count: context.length, from: start, random: &random)
        for turn in turns {
            try await messages.addMessage(
                message(turn), agent: context.agent, context: context.id, at: turn.time)
        }
        let last = turns.last?.time ?? start
        try await putJSON(
            session(context, start: start, last: last, turns: turns.count),
            "agent=\(context.agent)/context=\(context.id)/context.json", connection)
        try await writeArtifacts(context, at: last, connection, random: &random)
        try await writeTasks(context, turns: turns, at: last, connection)
    }

    private func message(_ turn: DemoConversation.Turn) -> JSONValue {
        var members = [JSONMember("role", .text(turn.role)), JSONMember("content", .text(turn.text))]
        if let call = turn.call {
            let arguments = (try? JSONValue.parse(call.arguments)) ?? .text(call.arguments)
            members.append(
                JSONMember(
                    "toolCalls",
                    .array([
                        .object([
                            JSONMember("id", .text(call.id)), JSONMember("type", "function"),
                            JSONMember(
                                "function",
                                .object([
                                    JSONMember("name", .text(call.tool)), JSONMember("arguments", arguments),
                                ])),
                        ])
                    ])))
        }
        if let call = turn.answers { members.append(JSONMember("toolCallId", .text(call))) }
        return .object(members)
    }

    private func session(_ context: Context, start: Timestamp, last: Timestamp, turns: Int) -> JSONValue {
        .object([
            JSONMember("contextId", .text(context.id)), JSONMember("agentId", .text(context.agent)),
            JSONMember("title", .text(context.topic.title)),
            JSONMember("tags", .array(context.topic.tags.map { JSONValue.text($0) })),
            JSONMember("status", .text(context.status)),
            JSONMember("createdAt", .text(start.iso8601Milliseconds)),
            JSONMember("updatedAt", .text(last.iso8601Milliseconds)),
            JSONMember("lastActivityAt", .text(last.iso8601Milliseconds)),
            JSONMember("turnCount", .integer(turns)), JSONMember("ownerId", "tenant-1"),
            JSONMember("metadata", .object([JSONMember("region", "eu-west-1"), JSONMember("priority", 3)])),
        ])
    }

    private func writeArtifacts(
        _ context: Context, at time: Timestamp, _ connection: StoreConnection, random: inout DemoRandom
    ) async throws(StorageError) {
        let artifacts = try await connection.artifactStore()
        func new(_ id: String, _ name: String, _ description: String, _ content: NewArtifact.Content) -> NewArtifact {
            NewArtifact(
                agent: context.agent, context: context.id, task: "task-1", id: id, name: name, description: description,
                content: content)
        }
        let report = """
            # \(context.topic.title)

            Written by **\(context.agent)** for context `\(context.id)`.

            ## Findings

            - \(context.topic.exchanges.count) questions were asked again and again
            - the longest answer took \(random.number(2...9)) minutes

            ## Next

            1. Confirm with the owner
            2. Close on Friday

            """
        try await artifacts.create(
            new(
                "report", "report.md", "Summary for people",
                .file(StoredBytes(report), mimeType: "text/markdown", isBase64: false)),
            at: time)
        let months = ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06", "2026-07", "2026-08"]
        let rows = (0..<random.number(24...90)).map { row -> JSONValue in
            .object([
                JSONMember("month", .text(months[row % months.count])),
                JSONMember("region", .text(random.pick(["EMEA", "APAC", "AMER", "日本"]))),
                JSONMember("amount", .double(Double(random.number(100...999_999)) / 100)),
                JSONMember("note", row % 3 == 0 ? .null : .text("batch \(row / 3), \"checked\"")),
            ])
        }
        let columns = [
            TableColumn(name: "month", type: "string"), TableColumn(name: "region", type: "string"),
            TableColumn(name: "amount", type: "number"), TableColumn(name: "note", type: "string"),
        ]
        try await artifacts.create(
            new("sales-by-week", "sales by week", "Rows behind the report", .dataset(columns: columns, rows: rows)),
            at: time)
        let totals: JSONValue = .object([
            JSONMember("subject", .text(context.topic.title)),
            JSONMember(
                "totals",
                .object([
                    JSONMember("revenue", 1_250_000), JSONMember("ratio", 0.30000000000000004),
                    JSONMember("big", .integer(9_007_199_254_740_993)),
                ])),
            JSONMember("open", .array([.null, true, "follow up"])),
        ])
        try await artifacts.create(new("summary", "summary", "Numbers", .data(totals)), at: time)
    }

    private func writeTasks(
        _ context: Context, turns: [DemoConversation.Turn], at time: Timestamp, _ connection: StoreConnection
    ) async throws(StorageError) {
        let tasks = try await connection.taskStateStore()
        for number in 1...2 {
            let state: JSONValue = .object([
                JSONMember("taskId", .text("task-\(number)")), JSONMember("agentId", .text(context.agent)),
                JSONMember("contextId", .text(context.id)),
                JSONMember("messages", .array(turns.prefix(6 * number).map { message($0) })),
                JSONMember("systemPrompt", .text(context.topic.system)),
                JSONMember("iteration", .integer(number * 3)), JSONMember("completed", .bool(number == 1)),
                JSONMember("availableTools", .array([])), JSONMember("pendingToolCalls", .array([])),
                JSONMember("completedToolCalls", .object([])),
                JSONMember("artifactIds", .array(["report", "sales-by-week", "summary"])),
                JSONMember("lastActivity", .text(time.iso8601Milliseconds)),
                JSONMember("resumeFrom", .text(number == 1 ? "completed" : "tool-execution")),
            ])
            let life: Duration = context.id == "churn" ? .seconds(3600) : .seconds(86_400 * 30)
            try await tasks.save(state, at: time, timeToLive: life)
        }
    }

    /// A message cut short by a crash, an artifact half written, a held lock.
    private func damage(_ connection: StoreConnection) async throws(StorageError) {
        try await put(
            "{\n  \"role\": \"assistant\",\n  \"content\": \"The answer begins, and then the machine",
            "agent=support-bot/context=case-4712/messages/2026-01-01T00-00-00_000Z-999-000999.json", connection)
        try await put(
            """
            {
              "type": "file",
              "artifactId": "transcript",
              "taskId": "task-2",
              "contextId": "v4-rollout",
              "name": "transcript.txt",
              "mimeType": "text/plain",
              "encoding": "utf-8",
              "chunks": [],
              "totalChunks": 0,
              "totalSize": 0,
              "status": "building",
              "version": 1,
              "operations": [],
              "createdAt": "\(now.iso8601Milliseconds)",
              "updatedAt": "\(now.iso8601Milliseconds)"
            }
            """, "agent=release-manager/context=v4-rollout/artifacts/transcript/metadata.json", connection)
        let until = Timestamp(seconds: now.seconds + 900)
        try await putJSON(
            .object([
                JSONMember("lockOwnerId", "worker-7"), JSONMember("lockedAt", .text(now.iso8601Milliseconds)),
                JSONMember("expiresAt", .text(until.iso8601Milliseconds)),
            ]), "agent=release-manager/context=v4-rollout/context.lock", connection)
    }

    private func putJSON(_ value: JSONValue, _ key: String, _ connection: StoreConnection) async throws(StorageError) {
        try await put(value.serialized(.pretty(indent: 2)), key, connection)
    }

    private func put(_ text: String, _ key: String, _ connection: StoreConnection) async throws(StorageError) {
        for case .objects(let engine) in connection.accesses {
            try await engine.write(ObjectKey(key), StoredBytes(text))
        }
    }
}
