internal import EngineCore
internal import StoredRecords

/// What a plan was made on: the thread's row and the ends of its messages.
///
/// Equal facts mean that no message came, went or was numbered anew in
/// between: whatever MemexLLM saves gets new rows and a new `updated_at`.
struct ThreadFacts: Sendable, Hashable {
    var row: Row?
    var extent: MessageExtent
    /// The oldest message that stays.
    var cut: MessageKey?

    var facts: [String: StoredValue] {
        var facts: [String: StoredValue] = [
            "hasRow": .integer(row == nil ? 0 : 1), "thread": row?[0] ?? .null,
            "updated": row?["updated_at"] ?? .null, "count": .integer(Int64(extent.count)),
        ]
        for (name, key) in [("first", extent.first), ("last", extent.last), ("cut", cut)] {
            facts[name + ".index"] = key?.index ?? .null
            facts[name + ".identity"] = key?.identity ?? .null
        }
        return facts
    }

    /// The cut a plan was made with; `nil` for a delete.
    static func cut(in basis: PlanBasis) -> MessageKey? { key("cut", in: basis) }

    /// Whether some messages had no number then.
    static func hasMissing(in basis: PlanBasis) -> Bool { key("first", in: basis)?.index.isNull ?? false }

    private static func key(_ name: String, in basis: PlanBasis) -> MessageKey? {
        guard let index = basis.facts[name + ".index"], let identity = basis.facts[name + ".identity"],
            !identity.isNull
        else { return nil }
        return MessageKey(index: index, identity: identity)
    }
}
