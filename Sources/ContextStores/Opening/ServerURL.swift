/// A server's location as the user wrote it, which may hold a password.
///
/// Every description of it is `display`; the text itself goes to an engine
/// and nowhere else.
public struct ServerURL: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
    /// `postgres`, `postgresql`, `redis`, `rediss` or `s3`.
    public let scheme: String
    let text: String
    /// The URL without password and without what may be one. It names the
    /// same place, and opens it where credentials come from elsewhere.
    public let display: String

    /// `nil` when the text does not begin with the scheme of a server.
    public init?(_ text: String) {
        guard let scheme = Self.schemes.first(where: { text.hasPrefix($0 + "://") }) else { return nil }
        self.scheme = scheme
        self.text = text
        display = Self.withoutSecrets(text, scheme)
    }

    public var description: String { display }
    public var customMirror: Mirror { Mirror(self, children: ["display": display]) }

    private static let schemes = ["postgres", "postgresql", "redis", "rediss", "s3"]

    /// Parameters whose values are no secrets; of all others only the name is shown.
    private static let harmless: Set<String> = [
        "endpoint", "region", "path-style", "profile", "sslmode", "host", "port", "dbname", "user", "service",
        "application_name", "connect_timeout", "db", "schema",
    ]

    private static func withoutSecrets(_ text: String, _ scheme: String) -> String {
        var rest = text.dropFirst(scheme.count + 3)
        var query = ""
        if let mark = rest.firstIndex(of: "?") {
            query = shown(query: rest[rest.index(after: mark)...])
            rest = rest[..<mark]
        }
        var user = ""
        // A password may itself hold "@" or "/": everything up to the last "@"
        // goes. A bucket has no password before it, and its keys may hold "@".
        let searched = scheme == "s3" ? rest.prefix { $0 != "/" } : rest
        if let at = searched.lastIndex(of: "@") {
            user = shown(credentials: rest[..<at], scheme)
            rest = rest[rest.index(after: at)...]
        }
        return "\(scheme)://\(user)\(rest)\(query)"
    }

    /// The user's name with its `@`; Redis takes what has no colon for a
    /// password, so there the colon stays behind the name.
    private static func shown(credentials: Substring, _ scheme: String) -> String {
        let colon = credentials.firstIndex(of: ":")
        let isPostgres = scheme.hasPrefix("postgres")
        guard colon != nil || isPostgres else { return "" }
        let user = credentials[..<(colon ?? credentials.endIndex)]
        return user.isEmpty ? "" : user + (isPostgres ? "@" : ":@")
    }

    private static func shown(query: Substring) -> String {
        let parts = query.split(separator: "&").map { pair in
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard halves.count == 2, harmless.contains(String(halves[0])) else { return String(halves[0]) }
            // An endpoint is a URL and may hold a password of its own.
            var value = halves[1]
            if let at = value.lastIndex(of: "@") { value = value[value.index(after: at)...] }
            return "\(halves[0])=\(value)"
        }
        return parts.isEmpty ? "" : "?" + parts.joined(separator: "&")
    }
}
