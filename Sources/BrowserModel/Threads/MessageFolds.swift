internal import StoredRecords

/// What of a message can be folded to a line.
public enum FoldItem: Sendable, Hashable {
    case system
    case result
    /// The result with this number among the parts of the content.
    case partResult(Int)
    /// The tool call with this number.
    case call(Int)
    /// Base64 in the line of a part that begins at this byte.
    case data(part: Int, line: Int)
}

/// Which items of which messages are open.
public struct MessageFolds: Sendable, Equatable {
    /// Messages are told apart by their ids, so that folds outlive what is added or trimmed.
    struct Place: Sendable, Hashable {
        var message: String
        var item: FoldItem
    }

    /// Whether tool calls, results and system prompts are open unless they were folded one by one.
    public private(set) var opensAll = false
    private var exceptions: Set<Place> = []

    public init() {}

    func isOpen(_ item: FoldItem, of message: StoredMessage) -> Bool {
        let isException = exceptions.contains(Self.place(item, message))
        // Base64 is never opened together with the rest: nobody wants to read it.
        if case .data = item { return isException }
        return isException != opensAll
    }

    mutating func toggle(_ item: FoldItem, of message: StoredMessage) {
        let place = Self.place(item, message)
        if exceptions.remove(place) == nil { exceptions.insert(place) }
    }

    mutating func toggleAll() {
        opensAll.toggle()
        exceptions = []
    }

    /// The lines of a part whose base64 is open.
    func openData(of message: StoredMessage, part: Int) -> Set<Int> {
        if exceptions.isEmpty { return [] }
        let key = Self.key(message)
        var lines: Set<Int> = []
        for place in exceptions where place.message == key {
            if case .data(part, let line) = place.item { lines.insert(line) }
        }
        return lines
    }

    private static func place(_ item: FoldItem, _ message: StoredMessage) -> Place {
        Place(message: key(message), item: item)
    }

    private static func key(_ message: StoredMessage) -> String { message.id ?? "#\(message.position)" }
}
