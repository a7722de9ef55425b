import JSONText
import TestSupport

/// The program's verbs over servers, with a healthy store of its own beside them.
struct ServerCommands {
    let directory: TemporaryDirectory
    /// A database that always answers.
    var healthy: String { directory.path("memexllm.db") }
    /// How many threads it holds.
    static let healthyThreads = 14

    init() throws {
        directory = try TemporaryDirectory()
        let copied = try ProgramRun.run(
            "/bin/cp", ["\(PackagePlaces.fixtures)/memexllm/memexllm.db", directory.path("memexllm.db")])
        guard copied.code == 0 else { throw SystemFailure("cp") }
    }

    /// Writes the configuration that the program reads.
    func configure(_ sources: [(name: String, settings: JSONValue)]) throws {
        try RawFiles.makeDirectory(directory.path("config/ctxbrowse"))
        let members = sources.map { ($0.name, $0.settings) }
        try RawFiles.write(
            directory.path("config/ctxbrowse/config.json"),
            JSONValue(members: [("sources", JSONValue(members: members))]).serializedBytes(.compact))
    }

    var environment: [String: String] {
        [
            "PATH": "/usr/bin:/bin", "HOME": directory.path, "LC_ALL": "C.UTF-8",
            "XDG_STATE_HOME": directory.path("state"), "XDG_CONFIG_HOME": directory.path("config"),
        ]
    }

    func run(_ arguments: [String], _ variables: [String: String] = [:]) throws -> ProgramRun {
        try ProgramRun.run(
            PackagePlaces.program, arguments, environment: environment.merging(variables) { $1 },
            directory: directory.path)
    }
}

extension TestServer {
    /// The variables with which the program may use this S3 server.
    func credentials(key: String? = nil, secret: String? = nil) throws -> [String: String] {
        [
            "AWS_ACCESS_KEY_ID": try key ?? value("_ACCESS_KEY"),
            "AWS_SECRET_ACCESS_KEY": try secret ?? value("_SECRET_KEY"),
        ]
    }

    /// The port on loopback of a Redis server.
    func port() throws -> UInt16 {
        UInt16(RawRedis.address(try value()).split(separator: ":").last ?? "") ?? 0
    }
}

extension PostgresDatabase {
    /// The password of the user whom `location` names.
    static let password = "pass:word@1/2"

    /// MemexLLM's tables with threads of so many messages each.
    func fillThreads(_ ids: [String], messages: Int) throws {
        try run(
            """
            CREATE TABLE threads (id text PRIMARY KEY, created_at text NOT NULL, updated_at text NOT NULL,
                metadata text NOT NULL);
            CREATE TABLE messages (id text PRIMARY KEY, thread_id text NOT NULL REFERENCES threads ON DELETE CASCADE,
                content text NOT NULL, role text NOT NULL, created_at text NOT NULL, metadata text NOT NULL,
                token_count int, message_index int NOT NULL);
            """)
        for id in ids {
            try run(
                """
                INSERT INTO threads VALUES ('\(id)', '2025-03-01T08:00:00', '2025-03-01T08:00:00', '{}');
                INSERT INTO messages SELECT '\(id)-' || m, '\(id)', 'message ' || m, 'user', '2025-03-01T08:00:00', '{}',
                    5, m FROM generate_series(0, \(messages - 1)) AS m
                """)
        }
    }

    /// Every row of the two tables, once no transaction is under way in them.
    func threadRows() throws -> [String] {
        try rows(
            """
            LOCK TABLE threads, messages;
            SELECT t::text FROM threads AS t UNION ALL SELECT m::text FROM messages AS m ORDER BY 1
            """
        ).map { $0[0] ?? "" }
    }
}

extension TestBucket {
    /// looopy's objects of one conversation, `bot/NAME`, with so many messages.
    func putConversation(_ name: String, messages: Int) throws {
        let place = "agent=bot/context=\(name)/"
        var objects: [(key: [UInt8], bytes: [UInt8])] = []
        func add(_ path: String, _ value: JSONValue) {
            objects.append((Array((place + path).utf8), value.serializedBytes(.compact)))
        }
        let time: JSONValue = "2026-11-21T02:35:45.780Z"
        add(
            "context.json",
            [
                "contextId": .text(name), "agentId": "bot", "title": "A long case", "tags": [], "status": "active",
                "createdAt": time, "updatedAt": time, "lastActivityAt": time, "turnCount": .integer(messages),
                "metadata": [:],
            ])
        for index in 0..<messages {
            let number = String(100 + index).dropFirst()
            add(
                "messages/2026-11-21T02-35-\(number)_780Z-0\(number)-0000\(number).json",
                [
                    "role": "user", "content": .text("message \(index)"), "index": .integer(index), "timestamp": time,
                    "id": .text("m\(index)"),
                ])
        }
        try putAll(objects)
    }
}
