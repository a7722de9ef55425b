public import StoredRecords

/// Where a Redis server is and as whom to speak to it.
///
/// Forms: `redis://[USER[:PASSWORD]@]HOST[:PORT][/DB]`, the same with
/// `rediss://` over TLS, and `unix://[USER[:PASSWORD]@]/PATH[?db=N]` (also
/// spelled `redis+unix://`). Options behind `?`: `db`, and for TLS `ca`, `cert`,
/// `key` (PEM files) and `name` (what the certificate must be for); the names
/// that redis-py gives the same things are taken too.
public struct RedisLocation: Sendable, Hashable {
    public enum Address: Sendable, Hashable {
        case tcp(host: String, port: UInt16)
        case unix(path: String)
    }

    public var address: Address
    /// `nil` speaks as the server's default user.
    public var user: String?
    public var password: String?
    public var database: Int
    /// `nil` for a connection in clear.
    public var tls: RedisTLS?

    public init(
        _ address: Address, user: String? = nil, password: String? = nil, database: Int = 0, tls: RedisTLS? = nil
    ) {
        self.address = address
        self.user = user
        self.password = password
        self.database = database
        self.tls = tls
    }

    /// Reads a URL; throws `invalid`, and never repeats the URL, since it may hold a password.
    public init(_ url: String) throws(StorageError) {
        guard let mark = url.firstRange(of: "://") else { throw Self.invalid("it has no \"://\"") }
        let scheme = url[..<mark.lowerBound].lowercased()
        guard ["redis", "rediss", "unix", "redis+unix"].contains(scheme) else {
            throw Self.invalid("it does not begin with redis://, rediss:// or unix://")
        }
        let rest = url[mark.upperBound...]
        let queryStart = rest.firstIndex(of: "?") ?? rest.endIndex
        let body = rest[..<queryStart]
        let pathStart = body.firstIndex(of: "/") ?? body.endIndex
        let authority = body[..<pathStart]
        var host = authority
        if let at = authority.lastIndex(of: "@") {
            host = authority[authority.index(after: at)...]
            let parts = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let name = try Self.decoded(parts[0])
            user = name.isEmpty ? nil : name
            password = parts.count == 2 ? try Self.decoded(parts[1]) : nil
        }
        database = 0
        let path = try Self.decoded(body[pathStart...])
        if scheme == "unix" || scheme == "redis+unix" {
            guard host.isEmpty, path.count > 1 else {
                throw Self.invalid("a unix location needs the absolute path of the socket")
            }
            address = .unix(path: path)
        } else {
            address = try Self.tcp(host)
            let number = path.dropFirst()
            if !number.isEmpty { database = try Self.databaseNumber(String(number)) }
            if scheme == "rediss" { tls = RedisTLS() }
        }
        if queryStart < rest.endIndex { try readOptions(rest[rest.index(after: queryStart)...]) }
    }

    private mutating func readOptions(_ query: Substring) throws(StorageError) {
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = try Self.decoded(parts[0])
            let value = parts.count == 2 ? try Self.decoded(parts[1]) : ""
            switch name {
            case "db": database = try Self.databaseNumber(value)
            case "username": user = value
            case "password": password = value
            case "ca", "ssl_ca_certs", "cert", "ssl_certfile", "key", "ssl_keyfile", "name", "ssl_cert_reqs",
                "ssl_check_hostname":
                guard tls != nil else { throw Self.invalid("the option \"\(name)\" needs rediss://") }
                try readTLSOption(name, value)
            default:
                throw Self.invalid(
                    "it has an option that is not known", help: "the options are db, ca, cert, key and name")
            }
        }
    }

    private mutating func readTLSOption(_ name: String, _ value: String) throws(StorageError) {
        switch name {
        case "ca", "ssl_ca_certs": tls?.authorityFile = value
        case "cert", "ssl_certfile": tls?.certificateFile = value
        case "key", "ssl_keyfile": tls?.keyFile = value
        case "name": tls?.serverName = value
        default:
            guard ["required", "true"].contains(value.lowercased()) else {
                throw Self.invalid(
                    "\"\(name)\" asks not to check the server's certificate",
                    help: "name the authority that signed it with ca=FILE instead")
            }
        }
    }

    private static func tcp(_ text: Substring) throws(StorageError) -> Address {
        var host = text
        var port: Substring?
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { throw invalid("the address in [ ] has no end") }
            host = text[text.index(after: text.startIndex)..<end]
            let behind = text[text.index(after: end)...]
            if behind.first == ":" {
                port = behind.dropFirst()
            } else if !behind.isEmpty {
                throw invalid("something other than a port follows the address in [ ]")
            }
        } else if let colon = text.lastIndex(of: ":") {
            host = text[..<colon]
            port = text[text.index(after: colon)...]
        }
        var number: UInt16 = 6379
        if let port, !port.isEmpty {
            guard let given = UInt16(port), given > 0 else { throw invalid("the port is not a number up to 65535") }
            number = given
        }
        return .tcp(host: host.isEmpty ? "localhost" : try decoded(host), port: number)
    }

    private static func databaseNumber(_ text: String) throws(StorageError) -> Int {
        guard let number = Int(text), number >= 0, number <= Int(Int32.max) else {
            throw invalid("the database is not a number")
        }
        return number
    }

    private static func decoded(_ text: some StringProtocol) throws(StorageError) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
                throw invalid("a \"%\" is not followed by two hexadecimal digits")
            }
            bytes.append(value)
            rest.removeFirst(2)
        }
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            throw invalid("it is not UTF-8 text")
        }
        return text
    }

    private static func invalid(
        _ reason: String, help: String = "write redis://USER:PASSWORD@HOST:PORT/DB"
    ) -> StorageError {
        StorageError(.invalid, operation: "read the Redis location", place: "", reason: reason, help: help)
    }
}

extension RedisLocation: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The location without user and password.
    public var description: String {
        switch address {
        case .unix(let path): database == 0 ? "unix://\(path)" : "unix://\(path)?db=\(database)"
        case .tcp(let host, let port):
            "\(tls == nil ? "redis" : "rediss")://\(host.contains(":") ? "[\(host)]" : host):\(port)/\(database)"
        }
    }

    public var debugDescription: String { description }
    /// Nothing, so that no dump shows a password.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
