internal import StoredRecords

/// What the server answered to one command.
enum RedisReply: Sendable {
    case status(String)
    case integer(Int64)
    case string(StoredBytes)
    case array([RedisReply])
    /// An absent value; of `EXEC`: a watched key has changed.
    case null
    case error(RedisServerError)

    var bytes: StoredBytes? { if case .string(let bytes) = self { bytes } else { nil } }
    var integer: Int64? { if case .integer(let number) = self { number } else { nil } }
    var elements: [RedisReply]? { if case .array(let elements) = self { elements } else { nil } }
    var error: RedisServerError? { if case .error(let error) = self { error } else { nil } }
    /// A status or a short string as text.
    var text: String? {
        switch self {
        case .status(let text): text
        case .string(let bytes): bytes.text
        default: nil
        }
    }
}
