internal import CPostgres
internal import Glibc

/// The file in which libpq looks for a password
/// (https://www.postgresql.org/docs/15/libpq-pgpass.html).
enum PasswordFile {
    /// Names no file, so that libpq passes it over without a word.
    static let none = "/dev/null/none"

    /// The file that libpq would not use but warn of on standard error, into
    /// the middle of the screen: others may read it, or it is no plain file.
    /// - Parameter settings: those of the connection text.
    static func refused(_ settings: [String: String]) -> String? {
        func given(_ text: String?) -> String? { text.flatMap { $0.isEmpty ? nil : $0 } }
        func variable(_ name: String) -> String? { given(getenv(name).map { String(cString: $0) }) }
        guard given(settings["password"]) == nil, variable("PGPASSWORD") == nil else { return nil }
        let file =
            given(settings["passfile"]) ?? given(defaults()["passfile"]) ?? variable("HOME").map { $0 + "/.pgpass" }
        guard let file else { return nil }
        var status = stat()
        guard stat(file, &status) == 0 else { return nil }
        return status.st_mode & S_IFMT == S_IFREG && status.st_mode & 0o077 == 0 ? nil : file
    }

    /// What libpq takes from the environment and the service it names.
    private static func defaults() -> [String: String] {
        guard let options = PQconndefaults() else { return [:] }
        defer { PQconninfoFree(options) }
        return PostgresLocation.settings(options)
    }
}
