internal import CPostgres
internal import EngineCore
internal import StoredRecords

/// Where a database is, in one of the forms libpq takes: a URL
/// (`postgres://`, `postgresql://`) or `keyword=value` pairs. What it leaves
/// out comes from libpq's own sources: the service file, the password file and
/// the environment.
struct PostgresLocation: Sendable {
    let text: String
    /// Values that may not show in any text: those of the password keywords.
    let secrets: [String]
    /// What the text sets, by libpq's keywords.
    let settings: [String: String]
    /// The location for people until a connection tells it better.
    let place: String

    /// Throws `unavailable` without libpq, `invalid` for what it would misread. None of the text is
    /// repeated in the error, as a wrong mark may have put the password anywhere.
    init(_ text: String, _ operation: String) throws(StorageError) {
        if let missing = StorageError.missingLibrary(
            ctx_pg_load(), package: "libpq5", operation: operation, place: "PostgreSQL")
        {
            throw missing
        }
        let isURL = Self.schemes.contains { text.hasPrefix($0) }
        var message: UnsafeMutablePointer<CChar>?
        let parsed = PQconninfoParse(text, &message)
        defer {
            PQconninfoFree(parsed)
            if let message { PQfreemem(message) }
        }
        let settings = parsed.map(Self.settings)
        guard let settings, isURL || text.isEmpty || text.contains("="), !isURL || Self.hasPlainMarks(text),
            settings["port"]?.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ",") }) ?? true
        else {
            throw StorageError(
                .invalid, operation: operation, place: "PostgreSQL",
                reason: "the connection text is not one that libpq understands",
                help: "write postgres://USER@HOST:PORT/DATABASE, with @ / : in a password as %40 %2F %3A")
        }
        self.text = text
        self.settings = settings
        secrets = ["password", "sslpassword"].compactMap { settings[$0] }.filter { !$0.isEmpty }
        place = Self.place(
            user: settings["user"], host: settings["host"], port: settings["port"], database: settings["dbname"])
    }

    private static let schemes = ["postgres://", "postgresql://"]

    /// Whether no `@` stands where libpq would take a part of the password for a host or a database.
    private static func hasPlainMarks(_ text: String) -> Bool {
        guard let start = text.firstRange(of: "://")?.upperBound else { return true }
        let body = text[start...]
        guard let at = body.firstIndex(of: "@") else { return true }
        let path = body[at...].dropFirst()
        let behind = path[..<(path.firstIndex(of: "?") ?? path.endIndex)]
        // In front of the query an `@` belongs behind the user and before any slash.
        if behind.contains("@") { return false }
        let before = body[..<at]
        guard let slash = before.firstIndex(of: "/") else { return true }
        return before[slash...].contains("?")
    }

    static func settings(_ first: UnsafeMutablePointer<PQconninfoOption>) -> [String: String] {
        var settings: [String: String] = [:]
        var option = first
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { settings[String(cString: keyword)] = String(cString: value) }
            option = option.advanced(by: 1)
        }
        return settings
    }

    static func place(user: String?, host: String?, port: String?, database: String?) -> String {
        var text = "postgres://"
        if let user, !user.isEmpty { text += user + "@" }
        let isSocket = host?.hasPrefix("/") ?? false
        if let host, !isSocket {
            text += host
            if let port, !port.isEmpty { text += ":" + port }
        }
        text += "/" + (database ?? "")
        if let host, isSocket {
            text += "?host=" + host
            if let port, !port.isEmpty { text += "&port=" + port }
        }
        return text
    }
}
