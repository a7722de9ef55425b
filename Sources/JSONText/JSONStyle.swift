/// How white space and characters are laid out when a value is printed.
public struct JSONStyle: Sendable, Hashable {
    /// Spaces for each level, or nil to print on one line.
    public var indent: Int?
    /// What stands between two children that share a line.
    public var comma: String
    /// What stands between a key and its value.
    public var colon: String
    /// Whether everything outside printable ASCII is written as `\u` escapes.
    public var isASCII: Bool

    public init(indent: Int? = nil, comma: String = ",", colon: String = ":", isASCII: Bool = false) {
        self.indent = indent.map { max(0, $0) }
        self.comma = comma
        self.colon = colon
        self.isASCII = isASCII
    }

    /// `JSON.stringify(value)`: no white space at all.
    public static let compact = JSONStyle()

    /// `JSON.stringify(value, null, indent)`.
    public static func pretty(indent: Int) -> JSONStyle {
        indent > 0 ? JSONStyle(indent: indent, colon: ": ") : .compact
    }

    /// `JSON.stringify(value, null, 2)`.
    public static let pretty = pretty(indent: 2)

    /// `json.dumps(value)` of Python: a space behind commas and colons, ASCII only.
    public static let pythonDefault = JSONStyle(comma: ", ", colon: ": ", isASCII: true)

    /// `json.dumps(value, indent=...)` of Python.
    public static func python(indent: Int) -> JSONStyle { JSONStyle(indent: indent, colon: ": ", isASCII: true) }
}
