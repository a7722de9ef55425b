public import EngineCore
public import RedisEngine
import StoredRecords
import Synchronization

/// How a test reaches Redis.
public enum RedisRoute: String, CaseIterable, Sendable {
    case tcp, socket, tls, cluster

    /// The server that is reached.
    public var server: TestServer {
        switch self {
        case .tcp, .socket: .redis
        case .tls: .redisTLS
        case .cluster: .redisCluster
        }
    }

    /// The location without a database of its own.
    public func location() throws -> RedisLocation {
        var location = try RedisLocation(server.value(self == .socket ? "_SOCKET" : ""))
        if self == .tls { location.tls?.authorityFile = try server.value("_CA") }
        return location
    }
}

/// An empty Redis keyspace of a test's own; in a cluster, the whole cluster.
public final class RedisPlace: Sendable {
    public let location: RedisLocation
    /// The same keys without the engine.
    public let raw: RawRedis
    private static let lastDatabase = Mutex(0)

    /// The number of the place on a server that is no cluster.
    public var database: Int { location.database }

    public init(_ route: RedisRoute = .tcp) throws {
        var location = try route.location()
        let plain = try route == .cluster ? TestServer.redisCluster.value() : TestServer.redis.value()
        if route != .cluster {
            location.database = Self.lastDatabase.withLock { last in
                last = last % 900 + 1
                return last
            }
        }
        self.location = location
        raw = RawRedis(address: RawRedis.address(plain), database: location.database)
        for address in try raw.primaries() { _ = try raw.run(["FLUSHDB"], at: address) }
    }

    /// `HOST:PORT/DB`, as URLs to it end.
    public var address: String { "\(raw.address)/\(location.database)" }

    public func engine(_ options: EngineOptions = EngineOptions()) async throws -> RedisEngine {
        try await RedisEngine(location, options: options)
    }

    /// Puts a value there without the engine.
    public func seed(_ key: StoredKey, _ value: MemoryKeyspaceEngine.Value, timeToLive: Duration? = nil) throws {
        func run(_ name: String, _ words: [[UInt8]]) throws {
            if !words.isEmpty { try raw.run([Array(name.utf8), key.bytes] + words) }
        }
        switch value {
        case .string(let bytes): try run("SET", [bytes.array])
        case .set(let members): try run("SADD", Array(members))
        case .list(let items): try run("RPUSH", items)
        case .hash(let fields): try run("HSET", fields.flatMap { [$0.key, $0.value] })
        case .sortedSet(let members): try run("ZADD", members.flatMap { [Array("\($0.value)".utf8), $0.key] })
        case .stream(let entries):
            for _ in 0..<entries { try run("XADD", [Array("*".utf8), Array("f".utf8), Array("v".utf8)]) }
        }
        if let timeToLive { try run("EXPIRE", [Array(String(timeToLive.components.seconds).utf8)]) }
    }

    /// Takes as much from every remaining life as if that time had passed.
    public func pass(_ duration: Duration) throws {
        for address in try raw.primaries() {
            guard case .array(let keys) = try raw.run(["KEYS", "*"], at: address) else { continue }
            for case .bytes(let key) in keys {
                guard case .integer(let life) = try raw.run([Array("PTTL".utf8), key]), life >= 0 else { continue }
                let rest = life - duration.components.seconds * 1000
                if rest <= 0 {
                    try raw.run([Array("DEL".utf8), key])
                } else {
                    try raw.run([Array("PEXPIRE".utf8), key, Array(String(rest).utf8)])
                }
            }
        }
    }
}
