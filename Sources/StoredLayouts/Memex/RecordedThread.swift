internal import EngineCore
internal import StoredRecords

/// What a recovery entry holds of a thread, as far as it is needed before the
/// first row goes back.
struct RecordedThread: Sendable {
    /// The name of the fact that the thread had no row of its own.
    static let orphanFact = "orphan"
    /// The names of the facts that tell the newest message of a trimmed thread.
    static let newestIndexFact = "newest.index"
    static let newestIdentityFact = "newest.identity"

    private(set) var isOrphan = false
    private(set) var hasThread = false
    private(set) var messages = 0
    private(set) var first: MessageKey?
    private(set) var last: MessageKey?
    /// The newest message when the change was made. No trim takes it, and
    /// every save of MemexLLM gives it another row and number: as long as it is
    /// where it was, the thread's numbers mean what they meant then.
    private(set) var newest: MessageKey?

    init(_ entry: any RecoveryEntry, _ tables: MemexTables) throws(StorageError) {
        var newest = MessageKey(index: .null, identity: .null)
        try entry.items { item throws(StorageError) in
            switch item {
            case .fact(Self.orphanFact, _): isOrphan = true
            case .fact(Self.newestIndexFact, let value): newest.index = value
            case .fact(Self.newestIdentityFact, let value): newest.identity = value
            case .row(tables.threads.name, _, _): hasThread = true
            case .row(tables.messages.name, let columns, let values):
                let key = tables.messageKey(Row(columns: columns, values: values))
                if messages == 0 { first = key }
                last = key
                messages += 1
            default: break
            }
            return .more
        }
        if !newest.identity.isNull { self.newest = newest }
    }

    /// The facts by which `newest` is known again.
    static func facts(newest: MessageKey) -> [RecoveryItem] {
        [
            .fact(name: newestIndexFact, value: newest.index),
            .fact(name: newestIdentityFact, value: newest.identity),
        ]
    }
}

extension MemexTables {
    /// The place in the thread's order of a message's recorded row.
    func messageKey(_ recorded: Row) -> MessageKey {
        let identity = hasRowIdentity(messages) ? dialect.rowIdentity : nil
        return MessageKey(index: recorded["message_index"] ?? .null, identity: recorded[identity ?? "id"] ?? .null)
    }
}
