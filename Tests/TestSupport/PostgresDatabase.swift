import CPostgres
import Synchronization

/// A database of a test's own, reached by libpq's plain interface and not by
/// the engine; another test's when the value goes.
public final class PostgresDatabase: Sendable {
    public let name: String
    private let server: String
    private let client: PlainClient

    /// Those that no test uses, as making one takes longer than emptying it.
    private static let free = Mutex<[String]>([])
    /// All that this process has taken; its own locks would not keep it from taking one twice.
    private static let taken = Mutex<[String]>([])
    /// One for all, as connecting takes longer than what it is needed for.
    private static let maker = Mutex<PlainClient?>(nil)
    private let isPlain: Bool

    /// - Parameter options: behind CREATE DATABASE and the name.
    public init(_ options: String = "") throws {
        server = try TestServer.postgres.value()
        isPlain = options.isEmpty
        let used = isPlain ? Self.free.withLock { $0.popLast() } : nil
        if let used {
            name = used
        } else {
            name = try Self.onServer(server) { try Self.made(options, $0) }
        }
        client = PlainClient(Self.location(server, name, user: nil, password: nil, query: "?sslmode=disable"))
        guard isPlain else { return }
        // A test may have made it one for reading only.
        _ = try client.rows("SET default_transaction_read_only = off")
        _ = try client.rows(Self.emptying)
    }

    deinit {
        client.close()
        if isPlain {
            Self.free.withLock { $0.append(name) }
        } else {
            _ = try? Self.onServer(server) { try $0.rows("DROP DATABASE \(name) WITH (FORCE)") }
        }
    }

    /// A new one, or one that an earlier run has left; that no other run uses
    /// it, a lock tells that ends with this process.
    private static func made(_ options: String, _ client: PlainClient) throws -> String {
        if options.isEmpty {
            let mine = taken.withLock { $0.map { "'\($0)'" } + ["''"] }.joined(separator: ", ")
            let left = try client.rows(
                """
                SELECT datname FROM pg_database WHERE datname ~ '^t[0-9]+$' AND datname NOT IN (\(mine)) \
                AND pg_try_advisory_lock(hashtext(datname)) LIMIT 1
                """)
            if let name = left.first?[0] {
                taken.withLock { $0.append(name) }
                return name
            }
        }
        let name = "t\(UInt64.random(in: 0 ... .max))"
        taken.withLock { $0.append(name) }
        _ = try client.rows("SELECT pg_advisory_lock(hashtext('\(name)'))")
        _ = try client.rows("CREATE DATABASE \(name) \(options)")
        return name
    }

    /// Ends what still uses the database and takes away all that a test may have made.
    private static let emptying = """
        SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid();
        DO $$ DECLARE item text; BEGIN
            FOR item IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
                EXECUTE format('DROP SCHEMA %I CASCADE', item);
            END LOOP;
            FOR item IN SELECT rolname FROM pg_roles WHERE rolname = 'u' || current_database() LOOP
                EXECUTE format('DROP OWNED BY %I; DROP ROLE %I', item, item);
            END LOOP;
            EXECUTE format('ALTER DATABASE %I RESET ALL', current_database());
            CREATE SCHEMA public;
            GRANT USAGE ON SCHEMA public TO PUBLIC;
        END $$
        """

    private static func onServer<T>(_ server: String, _ body: (PlainClient) throws -> T) throws -> T {
        try maker.withLock { maker in
            let client = maker ?? PlainClient(server)
            maker = client
            return try body(client)
        }
    }

    /// The URL of the database, with the password; in clear, which is quicker.
    public var location: String { location(query: "?sslmode=disable") }

    /// The same with another user, password or query.
    public func location(user: String? = nil, password: String? = nil, query: String = "") -> String {
        Self.location(server, name, user: user, password: password, query: query)
    }

    /// Where the server listens on loopback.
    public var port: UInt16 {
        get throws {
            guard let port = server.split(separator: "@").last?.split(separator: "/").first?.split(separator: ":").last,
                let number = UInt16(port)
            else { throw MissingServer(variable: "the port of \(TestServer.postgres.rawValue)") }
            return number
        }
    }

    /// The database by way of a proxy in front of the server's port.
    public func location(by proxy: ServerProxy, query: String = "?sslmode=disable") throws -> String {
        location(query: query).replacing(":\(try port)/", with: ":\(proxy.port)/")
    }

    private static func location(
        _ server: String, _ name: String, user: String?, password: String?, query: String
    ) -> String {
        let parts = server.split(separator: "/").map(String.init)
        let halves = parts[1].split(separator: "@").map(String.init)
        let login = halves[0].split(separator: ":").map(String.init)
        return "postgres://\(user ?? login[0]):\(password ?? login[1])@\(halves[1])/\(name)\(query)"
    }

    /// Runs statements, several at once if need be.
    public func run(_ text: String) throws { _ = try client.rows(text) }

    /// The rows of the last statement as text.
    public func rows(_ text: String) throws -> [[String?]] { try client.rows(text) }
}

/// A connection that opens when it is first needed; one user at a time.
private final class PlainClient: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private struct Handle: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    private let location: String
    private let handle = Mutex<Handle?>(nil)

    init(_ location: String) { self.location = location }

    deinit { close() }

    func close() {
        handle.withLock { handle in
            if let handle { PQfinish(handle.pointer) }
            handle = nil
        }
    }

    func rows(_ text: String) throws -> [[String?]] {
        try handle.withLock { handle in
            if handle == nil {
                let opened = PQconnectdb(location)
                guard let opened, PQstatus(opened) == CONNECTION_OK else {
                    let message = opened.flatMap { PQerrorMessage($0) }.map { String(cString: $0) } ?? "no connection"
                    PQfinish(opened)
                    throw Failure(description: message)
                }
                ctx_pg_silence(opened)
                PQsetClientEncoding(opened, "UTF8")
                handle = Handle(pointer: opened)
            }
            let result = PQexec(handle?.pointer, text)
            defer { PQclear(result) }
            guard [PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY].contains(PQresultStatus(result)) else {
                throw Failure(description: PQresultErrorMessage(result).map { String(cString: $0) } ?? "failed")
            }
            return (0..<PQntuples(result)).map { row in
                (0..<PQnfields(result)).map { column in
                    PQgetisnull(result, row, column) == 1
                        ? nil : PQgetvalue(result, row, column).map { String(cString: $0) }
                }
            }
        }
    }
}
