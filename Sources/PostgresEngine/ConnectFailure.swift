internal import CPostgres
internal import StoredRecords

/// Why no connection came to be.
struct ConnectFailure {
    /// The server's SQLSTATE; empty when it was not the server that refused.
    private let state: String
    /// libpq's words without any password.
    private let message: String
    private let wantsPassword: Bool
    private let refusedFile: String?

    /// - Parameter refusedFile: a password file that was left out.
    init(_ handle: OpaquePointer, secrets: [String], refusedFile: String?) {
        var text = PQerrorMessage(handle).map { String(cString: $0) } ?? ""
        for secret in secrets + [PQpass(handle).map { String(cString: $0) } ?? ""] where !secret.isEmpty {
            text = text.split(separator: secret, omittingEmptySubsequences: false).joined(separator: "***")
        }
        message = text
        state = Self.state(in: text)
        self.refusedFile = refusedFile
        wantsPassword = PQconnectionNeedsPassword(handle) == 1
    }

    /// The code in `FATAL:  28P01: password ...`; of several hosts' messages the last one's.
    static func state(in message: String) -> String {
        var state = ""
        for line in message.split(separator: "\n") {
            for part in line.split(separator: ":") {
                let code = part.drop { $0 == " " }
                if part.hasPrefix("  "), code.utf8.count == 5,
                    code.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) })
                {
                    state = String(code)
                }
            }
        }
        return state
    }

    func error(_ operation: String, place: String) -> StorageError {
        func make(_ kind: StorageError.Kind, _ reason: String, _ help: String = "") -> StorageError {
            StorageError(kind, operation: operation, place: place, reason: reason, help: help)
        }
        if wantsPassword, let refusedFile {
            return make(
                .denied,
                "the server wants a password, and the password file \(refusedFile) is not used as others may read it",
                "let only its owner read it (chmod 600)")
        }
        if wantsPassword {
            return make(
                .denied, "the server wants a password and none was given",
                "give it in the connection text, the password file or PGPASSWORD")
        }
        switch state {
        case "28P01": return make(.denied, "the server refuses the user or the password", "check both")
        case "28000":
            // The role does not exist, or pg_hba.conf lets it in from nowhere, or only with TLS.
            return make(
                .denied, "the server does not let this user in from here",
                "check user, host and sslmode, and its pg_hba.conf")
        case "3D000": return make(.notFound, "there is no such database on the server", "check the database's name")
        case "42501":
            return make(.denied, "the user may not connect to this database", "ask its owner for the permission")
        case "53300": return make(.unavailable, "the server has no connection left for this user", "try again later")
        case "57P03": return make(.unavailable, "the server is starting or stopping", "try again")
        case "": return localError(make)
        default: return make(.unavailable, "the server refuses the connection (SQLSTATE \(state))")
        }
    }

    /// What libpq found by itself; it has no codes, only words.
    private func localError(_ make: (StorageError.Kind, String, String) -> StorageError) -> StorageError {
        func says(_ words: String...) -> Bool { words.contains { message.contains($0) } }
        if says("root certificate file") {
            return make(
                .denied, "the file of trusted authorities, which sslmode asks for, is not there or cannot be read",
                "name one with sslrootcert")
        }
        if says("certificate verify failed", "self-signed") {
            return make(
                .denied, "the server's certificate is not trusted",
                "name the certificate of the authority that signed it with sslrootcert")
        }
        if says("server certificate for") {
            return make(
                .denied, "the server's certificate is one for another host", "use the host name that it is for")
        }
        if says("does not support SSL") {
            return make(.denied, "the server does not offer TLS, which sslmode asks for", "check the server or sslmode")
        }
        if says("SSL error", "SSL SYSCALL", "private key", "certificate file") {
            return make(.denied, "TLS failed: \(firstLine)", "check sslmode and the certificates")
        }
        if says("could not translate host name") {
            return make(.unavailable, "the host's name is not known", "check the host")
        }
        if says("definition of service", "service file", "syntax error in service file") {
            return make(
                .invalid, "the service is not in libpq's service file, or that is wrong", "check ~/.pg_service.conf")
        }
        if says("Connection refused", "No such file or directory") {
            return make(.unavailable, "no server listens there", "start it, or check host and port")
        }
        if says("timeout expired", "Connection timed out") {
            return make(.timedOut, "the server did not answer", "try again")
        }
        if says("No route to host", "Network is unreachable") {
            return make(.unavailable, "there is no way to the host", "check the network")
        }
        if says("Permission denied") {
            return make(.denied, "the permission for the server's socket is missing", "check its directory")
        }
        if says("invalid sslmode value", "invalid port number", "invalid value", "invalid connection option") {
            return make(.invalid, "libpq does not take the settings: \(firstLine)", "check them")
        }
        return make(.unavailable, "there is no connection: \(firstLine)", "try again")
    }

    private var firstLine: String {
        let line = message.split(separator: "\n").first.map(String.init) ?? "libpq does not say why"
        return line.hasSuffix(".") ? String(line.dropLast()) : line
    }
}
