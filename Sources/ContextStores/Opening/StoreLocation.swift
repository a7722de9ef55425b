/// Where a source's data is, as the user names it.
///
/// Forms: a path, `sqlite:PATH`, `memory:`, and server URLs. Descriptions
/// never hold a password.
public enum StoreLocation: Sendable, Hashable {
    /// A directory or a database file; absolute.
    case path(String)
    /// A database file, whatever its first bytes say; absolute.
    case sqlite(String)
    case memory
    /// A server this build has no engine for, with the URL's scheme.
    case unsupported(scheme: String, display: String)

    /// Reads the text; a relative path is taken from `directory`.
    public init(_ text: String, relativeTo directory: String) {
        if text == "memory:" {
            self = .memory
        } else if text.hasPrefix("sqlite:") {
            self = .sqlite(Self.absolute(String(text.dropFirst("sqlite:".count)), from: directory))
        } else if let scheme = Self.serverScheme(text) {
            self = .unsupported(scheme: scheme, display: Self.withoutCredentials(text))
        } else {
            self = .path(Self.absolute(text, from: directory))
        }
    }

    /// For people and for the recovery journal; opens the same place again.
    public var display: String {
        switch self {
        case .path(let path): path
        case .sqlite(let path): "sqlite:\(path)"
        case .memory: "memory:"
        case .unsupported(_, let display): display
        }
    }

    /// Whether the text is written in a form that only a source can have.
    public static func looksLikeSource(_ text: String) -> Bool {
        text == "memory:" || text.hasPrefix("sqlite:") || serverScheme(text) != nil
    }

    static func serverScheme(_ text: String) -> String? {
        ["postgres", "postgresql", "redis", "rediss", "s3"].first { text.hasPrefix($0 + "://") }
    }

    /// The URL with everything that may be a secret taken out: the part
    /// before `@`, and the values of query parameters.
    static func withoutCredentials(_ url: String) -> String {
        guard let schemeEnd = url.firstRange(of: "://")?.upperBound else { return url }
        var rest = url[schemeEnd...]
        var query = ""
        if let mark = rest.firstIndex(of: "?") {
            let names = rest[rest.index(after: mark)...].split(separator: "&").map { pair in
                pair.split(separator: "=", maxSplits: 1).first.map(String.init) ?? ""
            }
            query = "?" + names.joined(separator: "&")
            rest = rest[..<mark]
        }
        // A password may itself hold "@" or "/": everything up to the last "@" goes.
        if let at = rest.lastIndex(of: "@") { rest = rest[rest.index(after: at)...] }
        return url[..<schemeEnd] + rest + query
    }

    /// The path made absolute, with `.` and `..` resolved by name only.
    static func absolute(_ path: String, from directory: String) -> String {
        let whole = path.hasPrefix("/") ? path : directory + "/" + path
        var parts: [Substring] = []
        for part in whole.split(separator: "/") {
            switch part {
            case ".": continue
            case "..": _ = parts.popLast()
            default: parts.append(part)
            }
        }
        return "/" + parts.joined(separator: "/")
    }
}
