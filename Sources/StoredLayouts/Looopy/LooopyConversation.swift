internal import EngineCore
internal import StoredRecords

/// One agent context with every directory that belongs to it.
///
/// That is one directory, or two where the id has characters that only some
/// of the tool's stores replace: `context=a b` and `context=a_b`.
struct LooopyConversation: Sendable, Hashable {
    var agent: String
    var context: String
    /// The directory names' own ids with the directories' keys, each ending
    /// in `/`; the one the message store uses first.
    var directories: [Directory]
    /// What is remarkable about the directories themselves.
    var notes: [String] = []

    struct Directory: Sendable, Hashable {
        var agent: String
        var context: String
        var key: ObjectKey
    }

    /// The record key of the thread.
    var key: String { "\(agent)/\(context)" }

    /// Where the tool reads and appends messages.
    var messages: ObjectKey { directories[0].key.appending(LooopyNames.messages).appending("") }

    init?(agent: String, context: String, directories: [Directory], notes: [String] = []) {
        guard !directories.isEmpty else { return nil }
        self.agent = agent
        self.context = context
        self.notes = notes
        self.directories = directories.sorted { left, right in
            let ranks = (Self.rank(left), Self.rank(right))
            return ranks.0 == ranks.1 ? left.key < right.key : ranks.0 < ranks.1
        }
    }

    /// The message store's directory has both ids sanitized.
    private static func rank(_ directory: Directory) -> Int {
        (LooopyNames.sanitized(directory.context).isExactly(directory.context) ? 0 : 1)
            + (LooopyNames.sanitized(directory.agent).isExactly(directory.agent) ? 0 : 1)
    }
}
