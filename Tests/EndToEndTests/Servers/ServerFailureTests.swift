import JSONText
import TestSupport
import Testing

/// What a person is told when a server cannot be used: one sentence that says
/// what failed, where, why and what to do, while the other sources answer.
@Suite(.blocks) struct ServerFailureTests {
    /// A source that cannot be opened, and all that is said of it.
    private struct Case {
        var source: String
        var sentence: String
        var code: Int32 = 1
        var variables: [String: String] = [:]
    }

    private static let secrets = ["secretpw1", "pw1", "wrongsecret1", PostgresDatabase.password, "word%401", "sesame"]

    private func check(
        _ cases: [Case], in commands: ServerCommands, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        for one in cases {
            let alone = try commands.run(["list", "threads", one.source], one.variables)
            #expect(alone.errorLines == ["ctxbrowse: \(one.sentence)"], sourceLocation: sourceLocation)
            #expect(alone.code == one.code, "\(one.source)", sourceLocation: sourceLocation)
            #expect(alone.lines == [], sourceLocation: sourceLocation)

            let beside = try commands.run(["list", "threads", "--json", one.source, commands.healthy], one.variables)
            #expect(beside.errorLines == alone.errorLines, sourceLocation: sourceLocation)
            #expect(beside.code == 1, sourceLocation: sourceLocation)
            #expect(
                beside.lines.count == ServerCommands.healthyThreads, "\(one.source)", sourceLocation: sourceLocation)

            let states = try commands.run(["sources", "--json", one.source, commands.healthy], one.variables)
            #expect(states.errorLines == alone.errorLines, sourceLocation: sourceLocation)
            #expect(states.code == 1, sourceLocation: sourceLocation)
            let reports = try states.lines.map { try JSONValue.parse($0) }
            // What cannot even be a source is only on standard error.
            if reports.count == 2 {
                #expect(reports[0]["state"]?.stringValue == "failed", sourceLocation: sourceLocation)
                #expect(reports[0]["error"]?.stringValue == one.sentence, sourceLocation: sourceLocation)
            }
            #expect(reports.last?["state"]?.stringValue == "ok", sourceLocation: sourceLocation)
            var said = alone.errors + beside.errors + states.errors + beside.text + states.text
            for value in one.variables.values { said += value.isEmpty ? "" : said.contains(value) ? " LEAK" : "" }
            for secret in Self.secrets + [" LEAK"] {
                #expect(!said.contains(secret), "\(one.source)", sourceLocation: sourceLocation)
            }
        }
    }

    // MARK: Redis

    private static let form = "write redis://USER:PASSWORD@HOST:PORT/DB"

    @Test(.enabled(if: TestServer.redis.isWanted))
    func `a Redis server that cannot be used`() throws {
        let server = "127.0.0.1:\(try TestServer.redis.port())"
        func cannot(_ place: String, _ why: String) -> String { "cannot open the database in \(place): \(why)" }
        let refused = "the server refuses the user or the password; check both in the location"
        try check(
            [
                Case(
                    source: "redis://127.0.0.1:1/0",
                    sentence: cannot(
                        "redis://127.0.0.1:1/0", "nothing listens there; start the server, or check host and port")),
                Case(
                    source: "unix:///nowhere/redis.sock",
                    sentence: cannot(
                        "unix:///nowhere/redis.sock",
                        "there is no such socket; start the server, or check the path"), code: 3),
                Case(
                    source: "redis://writer:secretpw1@\(server)/0", sentence: cannot("redis://\(server)/0", refused)),
                Case(
                    source: "redis://nobody:secretpw1@\(server)/0", sentence: cannot("redis://\(server)/0", refused)),
                Case(
                    source: "redis://:secretpw1@\(server)/0",
                    sentence: cannot(
                        "redis://\(server)/0",
                        "the server has no password for its default user; leave the password out, or name the user too"
                    )),
                Case(
                    source: "redis://\(server)/5000",
                    sentence: cannot(
                        "redis://\(server)/5000", "the server has no database of this number; check the number"),
                    code: 3),
                Case(
                    source: "rediss://\(server)/0",
                    sentence: cannot(
                        "rediss://\(server)/0",
                        "the server does not answer in TLS; use redis:// or its port for TLS")),
            ], in: ServerCommands())
    }

    @Test(.enabled(if: TestServer.redisTLS.isWanted))
    func `a Redis server whose certificate is not trusted or that wants TLS`() throws {
        let server = "localhost:\(try TestServer.redisTLS.port())"
        try check(
            [
                Case(
                    source: "rediss://\(server)/0",
                    sentence: "cannot open the database in rediss://\(server)/0: the server's certificate is not "
                        + "trusted (self-signed certificate in certificate chain); name the authority that signed it "
                        + "with ca=FILE"),
                Case(
                    source: "rediss://\(server)/0?ca=/nowhere.pem",
                    sentence: "cannot open the database in rediss://\(server)/0: the file of trusted authorities "
                        + "cannot be used; check ca=FILE"),
                Case(
                    source: "redis://\(server)/0",
                    sentence: "cannot open the database in redis://\(server)/0: the server closed the connection; "
                        + "look whether it runs; if this port speaks TLS, use rediss://"),
            ], in: ServerCommands())
    }

    @Test(.enabled(if: TestServer.redisCluster.isWanted))
    func `a database number in a cluster`() throws {
        let place = "redis://127.0.0.1:\(try TestServer.redisCluster.port())/3"
        try check(
            [
                Case(
                    source: place,
                    sentence:
                        "cannot open the database in \(place): a cluster has only database 0; leave the database out",
                    code: 2)
            ], in: ServerCommands())
    }

    @Test func `locations that no server can have are told with their place and without their password`() throws {
        func cannot(_ place: String, _ why: String, _ help: String) -> String {
            "cannot open \(place): \(why); \(help)"
        }
        let options = "the options are db, ca, cert, key and name"
        let bucket = "write s3://BUCKET/PREFIX?endpoint=URL&region=REGION"
        let cases: [(source: String, sentence: String)] = [
            ("redis://h:99999/0", cannot("redis://h:99999/0", "the port is not a number up to 65535", Self.form)),
            ("redis://h/abc", cannot("redis://h/abc", "the database is not a number", Self.form)),
            ("redis://h/%zz", cannot("redis://h/%zz", "a \"%\" is not followed by two hexadecimal digits", Self.form)),
            ("redis://:secretpw1@[::1/0", cannot("redis://[::1/0", "the address in [ ] has no end", Self.form)),
            (
                "redis://ann:secret?pw1@h/0",
                cannot("redis://ann:@h/0", "the port is not a number up to 65535", Self.form)
            ),
            (
                "redis://h/0?color=blue",
                cannot("redis://h/0 in redis://h/0?color", "it has an option that is not known", options)
            ),
            (
                "redis://h/0?ca=/x",
                cannot("redis://h/0 in redis://h/0?ca=/x", "the option \"ca\" needs rediss://", Self.form)
            ),
            (
                "rediss://h/0?ssl_cert_reqs=none",
                cannot(
                    "rediss://h/0 in rediss://h/0?ssl_cert_reqs",
                    "\"ssl_cert_reqs\" asks not to check the server's certificate",
                    "name the authority that signed it with ca=FILE instead")
            ),
            (
                "s3://b/p?color=blue",
                cannot("s3://b/p in s3://b/p?color", "it has an option that is not known", bucket)
            ),
            (
                "s3://?region=r",
                cannot(
                    "s3:// in s3://?region=r", "the bucket name is empty or has characters that no bucket has", bucket)
            ),
            (
                "s3://ann:secretpw1@b/p",
                cannot("s3://ann:@b/p", "credentials do not belong in the location", bucket)
            ),
            (
                "s3://b?region=no%20such",
                cannot(
                    "s3://b in s3://b?region=no%20such", "the region is not a region's name",
                    "write one like eu-west-1")
            ),
            (
                "s3://b?endpoint=ftp://x",
                cannot(
                    "s3://b in s3://b?endpoint=ftp://x", "it begins with neither https:// nor http://",
                    "write it as https://HOST:PORT")
            ),
            (
                "mysql://ann:secretpw1@h/x",
                cannot(
                    "a mysql:// location", "nothing here can reach such a place",
                    "write a path, sqlite:PATH, or a location with postgres://, redis://, rediss://, unix:// or s3://")
            ),
        ]
        try check(cases.map { Case(source: $0.source, sentence: $0.sentence, code: 2) }, in: ServerCommands())
    }

    // MARK: PostgreSQL

    private static let postgresForm =
        "the connection text is not one that libpq understands; "
        + "write postgres://USER@HOST:PORT/DATABASE, with @ / : in a password as %40 %2F %3A"

    @Test(.enabled(if: TestServer.postgres.isWanted), .usesPostgres)
    func `a PostgreSQL server that cannot be used`() throws {
        let database = try PostgresDatabase()
        try database.fillThreads(["t"], messages: 1)
        // One may connect and see no table's rows, one has no connection left to open.
        let user = "u" + database.name
        try database.run("CREATE ROLE \(user) LOGIN PASSWORD 'sesame'")
        let server = "127.0.0.1:\(try database.port)"
        let name = database.name
        func cannot(_ place: String, _ why: String) -> String {
            "cannot open the database in postgres://\(place): \(why)"
        }
        func bare(_ user: String, _ password: String, _ rest: String) -> String {
            "postgres://\(user)\(password.isEmpty ? "" : ":" + password)@\(rest)"
        }
        let refused = "the server refuses the user or the password; check both"
        let silence = "no server listens there; start it, or check host and port"
        try check(
            [
                Case(
                    source: bare("tester", "secretpw1", "\(server)/\(name)"),
                    sentence: cannot("tester@\(server)/\(name)", refused)),
                Case(
                    source: bare("nobody", "secretpw1", "\(server)/\(name)"),
                    sentence: cannot("nobody@\(server)/\(name)", refused)),
                Case(
                    source: bare("tester", "", "\(server)/\(name)"),
                    sentence: cannot("tester@\(server)/\(name)", refused),
                    variables: ["PGPASSWORD": "secretpw1"]),
                Case(
                    source: bare("tester", "", "\(server)/\(name)"),
                    sentence: cannot(
                        "tester@\(server)/\(name)",
                        "the server wants a password and none was given; give it in the connection text, the "
                            + "password file or PGPASSWORD")),
                Case(
                    source: database.location.replacing("/\(name)?", with: "/nowhere?"),
                    sentence: cannot(
                        "tester@\(server)/nowhere",
                        "there is no such database on the server; check the database's name"), code: 3),
                Case(
                    source: bare("tester", "secretpw1", "127.0.0.1:1/x"),
                    sentence: cannot("tester@127.0.0.1:1/x", silence)),
                Case(
                    source: bare("tester", "secretpw1", "/x?host=/nowhere"),
                    sentence: cannot("tester@/x?host=/nowhere&port=5432", silence)),
                Case(
                    source: bare("tester", "secretpw1", "no-such-host.invalid/x"),
                    sentence: cannot(
                        "tester@no-such-host.invalid:5432/x", "the host's name is not known; check the host")),
                Case(
                    source: database.location(user: user, password: "sesame"),
                    sentence: "cannot read rows in postgres://\(user)@\(server)/\(name): permission denied for table "
                        + "threads; ask the owner of the database for the permission"),
            ], in: ServerCommands())
        try database.run("ALTER ROLE \(user) CONNECTION LIMIT 0")
        try check(
            [
                Case(
                    source: database.location(user: user, password: "sesame"),
                    sentence: cannot(
                        "\(user)@\(server)/\(name)",
                        "the server has no connection left for this user; try again later"))
            ], in: ServerCommands())
        try database.run("ALTER ROLE \(user) CONNECTION LIMIT -1; REVOKE CONNECT ON DATABASE \(name) FROM PUBLIC")
        defer { try? database.run("GRANT CONNECT ON DATABASE \(name) TO PUBLIC") }
        try check(
            [
                Case(
                    source: database.location(user: user, password: "sesame"),
                    sentence: cannot(
                        "\(user)@\(server)/\(name)",
                        "the user may not connect to this database; ask its owner for the permission"))
            ], in: ServerCommands())
    }

    @Test(.enabled(if: TestServer.postgres.isWanted), .usesPostgres)
    func `a PostgreSQL server without the TLS that is asked for`() throws {
        let database = try PostgresDatabase()
        let authority = try TestServer.postgres.value("_CA")
        // This server answers the question for TLS with no.
        let plain = try ServerProxy(to: 1, .answer(Array("N".utf8)))
        let place = "postgres://tester@127.0.0.1:\(try database.port)/\(database.name)"
        func failure(_ query: String, _ why: String) -> Case {
            Case(
                source: database.location(query: "?sslmode=" + query),
                sentence: "cannot open the database in \(place): \(why)")
        }
        let noFile =
            "the file of trusted authorities, which sslmode asks for, is not there or cannot be read; "
            + "name one with sslrootcert"
        try check(
            [
                Case(
                    source: "postgres://tester:secretpw1@127.0.0.1:\(plain.port)/x?sslmode=require",
                    sentence: "cannot open the database in postgres://tester@127.0.0.1:\(plain.port)/x: the server "
                        + "does not offer TLS, which sslmode asks for; check the server or sslmode"),
                // A certificate that has signed no other.
                failure(
                    "verify-ca&sslrootcert=\(authority.replacing("ca.crt", with: "server.crt"))",
                    "the server's certificate is not trusted; name the certificate of the authority that signed it "
                        + "with sslrootcert"),
                failure(
                    "verify-full&sslrootcert=\(authority)",
                    "the server's certificate is one for another host; use the host name that it is for"),
                failure("verify-ca", noFile),
                failure("verify-ca&sslrootcert=/nowhere.pem", noFile),
            ], in: ServerCommands())
    }

    @Test func `connection texts that libpq does not take are told without their password`() throws {
        let misread = "cannot open the database in PostgreSQL: \(Self.postgresForm)"
        let cases: [(source: String, sentence: String)] = [
            ("postgres://ann:secretpw1@x@h/db", misread),
            ("postgres://ann:secretpw1@h:abc/db", misread),
            ("postgres://ann:secretpw1@h/db?color=blue", misread),
            (
                "postgres://ann:secretpw1@h:99999/db",
                "cannot open the database in postgres://ann@h:99999/db: "
                    + "libpq does not take the settings: invalid port number: \"99999\"; check them"
            ),
            (
                "postgres://ann:secretpw1@h/db?sslmode=sometimes",
                "cannot open the database in postgres://ann@h:5432/db: "
                    + "libpq does not take the settings: invalid sslmode value: \"sometimes\"; check them"
            ),
        ]
        try check(cases.map { Case(source: $0.source, sentence: $0.sentence, code: 2) }, in: ServerCommands())
    }

    @Test(.enabled(if: TestServer.postgres.isWanted), .usesPostgres)
    func `a PostgreSQL server that goes away while it is read`() throws {
        let commands = try ServerCommands()
        let database = try PostgresDatabase()
        try database.fillThreads(["a", "b"], messages: 3)
        let proxy = try ServerProxy(to: database.port)
        let location = try database.location(by: proxy)
        let place = "postgres://tester@127.0.0.1:\(proxy.port)/\(database.name)"
        #expect(try commands.run(["list", "threads", location]).lines.count == 2)
        let reads = proxy.seen.reads
        for cut in 1..<reads {
            proxy.set(.goneAtRead(proxy.seen.reads + cut, passesOn: cut % 2 == 0))
            let run = try commands.run(["list", "threads", "--json", location, commands.healthy])
            proxy.set(.none)
            if run.code == 0 {
                // Only the farewells were cut.
                #expect(run.lines.count == 2 + ServerCommands.healthyThreads, "cut at \(cut)")
            } else {
                #expect(run.code == 1, "cut at \(cut)")
                #expect(run.lines.count == ServerCommands.healthyThreads, "cut at \(cut)")
                #expect(run.errorLines.count == 1, "cut at \(cut): \(run.errors)")
                #expect(
                    run.errors.contains(place) && run.errors.contains("; try again"), "cut at \(cut): \(run.errors)")
                for secret in Self.secrets { #expect(!run.errors.contains(secret)) }
            }
        }
        #expect(try commands.run(["list", "threads", location]).lines.count == 2)
    }

    // MARK: S3

    @Test(arguments: [TestServer.moto, .seaweedfs].filter(\.isWanted))
    func `an S3 server that cannot be used`(server: TestServer) throws {
        let endpoint = try server.value("_ENDPOINT")
        let bucket = try server.value("_BUCKET")
        func cannot(_ bucket: String, _ query: String, _ why: String) -> String {
            "cannot open the bucket in s3://\(bucket)/x/?\(query): \(why)"
        }
        let query = "endpoint=\(endpoint)&region=us-east-1&path-style=true"
        let source = "s3://\(bucket)/x?\(query)"
        try check(
            [
                Case(
                    source: source,
                    sentence: cannot(
                        bucket, query,
                        "there are no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile "
                            + "with profile=NAME")),
                Case(
                    source: source,
                    sentence: cannot(bucket, query, "the secret key is wrong; check the credentials"),
                    variables: server.credentials(secret: "wrongsecret1")),
                Case(
                    source: source,
                    sentence: cannot(
                        bucket, query,
                        "the server does not know the access key; check the credentials and the endpoint"),
                    variables: server.credentials(key: "AKIAUNKNOWNUNKNOWN00")),
                Case(
                    source: "s3://no-such-bucket/x?\(query)",
                    sentence: cannot(
                        "no-such-bucket", query, "there is no such bucket; check its name and the endpoint"),
                    code: 3, variables: server.credentials()),
                Case(
                    source: source.replacing("http:", with: "https:"),
                    sentence: cannot(
                        bucket, query.replacing("http:", with: "https:"),
                        "\(endpoint.dropFirst(7)) does not speak TLS as asked; check https:// and the port"),
                    variables: server.credentials()),
            ], in: ServerCommands())
    }

    @Test func `an S3 endpoint where nothing or something else answers`() throws {
        let keys = ["AWS_ACCESS_KEY_ID": "AKIAKEY", "AWS_SECRET_ACCESS_KEY": "wrongsecret1"]
        let mute = try ServerProxy(to: 1, .gone)
        let other = try ServerProxy(to: 1, .answer(Array("+PONG\r\n".utf8)))
        func failure(_ endpoint: String, _ why: String) -> Case {
            let query = "endpoint=\(endpoint)&region=us-east-1"
            return Case(
                source: "s3://b/x?\(query)", sentence: "cannot open the bucket in s3://b/x/?\(query): \(why)",
                variables: keys)
        }
        try check(
            [
                failure(
                    "http://127.0.0.1:1", "nothing answers at 127.0.0.1:1; check the endpoint and that the server runs"),
                failure(
                    "http://127.0.0.1:\(mute.port)",
                    "127.0.0.1:\(mute.port) closed the connection without an answer; check that the endpoint is an "
                        + "S3 server and whether it wants https://"),
                failure(
                    "http://127.0.0.1:\(other.port)",
                    "127.0.0.1:\(other.port) does not speak HTTP; check the endpoint and the port"),
            ], in: ServerCommands())
    }

    @Test(.enabled(if: TestServer.redisTLS.isWanted))
    func `an S3 endpoint whose certificate is not trusted`() throws {
        let place = "localhost:\(try TestServer.redisTLS.port())"
        let query = "endpoint=https://\(place)&region=us-east-1"
        try check(
            [
                Case(
                    source: "s3://b/x?\(query)",
                    sentence:
                        "cannot open the bucket in s3://b/x/?\(query): the certificate of \(place) is not trusted; "
                        + "name the file of its authority with ca=FILE or AWS_CA_BUNDLE",
                    variables: ["AWS_ACCESS_KEY_ID": "AKIAKEY", "AWS_SECRET_ACCESS_KEY": "wrongsecret1"])
            ], in: ServerCommands())
    }

    /// An S3 server that answers every request with one failure.
    private func refusing(_ status: String, _ code: String, headers: String = "", extra: String = "") throws
        -> ServerProxy
    {
        let body = "<Error><Code>\(code)</Code>\(extra)</Error>"
        let text =
            "HTTP/1.1 \(status)\r\n\(headers)Content-Type: application/xml\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        return try ServerProxy(to: 1, .answer(Array(text.utf8)))
    }

    @Test func `a clock that is off, a token that has expired, a bucket that is elsewhere`() throws {
        let date = try ProgramRun.run(
            "/bin/date", ["-u", "-d", "-1830 seconds", "+%a, %d %b %Y %H:%M:%S GMT"], environment: ["LC_ALL": "C"])
        let keys = ["AWS_ACCESS_KEY_ID": "AKIAKEY", "AWS_SECRET_ACCESS_KEY": "wrongsecret1"]
        let late = try refusing("403 Forbidden", "RequestTimeTooSkewed", headers: "Date: \(date.lines.first ?? "")\r\n")
        let expired = try refusing("400 Bad Request", "ExpiredToken")
        let elsewhere = try refusing(
            "301 Moved", "PermanentRedirect", headers: "x-amz-bucket-region: mars-1\r\n")
        let cases = [
            (late, "this computer's clock is 30 minutes ahead of the server's; set the clock"),
            (expired, "the session token has expired; get new credentials and try again"),
            (elsewhere, "the bucket is in another region (mars-1); name it with region=mars-1"),
        ].map { server, why in
            let query = "endpoint=http://127.0.0.1:\(server.port)&region=us-east-1"
            return Case(
                source: "s3://b/x?\(query)", sentence: "cannot open the bucket in s3://b/x/?\(query): \(why)",
                variables: keys)
        }
        try check(cases, in: ServerCommands())
        for server in [late, expired, elsewhere] { #expect(server.seen.connections > 0) }
    }

    // MARK: Configured

    @Test func `a server that accepts and never answers is over at the deadline of its source`() throws {
        let commands = try ServerCommands()
        let silent = try ServerProxy(to: 1, .silence)
        let server = "127.0.0.1:\(silent.port)"
        let sources: [(name: String, location: String)] = [
            ("hung-redis", "redis://\(server)/0"), ("hung-tls", "rediss://\(server)/0"),
            ("hung-s3", "s3://b/x?endpoint=http://\(server)&region=us-east-1"),
            ("hung-postgres", "postgres://ann:secretpw1@\(server)/x"),
        ]
        try commands.configure(
            sources.map { source in
                // Half of it is for the handshake, and the sentence is of that.
                (source.name, ["location": .text(source.location), "deadline": source.name == "hung-tls" ? 10 : 1])
            })
        let keys = ["AWS_ACCESS_KEY_ID": "AKIAKEY", "AWS_SECRET_ACCESS_KEY": "wrongsecret1"]
        let waits = "there was no answer within 1 s"
        try check(
            [
                Case(
                    source: "hung-redis",
                    sentence:
                        "cannot open the database in redis://\(server)/0: \(waits); try again, or give the source a longer deadline"
                ),
                Case(
                    source: "hung-tls",
                    sentence: "cannot open the database in rediss://\(server)/0: the server does not "
                        + "answer in TLS; use redis:// or its port for TLS"),
                Case(
                    source: "hung-s3",
                    sentence: "cannot open the bucket in s3://b/x/?endpoint=http://\(server)&region=us-east-1: \(waits)"
                        + "; try again, or give the source a longer deadline",
                    variables: keys),
                Case(
                    source: "hung-postgres",
                    sentence: "cannot open the database in postgres://ann@\(server)/x: \(waits)"
                        + "; try again, or give the source a longer deadline"),
            ], in: commands)
        // Together they take no longer than one: each has its own deadline.
        let together = try commands.run(["list", "threads"] + sources.map(\.name) + [commands.healthy], keys)
        #expect(together.errorLines.count == 4)
        #expect(together.lines.count == ServerCommands.healthyThreads)
    }

    @Test func `a prefix on a database is told with the source's name`() throws {
        let commands = try ServerCommands()
        try commands.configure([
            ("below", ["location": .text("sqlite:\(commands.healthy)"), "prefix": "x"]),
            ("elsewhere", ["location": "mysql://ann:secretpw1@h/x"]),
        ])
        let run = try commands.run(["sources", "--json"])
        #expect(
            run.errorLines == [
                "ctxbrowse: \(commands.directory.path("config/ctxbrowse/config.json")), line 1: \"sources.elsewhere\": "
                    + "nothing here can reach a mysql:// location",
                "ctxbrowse: cannot open below in sqlite:\(commands.healthy): a database has nothing that a prefix could "
                    + "name; take \"prefix\" out of the configuration, or name the tables by \"tables\"",
            ])
        #expect(run.code == 2)
    }
}
