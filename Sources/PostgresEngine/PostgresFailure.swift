internal import StoredRecords

/// What the server reported about one failed statement.
struct PostgresFailure {
    /// The SQLSTATE (https://www.postgresql.org/docs/15/errcodes-appendix.html);
    /// empty when the connection broke.
    let state: String
    /// The server's own first sentence; for some codes it quotes stored content.
    let message: String

    /// A change was asked of a session that only reads.
    static let readOnlySession = "25006"
    /// A row refers to one that is not there.
    static let missingReference = "23503"

    /// The one place where a code gets its meaning.
    ///
    /// The server's words are passed on only where they speak of the statement
    /// and the schema, never where they could quote stored content.
    func error(_ operation: String, place: String) -> StorageError {
        func make(_ kind: StorageError.Kind, _ reason: String, _ help: String = "") -> StorageError {
            StorageError(kind, operation: operation, place: place, reason: reason, help: help)
        }
        switch state {
        case "":
            return make(
                .unavailable, "the connection to the server broke",
                "try again; the server takes back unfinished changes")
        case "23505": return make(.conflict, "there is already such a row (\(message))")
        case "23502", "23503", "23514", "23P01", "23000", "23001":
            return make(.invalid, "the database does not allow it (\(message))")
        case Self.readOnlySession:
            return make(
                .readOnly, "the server only allows reading",
                "connect to the primary server, or look at default_transaction_read_only")
        case "40001", "40P01":
            return make(
                .conflict, "another program changed the same rows meanwhile",
                "load again and repeat; nothing was changed")
        case "42501": return make(.denied, message, "ask the owner of the database for the permission")
        case "42601": return make(.invalid, "the text is not one statement that is allowed here (\(message))")
        case "53100": return make(.full, "no space is left on the server's disk", "free some space and try again")
        case "53200": return make(.failed, "no memory is left on the server")
        case "55P03":
            return make(
                .busy, "another program holds a lock", "wait until that program is done or close it, then try again")
        case "57014":
            return make(
                .timedOut, "the server ended the statement, because of its time limit or by its administrator",
                "try again")
        case "21000": return make(.failed, message)
        case "XX001", "XX002":
            return make(.corrupt, "the database is damaged (\(message))", "restore it from a backup")
        default: return classError(make)
        }
    }

    private func classError(_ make: (StorageError.Kind, String, String) -> StorageError) -> StorageError {
        switch state.prefix(2) {
        case "08": return make(.unavailable, "the connection to the server broke", "try again")
        case "22": return make(.invalid, "a value is not one of its column's type (SQLSTATE \(state))", "")
        case "28": return make(.denied, "the server refuses the user", "check user and password")
        case "42", "3D", "3F": return make(.failed, message, "")
        case "53": return make(.unavailable, message, "try again later")
        case "54": return make(.invalid, message, "")
        case "57": return make(.unavailable, "the server is stopping or starting", "try again")
        case "P0": return make(.failed, "a function or trigger of the database refused it (SQLSTATE \(state))", "")
        default: return make(.failed, "the server reported SQLSTATE \(state)", "")
        }
    }
}
