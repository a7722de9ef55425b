import Glibc
import RedisEngine
import TestSupport

/// A Redis server of one test's own, that can be stopped and started again.
final class OwnRedis: Sendable {
    let location: RedisLocation
    private let directory: TemporaryDirectory
    private let port: UInt16

    /// - Parameter lines: more lines of its configuration.
    init(_ lines: [String]) throws {
        directory = try TemporaryDirectory()
        port = try Loopback.freePort()
        location = RedisLocation(.tcp(host: "127.0.0.1", port: port))
        let text =
            ([
                "bind 127.0.0.1", "port \(port)", "daemonize yes", "dir \(directory.path)", "save \"\"",
                "pidfile \(directory.path("pid"))", "logfile \(directory.path("log"))",
            ] + lines).joined(separator: "\n")
        try RawFiles.write(directory.path("conf"), Array(text.utf8))
        try start()
    }

    deinit { try? stop() }

    func start() throws {
        let run = try ProgramRun.run("/usr/bin/env", ["redis-server", directory.path("conf")], environment: Self.path)
        guard run.code == 0 else { throw RawRedisFailure(description: "redis-server: \(run.errors)") }
        for _ in 0..<4000 {
            if answers { return }
            poll(nil, 0, 5)
        }
        throw RawRedisFailure(description: "redis-server does not answer")
    }

    func stop() throws {
        let text = String(decoding: try RawFiles.read(directory.path("pid")), as: UTF8.self)
        guard let process = pid_t(text.split(separator: "\n").first ?? "") else { return }
        kill(process, SIGKILL)
        unlink(directory.path("pid"))
        while answers { poll(nil, 0, 1) }
    }

    /// Also when it only answers that it wants a password.
    private var answers: Bool {
        let address = "127.0.0.1:\(port)"
        return (try? RawRedis(address: address).run(["PING"], at: address)) != nil
    }

    private static let path = ["PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin"]
}
