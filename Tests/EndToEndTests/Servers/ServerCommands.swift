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
