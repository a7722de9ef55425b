/// What lists are sorted by, as people call it: in the browser's menu, after `:sort` and on the command line.
extension RecordSort.Field {
    /// What records of a kind may be sorted by, whichever tool wrote them, in the order of the menu.
    public static func fields(of kind: RecordKind) -> [RecordSort.Field] {
        switch kind {
        case .thread: allCases
        case .index: [.updated, .key, .title, .bytes, .group]
        case .artifact: [.updated, .created, .key, .title, .bytes, .group, .status]
        case .task: [.updated, .key, .title, .bytes, .group, .status]
        case .raw: [.key]
        }
    }

    /// The word for it in lists of a kind.
    public func word(of kind: RecordKind) -> String {
        switch self {
        case .updated: kind == .index ? "synced" : "updated"
        case .created: "created"
        case .key: kind == .index ? "key" : "id"
        case .title: "title"
        case .messages: "messages"
        case .tokens: "tokens"
        case .bytes: "size"
        case .group:
            switch kind {
            case .index: "origin"
            case .artifact: "type"
            default: "agent"
            }
        case .status: kind == .task ? "state" : "status"
        }
    }

    /// Whether a word names it for a kind: that of its lists, what stands above its column there, or the word that
    /// means the same for all kinds.
    public func isNamed(_ word: String, of kind: RecordKind) -> Bool {
        let word = word.lowercased()
        return word == rawValue || word == self.word(of: kind) || word == heading(of: kind)
    }

    /// What stands above its column where that is another word.
    private func heading(of kind: RecordKind) -> String? {
        switch (self, kind) {
        case (.messages, _): "msgs"
        case (.title, .artifact): "name"
        case (.title, .task): "task"
        case (.key, .raw): "key"
        default: nil
        }
    }
}

extension RecordSort {
    /// The order of a field as long as it is not reversed: what is newest, largest or most first, names from A on.
    public static func usual(_ field: Field) -> RecordSort {
        switch field {
        case .updated, .created, .messages, .tokens, .bytes: RecordSort(field, descending: true)
        case .key, .title, .group, .status: RecordSort(field, descending: false)
        }
    }

    public var reversed: RecordSort { RecordSort(field, descending: !descending) }
}
