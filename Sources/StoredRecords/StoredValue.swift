/// One value of a row exactly as the database holds it.
public enum StoredValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    /// Text whose bytes are not UTF-8, kept so that it can be written back.
    case invalidText([UInt8])
    case bytes([UInt8])

    public var isNull: Bool { self == .null }

    /// The text of a text value; `nil` for every other type.
    public var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    public var integer: Int64? {
        if case .integer(let number) = self { number } else { nil }
    }

    /// The stored bytes of text and byte values, whatever their type.
    public var storedBytes: [UInt8]? {
        switch self {
        case .text(let text): Array(text.utf8)
        case .invalidText(let bytes), .bytes(let bytes): bytes
        case .null, .integer, .real: nil
        }
    }
}
