/// A server's location as the user wrote it, which may hold a password.
///
/// Every description of it is `display`; the text itself goes to an engine
/// and nowhere else.
public struct ServerURL: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
    enum Service: Sendable {
        case postgres, redis, s3
    }

    /// `postgres`, `postgresql`, `redis`, `rediss`, `unix`, `redis+unix` or `s3`.
    public let scheme: String
    let text: String
    /// The URL without password and without what may be one. It names the
    /// same place, and opens it where credentials come from elsewhere.
    public let display: String

    /// `nil` when the text does not begin with the scheme of a server.
    public init?(_ text: String) {
        guard let scheme = Self.schemes.keys.first(where: { text.hasPrefix($0 + "://") }) else { return nil }
        self.scheme = scheme
        self.text = text
        display = Self.withoutSecrets(text, scheme)
    }

    /// Whether something in the text may be a password, which `display` leaves out.
    var holdsSecret: Bool {
        let parts = Self.parts(of: text, scheme)
        if let credentials = parts.credentials {
            let password = credentials.firstIndex(of: ":").map { credentials[credentials.index(after: $0)...] }
            if let password, !password.isEmpty { return true }
            if password == nil, !credentials.isEmpty, !scheme.hasPrefix("postgres") { return true }
        }
        return parts.query.split(separator: "&").contains { pair in
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard halves.count == 2, !halves[1].isEmpty else { return false }
            // An endpoint is a URL and may hold a password of its own.
            return !Self.harmless.contains(String(halves[0])) || halves[1].contains("@")
        }
    }

    public var description: String { display }
    public var customMirror: Mirror { Mirror(self, children: ["display": display]) }

    var service: Service { Self.schemes[scheme] ?? .s3 }

    private static let schemes: [String: Service] = [
        "postgres": .postgres, "postgresql": .postgres, "redis": .redis, "rediss": .redis, "unix": .redis,
        "redis+unix": .redis, "s3": .s3,
    ]

    /// Parameters whose values are no secrets; of all others only the name is shown.
    private static let harmless: Set<String> = [
        "endpoint", "region", "path-style", "profile", "sslmode", "host", "hostaddr", "port", "dbname", "user",
        "service", "application_name", "connect_timeout", "target_session_attrs", "db", "schema", "ca", "cert", "name",
        "username", "sslrootcert", "ssl_ca_certs", "ssl_certfile",
    ]

    private static func withoutSecrets(_ text: String, _ scheme: String) -> String {
        let parts = parts(of: text, scheme)
        let query = shown(query: parts.query)
        return "\(scheme)://\(shown(credentials: parts.credentials, scheme))\(parts.rest)\(query)"
    }

    /// What stands before the last `@`, between it and `?`, and behind that.
    private static func parts(
        of text: String, _ scheme: String
    ) -> (credentials: Substring?, rest: Substring, query: Substring) {
        var rest = text.dropFirst(scheme.count + 3)
        var query = rest[rest.endIndex...]
        if let mark = queryMark(rest, scheme) {
            query = rest[rest.index(after: mark)...]
            rest = rest[..<mark]
        }
        // A password may itself hold "@" or "/": everything up to the last "@"
        // goes. A bucket has no password before it, and its keys may hold "@".
        let searched = scheme == "s3" ? rest.prefix { $0 != "/" } : rest
        guard let at = searched.lastIndex(of: "@") else { return (nil, rest, query) }
        return (rest[..<at], rest[rest.index(after: at)...], query)
    }

    /// The `?` before the parameters. One before a last `@` that is in no
    /// parameter's value stands in a password that was not percent-encoded.
    private static func queryMark(_ text: Substring, _ scheme: String) -> Substring.Index? {
        guard let mark = text.firstIndex(of: "?") else { return nil }
        let query = text[text.index(after: mark)...]
        guard scheme != "s3", let at = query.lastIndex(of: "@") else { return mark }
        let part = query[..<at].split(separator: "&", omittingEmptySubsequences: false).last ?? ""
        let name = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if name.count == 2, isName(name[0]) { return mark }
        return text[at...].firstIndex(of: "?")
    }

    private static func isName(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 == 0x5F || $0 == 0x2D || (0x61...0x7A).contains($0 | 0x20) }
    }

    /// The user's name with its `@`; Redis takes what has no colon for a user
    /// without a password, which may be a password in the wrong place.
    private static func shown(credentials: Substring?, _ scheme: String) -> String {
        guard let credentials else { return "" }
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

extension ServerURL {
    /// Host and port of the `endpoint` parameter.
    var endpoint: String? {
        for pair in display.split(separator: "?").dropFirst().joined().split(separator: "&")
        where pair.hasPrefix("endpoint=") {
            let value = pair.dropFirst("endpoint=".count)
            let host = value.firstRange(of: "://").map { value[$0.upperBound...] } ?? value
            return String(host.prefix { $0 != "/" })
        }
        return nil
    }

    /// What the location names, whoever reaches it and however it is spelled:
    /// the server with its database, or the server with its bucket and then
    /// each part of the prefix.
    var places: [String] {
        let parts = Self.parts(of: text, scheme)
        var values: [Substring: Substring] = [:]
        for pair in parts.query.split(separator: "&") {
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if halves.count == 2 { values[halves[0]] = halves[1] }
        }
        let path = parts.rest.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let host = path.first.map { String($0).lowercased() } ?? ""
        let below = path.count > 1 ? path[1] : ""
        switch service {
        case .s3:
            return ["s3 \(values["endpoint"] ?? "")/\(host)"] + below.split(separator: "/").map(String.init)
        case .redis where scheme.hasSuffix("unix"):
            return ["redis unix:/\(below) \(Int(values["db"] ?? "0") ?? 0)"]
        case .redis:
            let port = host.hasSuffix("]") || !host.contains(":") ? host + ":6379" : host
            let name = port.hasPrefix(":") ? "localhost" + port : port
            return ["redis \(name) \(Int(values["db"] ?? below) ?? 0)"]
        case .postgres:
            var name = values["host"].map { "\($0):\(values["port"] ?? "5432")" } ?? host
            if !name.isEmpty, !name.hasSuffix("]"), name.contains(":") == false { name += ":5432" }
            return ["postgres \(name) \(values["service"] ?? "") \(values["dbname"] ?? below)"]
        }
    }
}
