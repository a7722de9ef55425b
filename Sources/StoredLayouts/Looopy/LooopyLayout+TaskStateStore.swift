internal import EngineCore
public import JSONText
public import StoredRecords

/// Task states as looopy-ai's filesystem state store saves and loads them.
extension LooopyLayout: TaskStateStore {
    public func save(
        _ state: JSONValue, at time: Timestamp, timeToLive: Duration
    ) async throws(StorageError) {
        let operation = "save a task state"
        guard let task = state["taskId"]?.stringValue, let agent = state["agentId"]?.stringValue,
            let context = state["contextId"]?.stringValue, !task.isEmpty
        else {
            throw StorageError(
                .invalid, operation: operation, place: engine.place,
                reason: "the state names no taskId, agentId and contextId")
        }
        let parts = timeToLive.components
        let nanoseconds = Int64(time.nanoseconds) + parts.attoseconds / 1_000_000_000
        let carry = nanoseconds >= 1_000_000_000 ? Int64(1) : 0
        let expires = Timestamp(
            seconds: time.seconds + parts.seconds + carry, nanoseconds: Int32(nanoseconds - carry * 1_000_000_000))
        let stored = state.setting(
            JSONValue(members: [
                ("savedAt", .text(time.iso8601Milliseconds)), ("expiresAt", .text(expires.iso8601Milliseconds)),
            ]), for: "_metadata")
        try await engine.write(
            try taskKey(agent: agent, context: context, task: task, operation),
            StoredBytes(stored.serializedBytes(.pretty)), condition: .none, contentType: "application/json")
    }

    public func load(
        agent: String, context: String, task: String, at time: Timestamp
    ) async throws(StorageError) -> JSONValue? {
        let operation = "load the task state \(task)"
        let key = try taskKey(agent: agent, context: context, task: task, operation)
        guard let object = try await engine.read(key) else { return nil }
        let state: JSONValue
        do throws(JSONError) {
            state = try LooopyMessageDecoder.parse(object.bytes)
        } catch {
            throw StorageError(
                .corrupt, operation: operation, place: engine.place, reason: "\(key) is not valid JSON (\(error))",
                help: "save the state again")
        }
        if let expires = state["_metadata"]?["expiresAt"]?.stringValue.flatMap(Timestamp.init(iso8601:)), expires < time
        {
            return nil
        }
        return state.setting(nil, for: "_metadata")
    }

    private func taskKey(
        agent: String, context: String, task: String, _ operation: String
    ) throws(StorageError) -> ObjectKey {
        try tree.directory(
            agent: LooopyNames.sanitized(agent), context: LooopyNames.sanitized(context), operation: operation
        ).appending(LooopyNames.tasks).appending(LooopyNames.sanitized(task) + ".json")
    }
}
