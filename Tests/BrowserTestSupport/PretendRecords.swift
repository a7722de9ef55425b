public import StoredRecords

/// Records and messages as tests need them.
public enum PretendRecords {
    /// The time every test begins at: 2025-06-15 15:06:40 UTC.
    public static let now = Timestamp(seconds: 1_750_000_000)

    public static func thread(
        _ source: String, _ key: String, title: String? = nil, age: Int64 = 3600, messages: Int = 12,
        tokens: Int? = nil,
        agent: String? = nil
    ) -> RecordSummary {
        RecordSummary(
            id: RecordID(source: source, layout: "pretend", kind: .thread, key: key), title: title ?? "Thread \(key)",
            created: Timestamp(seconds: now.seconds - age - 600), updated: Timestamp(seconds: now.seconds - age),
            messages: messages, tokens: tokens, bytes: Int64(messages) * 240,
            detail: .thread(ThreadDetail(agent: agent)))
    }

    /// `count` threads, each a minute older than the one before.
    public static func threads(_ source: String, _ count: Int, step: Int64 = 60, offset: Int64 = 0)
        -> PretendSource.Shelf
    {
        PretendSource.Shelf(count: count) { index in
            thread(source, "\(source)-\(index)", age: Int64(index) * step + offset)
        }
    }

    public static func index(_ source: String, _ key: String, origin: String, files: Int) -> RecordSummary {
        RecordSummary(
            id: RecordID(source: source, layout: "pretend", kind: .index, key: key), title: origin,
            updated: Timestamp(seconds: now.seconds - 86_400 * 3), bytes: Int64(files) * 130,
            detail: .index(IndexDetail(origin: "github \(origin)", files: files, synced: nil)))
    }

    public static func artifact(
        _ source: String, _ key: String, title: String, type: String, status: String = "complete"
    ) -> RecordSummary {
        RecordSummary(
            id: RecordID(source: source, layout: "pretend", kind: .artifact, key: key), title: title,
            updated: Timestamp(seconds: now.seconds - 7200), bytes: 4321,
            detail: .artifact(ArtifactDetail(type: type, status: status, version: 2)))
    }

    public static func task(_ source: String, _ key: String, isExpired: Bool = false) -> RecordSummary {
        RecordSummary(
            id: RecordID(source: source, layout: "pretend", kind: .task, key: key), title: key,
            updated: Timestamp(seconds: now.seconds - 200), bytes: 900,
            detail: .task(
                TaskDetail(
                    agent: "support-bot", iteration: 4, isCompleted: false,
                    expires: Timestamp(seconds: now.seconds + (isExpired ? -60 : 86_400)), isExpired: isExpired)))
    }

    public static func message(
        _ position: Int, _ role: MessageRole, _ text: String, tokens: Int? = nil, toolCalls: [ToolCall] = []
    ) -> StoredMessage {
        StoredMessage(
            position: position, id: "m\(position)", role: role, content: [.text(text)],
            created: Timestamp(seconds: now.seconds - 7200 + Int64(position) * 30), tokens: tokens,
            toolCalls: toolCalls,
            raw: .bytes(
                StoredBytes(#"{"role":"\#(role.rawValue)","content":"raw \#(position)","big":9007199254740993}"#)))
    }

    /// A conversation of so many messages, one line each.
    public static func talk(_ count: Int)
        -> @Sendable (RecordID) -> (count: Int, make: @Sendable (Int) -> StoredMessage)
    {
        { _ in
            (
                count,
                { position in
                    message(position, position % 2 == 0 ? .user : .assistant, "Message number \(position + 1)")
                }
            )
        }
    }

    public static let noClipboard = StorageError(
        .unsupported, operation: "copy", place: "the terminal", reason: "this type of terminal has no clipboard command"
    )

    public static let failure = StorageError(
        .unavailable, operation: "open", place: "/stores/broken", reason: "the server does not answer",
        help: "start it", vendorCode: 7)
}

extension PretendRecords {
    public static func emptyPlan(_ request: ChangeRequest, _ record: RecordSummary) -> ChangePlan {
        ChangePlan(request: request, target: record, unit: "messages", keeps: 0, drops: 0, basis: PlanBasis())
    }
}
