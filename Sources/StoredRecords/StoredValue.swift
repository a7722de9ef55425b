/// One value of a row exactly as the database holds it; texts are equal when
/// their bytes are.
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

extension StoredValue {
    public static func == (left: StoredValue, right: StoredValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.integer(let a), .integer(let b)): a == b
        case (.real(let a), .real(let b)): a == b
        case (.text(let a), .text(let b)): a.isExactly(b)
        case (.invalidText(let a), .invalidText(let b)), (.bytes(let a), .bytes(let b)): a == b
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .integer(let number): hasher.combine(number)
        case .real(let number): hasher.combine(number)
        case .text(let text): hasher.combine(ExactText(text))
        case .invalidText(let bytes), .bytes(let bytes): hasher.combine(bytes)
        }
    }
}
