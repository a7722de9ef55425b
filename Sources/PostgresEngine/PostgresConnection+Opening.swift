internal import CPostgres
internal import EngineCore
internal import Glibc
internal import StoredRecords

extension PostgresConnection {
    /// What a connection is for.
    enum Purpose: Sendable {
        case reading, writing
    }

    /// Connects as libpq is told to by the location and, for what that leaves
    /// out, by its own files and the environment.
    static func open(
        _ location: PostgresLocation, for purpose: Purpose, options: EngineOptions, wake: WakeSignal, job: LaneJob,
        _ operation: String
    ) throws(StorageError) -> PostgresConnection {
        let refusedFile = PasswordFile.refused(location.settings)
        guard let handle = start(location, usesPasswordFile: refusedFile == nil) else {
            throw StorageError(.failed, operation: operation, place: location.place, reason: "no memory is left")
        }
        let connection = PostgresConnection(
            handle: handle, place: place(of: handle), purpose: purpose, wake: wake, job: job)
        // The server's refusals then hold their code, which tells them apart in every language.
        PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
        guard try connection.connect(operation) else {
            throw ConnectFailure(handle, secrets: location.secrets, refusedFile: refusedFile)
                .error(operation, place: connection.place)
        }
        PQsetErrorVerbosity(handle, PQERRORS_DEFAULT)
        PQsetnonblocking(handle, 1)
        guard connection.version >= 100_000 else {
            throw StorageError(
                .unsupported, operation: operation, place: connection.place,
                reason: "the server is older than PostgreSQL 10")
        }
        try connection.run(settings(for: purpose, options, connection.encoding), operation)
        return connection
    }

    /// The name of the database's own encoding.
    var encoding: String? { PQparameterStatus(handle, "server_encoding").map { String(cString: $0) } }

    private static func start(_ location: PostgresLocation, usesPasswordFile: Bool) -> OpaquePointer? {
        // Behind the location, which stands in place of a database name, so that they count.
        var settings = [
            ("fallback_application_name", "ctxbrowse"), ("dbname", location.text), ("client_encoding", "UTF8"),
        ]
        if !usesPasswordFile { settings.append(("passfile", PasswordFile.none)) }
        var keywords: [UnsafePointer<CChar>?] = []
        var values: [UnsafePointer<CChar>?] = []
        for (keyword, value) in settings {
            keywords.append(strdup(keyword).map { UnsafePointer($0) })
            values.append(strdup(value).map { UnsafePointer($0) })
        }
        defer { for copy in keywords + values { free(UnsafeMutablePointer(mutating: copy)) } }
        return PQconnectStartParams(keywords + [nil], values + [nil], 1)
    }

    private static func place(of handle: OpaquePointer) -> String {
        func text(_ value: UnsafeMutablePointer<CChar>?) -> String? { value.map { String(cString: $0) } }
        return PostgresLocation.place(
            user: text(PQuser(handle)), host: text(PQhost(handle)), port: text(PQport(handle)),
            database: text(PQdb(handle)))
    }

    private func connect(_ operation: String) throws(StorageError) -> Bool {
        guard !isFailed else { return false }
        var state = PGRES_POLLING_WRITING
        while true {
            switch state {
            case PGRES_POLLING_OK: return true
            case PGRES_POLLING_READING: try wait(for: POLLIN, operation)
            case PGRES_POLLING_WRITING: try wait(for: POLLOUT, operation)
            default: return false
            }
            state = PQconnectPoll(handle)
        }
    }

    private var isFailed: Bool { PQstatus(handle) == CONNECTION_BAD }

    /// Forms of values that lose nothing and do not depend on the server's
    /// settings, and time limits for where a cancel does not reach.
    private static func settings(
        for purpose: Purpose, _ options: EngineOptions, _ encoding: String?
    ) -> String {
        // A second more, so that nearly always the caller's own limit answers.
        let deadline = milliseconds(options.deadline + .seconds(1))
        // Less than the deadline, so that the answer names the lock and not the time.
        let patience = milliseconds(min(options.deadline / 2, .seconds(5)))
        var settings = """
            SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; SET TimeZone = 'UTC'; \
            SET bytea_output = 'hex'; SET extra_float_digits = 3; SET standard_conforming_strings = on; \
            SET lock_timeout = \(patience); SET idle_in_transaction_session_timeout = \(deadline); \
            SELECT set_config('statement_timeout', CASE WHEN setting::bigint BETWEEN 1 AND \(deadline) \
            THEN setting ELSE '\(deadline)' END, false) FROM pg_settings WHERE name = 'statement_timeout'
            """
        if purpose == .reading { settings += "; SET default_transaction_read_only = on" }
        // Such a database holds bytes of no known encoding; they go through as they are.
        if encoding == "SQL_ASCII" { settings += "; SET client_encoding = 'SQL_ASCII'" }
        return settings
    }

    private static func milliseconds(_ duration: Duration) -> Int64 {
        let parts = duration.components
        let limit = Int64(Int32.max)
        if parts.seconds >= limit / 1000 { return limit }
        return max(1, parts.seconds * 1000 + parts.attoseconds / 1_000_000_000_000_000)
    }
}
