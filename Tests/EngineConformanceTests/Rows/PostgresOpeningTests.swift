import EngineCore
import Glibc
import PostgresEngine
import StoredRecords
import TestSupport
import Testing

/// Ways to reach a server, and what is said where there is none.
@Suite(.usesPostgres, .enabled(if: TestServer.postgres.isWanted, "PostgreSQL runs"), .timeLimit(.minutes(10)))
struct PostgresOpeningTests {
    private let database: PostgresDatabase

    init() throws { database = try PostgresDatabase() }

    private var secret: String { "sesame-4711" }

    private func failure(
        _ location: String, _ kind: StorageError.Kind, sourceLocation: SourceLocation = #_sourceLocation
    ) async -> StorageError? {
        let error = await expectFailure(kind, sourceLocation: sourceLocation) {
            try await PostgresEngine(location: location, options: EngineOptions(deadline: .seconds(300)))
        }
        #expect(error?.description.contains(secret) == false, sourceLocation: sourceLocation)
        return error
    }

    @Test func `the place names user, host and database and never the password`() async throws {
        let engine = try await PostgresEngine(location: database.location)
        #expect(engine.place.hasPrefix("postgres://tester@127.0.0.1:"))
        #expect(engine.place.hasSuffix("/\(database.name)"))
    }

    @Test func `a wrong password, user or database is said so`() async throws {
        #expect(
            await failure(database.location(password: secret), .denied)?.reason
                == "the server refuses the user or the password")
        #expect(await failure(database.location(user: "nobody-here", password: secret), .denied) != nil)
        let other = database.location().split(separator: "/").dropLast().joined(separator: "/")
            .replacing("postgres:/", with: "postgres://")
        #expect(
            await failure("\(other)/no-such-database", .notFound)?.reason == "there is no such database on the server")
        let bare =
            "postgres://tester@" + (database.location().split(separator: "@").last ?? "") + "?passfile=/no/such/file"
        #expect(await failure(bare, .denied)?.reason.contains("none was given") == true)
    }

    @Test func `where nothing listens that is said`() async throws {
        let error = await failure("postgres://tester:\(secret)@127.0.0.1:1/x", .unavailable)
        #expect(error?.reason == "no server listens there" && error?.isTemporary == true)
        #expect(await failure("host=/tmp/no-such-directory user=tester password=\(secret)", .unavailable) != nil)
        #expect(await failure("postgres://tester:\(secret)@no-such-host.invalid/x", .unavailable) != nil)
        #expect(await failure("service=no-such-service password=\(secret)", .invalid) != nil)
    }

    @Test(arguments: [
        "postgres://u:sesame-4711@x@host/db", "postgres://u:a/sesame-4711@host/db", "postgres://u@host:sesame-4711/db",
        "sesame-4711", "host=x sesame-4711", "postgres://u@host/db?sesame-4711=1", "postgres://u:%zzsesame-4711@h/db",
        "https://u:sesame-4711@host/db",
    ])
    func `a text that libpq would misread is refused without a word of it`(location: String) async throws {
        let error = await failure(location, .invalid)
        #expect(error?.place == "PostgreSQL")
    }

    @Test(.timeLimit(.minutes(10)))
    func `a server that accepts and never answers ends at the deadline`() async throws {
        let (listener, port) = try Loopback.listener()
        defer { close(listener) }
        let error = await expectFailure(.timedOut) {
            try await PostgresEngine(
                location: "postgres://u:\(secret)@127.0.0.1:\(port)/x",
                options: EngineOptions(deadline: .milliseconds(300)))
        }
        #expect(error?.description.contains(secret) == false)
        let task = Task {
            try await PostgresEngine(
                location: "postgres://u@127.0.0.1:\(port)/x", options: EngineOptions(deadline: .seconds(600)))
        }
        await Task.yield()
        task.cancel()
        await expectFailure(.cancelled) { try await task.value }
    }

    @Test func `TLS is checked as sslmode asks`() async throws {
        let authority = try TestServer.postgres.value("_CA")
        // The certificate is one for localhost and not for the number.
        let full = "?sslmode=verify-full&sslrootcert=\(authority)"
        let named = database.location(query: full).replacing("127.0.0.1", with: "localhost")
        let engine = try await PostgresEngine(location: named)
        let isEncrypted = SQLStatement("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
        #expect(try await engine.query(isEncrypted).first?[0] == .text("true"))
        #expect(await failure(database.location(query: full), .denied)?.reason.contains("certificate") == true)
        // A certificate that this authority has not signed.
        let foreign = authority.replacing("ca.crt", with: "server.crt")
        #expect(
            await failure(database.location(query: "?sslmode=verify-ca&sslrootcert=\(foreign)"), .denied)?.reason
                .contains("certificate is not trusted") == true)
        // This server answers the question for TLS with no.
        let refusing = try ServerProxy(to: 1, .answer(Array("N".utf8)))
        let refused = await failure(
            "postgres://tester:\(secret)@127.0.0.1:\(refusing.port)/x?sslmode=require", .denied)
        #expect(refused?.reason == "the server does not offer TLS, which sslmode asks for")
        let strange = database.location(query: "?sslmode=verify-ca&sslrootcert=/no/such/file")
        #expect(await failure(strange, .denied)?.reason.contains("file of trusted authorities") == true)
        let plain = try await PostgresEngine(location: database.location(query: "?sslmode=disable"))
        #expect(try await plain.query(isEncrypted).first?[0] == .text("false"))
        let over = try TestServer.postgres.value("_SOCKET") + "&sslmode=disable"
        let local = try await PostgresEngine(location: over)
        #expect(local.place.contains("?host=/"))
    }

    @Test func `a server that speaks another language is no database`() async throws {
        let proxy = try ServerProxy(to: 1, .answer(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)))
        for mode in ["disable", "prefer", "require"] {
            let location = "postgres://tester:\(secret)@127.0.0.1:\(proxy.port)/x?sslmode=\(mode)"
            #expect(await failure(location, .unavailable)?.isTemporary == true)
        }
    }

    @Test func `a password file that others may read is not used, and that is said`() async throws {
        let directory = try TemporaryDirectory()
        let file = directory.path("pass")
        try RawFiles.write(file, Array("127.0.0.1:*:*:tester:pass\\:word@1/2\n".utf8))
        let location = "host=127.0.0.1 port=\(try database.port) user=tester dbname=\(database.name) passfile=\(file)"
        chmod(file, 0o644)
        #expect(await failure(location, .denied)?.reason.contains("\(file) is not used as others may read it") == true)
        chmod(file, 0o600)
        #expect(try await PostgresEngine(location: location).place.hasSuffix(database.name))
    }

    @Test func `service and password files are read by libpq`() async throws {
        let directory = try TemporaryDirectory()
        let engine = try await PostgresEngine(location: database.location)
        let parts = engine.place.split(separator: "@")[1].split(separator: "/")[0].split(separator: ":")
        try RawFiles.write(directory.path("pass"), Array("127.0.0.1:\(parts[1]):*:tester:pass\\:word@1/2\n".utf8))
        chmod(directory.path("pass"), 0o600)
        try RawFiles.write(
            directory.path("services"),
            Array("[mine]\nhost=127.0.0.1\nport=\(parts[1])\nuser=tester\ndbname=\(database.name)\n".utf8))
        let byFile =
            "host=127.0.0.1 port=\(parts[1]) user=tester dbname=\(database.name) passfile=\(directory.path("pass"))"
        #expect(try await PostgresEngine(location: byFile).place == engine.place)
        setenv("PGSERVICEFILE", directory.path("services"), 1)
        defer { unsetenv("PGSERVICEFILE") }
        let byService = "postgres://?service=mine&passfile=\(directory.path("pass"))"
        #expect(try await PostgresEngine(location: byService).place == engine.place)
    }
}
