public import StoredRecords

/// Something the user was told; kept for the message history.
public struct Notice: Sendable, Equatable {
    public enum Level: Sendable, Equatable {
        case info, success, warning, error
    }

    public var level: Level
    /// One line.
    public var text: String
    /// Cause and help, line by line.
    public var details: [String]
    public var time: Timestamp

    public init(_ level: Level, _ text: String, details: [String] = [], time: Timestamp) {
        self.level = level
        self.text = text
        self.details = details
        self.time = time
    }
}
