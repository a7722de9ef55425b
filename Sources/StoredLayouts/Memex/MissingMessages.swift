internal import EngineCore
internal import StoredRecords

/// The messages that an undo could not put back.
struct MissingMessages: Sendable {
    /// What kept a message out.
    enum Obstacle: Sendable {
        case id, rowNumber
        /// A trigger or rule of the table.
        case table

        var text: String {
            switch self {
            case .id: "another message has its id now"
            case .rowNumber: "its row number is taken"
            case .table: "the table does not take it"
            }
        }
    }

    /// How many are named in the error; the others are counted.
    private static let namedAtMost = 5

    private var named: [String] = []
    private var count = 0

    mutating func add(_ message: Row, _ obstacle: Obstacle) {
        count += 1
        if named.count < Self.namedAtMost { named.append("\(Self.name(message)) (\(obstacle.text))") }
    }

    /// `nil` when none is missing.
    func error(restored: Int, _ layout: MemexRowsLayout) -> StorageError? {
        guard count > 0 else { return nil }
        let others = count > named.count ? " and \(count - named.count) others" : ""
        let list = named.joined(separator: ", ") + others
        return layout.error(
            .conflict, "undo",
            restored == 0 ? "these messages cannot go back: \(list)" : "\(Self.back(restored)), but not \(list)",
            help: "the recovery entry stays; clear the way for them and undo it again")
    }

    /// How many have been put back, in words.
    static func back(_ count: Int) -> String {
        count == 1 ? "1 message is back" : "\(count) messages are back"
    }

    fileprivate static func name(_ message: Row) -> String { message["id"]?.text ?? "one without a readable id" }
}

extension MissingMessages.Obstacle {
    /// Why an exact undo changes nothing.
    func error(_ message: Row, _ layout: MemexRowsLayout) -> StorageError {
        let help =
            switch self {
            case .id: "move the other message away; an inexact undo puts the rest back"
            case .rowNumber: "an inexact undo puts it into a new row"
            case .table: "look for a trigger of the table that turns rows away"
            }
        return layout.error(
            .conflict, "undo", "the message \(MissingMessages.name(message)) cannot go back: \(text)",
            help: "nothing was changed; \(help)")
    }
}
