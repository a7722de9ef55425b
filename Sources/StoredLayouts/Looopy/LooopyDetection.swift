public import EngineCore
internal import JSONText
public import StoredRecords

extension LooopyLayout {
    /// The looopy store on this engine: below the root, below `_agent_store`,
    /// or the root itself as one agent's or one context's directory.
    ///
    /// Empty when there is none, or when the options ask for other layouts.
    public static func detect(
        _ engine: any ObjectEngine, _ context: LayoutContext
    ) async throws(StorageError) -> [any RecordLayout] {
        try await detect(try await DetectionLooks(engine), context)
    }

    static func detect(
        _ looks: DetectionLooks, _ context: LayoutContext
    ) async throws(StorageError) -> [any RecordLayout] {
        let wanted = context.options.layouts
        guard wanted.isEmpty || wanted.contains(layoutName) else { return [] }
        guard let root = try await root(of: looks) else { return [] }
        return [LooopyLayout(looks.engine, root: root, context)]
    }

    private static func root(of looks: DetectionLooks) async throws(StorageError) -> LooopyTree.Root? {
        let tool = ObjectKey("_agent_store").appending("")
        if try await holds(looks, LooopyNames.agentPrefix, below: .root) { return .store(.root) }
        if try await holds(looks, LooopyNames.agentPrefix, below: tool) { return .store(tool) }
        let place = ObjectKey(looks.engine.place)
        if try await holds(looks, LooopyNames.contextPrefix, below: .root) {
            return .agent(LooopyNames.id(in: place.lastPart, after: LooopyNames.agentPrefix) ?? "agent")
        }
        if let context = LooopyNames.id(in: place.lastPart, after: LooopyNames.contextPrefix) {
            let agent = LooopyNames.id(in: place.parent.lastPart, after: LooopyNames.agentPrefix)
            return .context(agent: agent ?? "agent", context: context)
        }
        if let root = try await contextRoot(looks) { return root }
        // A store that the tool has just been given, or that was emptied.
        guard place.lastPart == ObjectKey("_agent_store") else { return nil }
        return try await looks.isEmpty() ? .store(.root) : nil
    }

    private static func holds(
        _ looks: DetectionLooks, _ prefix: String, below directory: ObjectKey
    ) async throws(StorageError) -> Bool {
        let beginning = directory.bytes.isEmpty ? ObjectKey(prefix) : directory.appending(prefix)
        return try await looks.look(beginning, limit: 100).contains { entry in
            if case .prefix(let key) = entry { LooopyNames.id(in: key.lastPart, after: prefix) != nil } else { false }
        }
    }

    /// A copied context directory of another name, told by its own context file.
    private static func contextRoot(_ looks: DetectionLooks) async throws(StorageError) -> LooopyTree.Root? {
        guard let object = try await looks.read(ObjectKey(LooopyNames.contextFile)) else { return nil }
        let fields = LooopyFields(object.bytes, [["agentId"], ["contextId"]])
        guard let agent = fields.text("agentId"), let context = fields.text("contextId"),
            !agent.isEmpty, !context.isEmpty, !agent.contains("/"), !context.contains("/")
        else { return nil }
        return .context(agent: agent, context: context)
    }
}
