import EngineCore
import RedisEngine
import StoredRecords
import Synchronization
import TestSupport
import Testing

/// One keyspace under test: engines on it, and content put there without them.
protocol KeyHarness: Sendable {
    func engine(_ options: EngineOptions) async throws -> any KeyspaceEngine
    func seed(_ key: String, _ value: MemoryKeyspaceEngine.Value, life: Duration?) throws
    /// Lets time pass for everything that expires.
    func pass(_ duration: Duration) throws
    /// Whether any keys can be changed together.
    var hasTransactions: Bool { get }
}

extension KeyHarness {
    func engine() async throws -> any KeyspaceEngine { try await engine(EngineOptions()) }
    func seed(_ key: String, _ text: String) throws { try seed(key, .string(StoredBytes(text)), life: nil) }
}

enum KeyBackend: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case memory, redis, redisSocket, redisTLS, redisCluster

    var testDescription: String { rawValue }

    /// Those that run here; where servers are required, all.
    static var wanted: [KeyBackend] { allCases.filter { $0.route?.server.isWanted ?? true } }

    private var route: RedisRoute? {
        switch self {
        case .memory: nil
        case .redis: .tcp
        case .redisSocket: .socket
        case .redisTLS: .tls
        case .redisCluster: .cluster
        }
    }

    func harness() throws -> any KeyHarness {
        if let route { try RedisKeyHarness(route) } else { MemoryKeyHarness() }
    }
}

final class MemoryKeyHarness: KeyHarness {
    private final class Time: Sendable {
        let now = Mutex(Duration.seconds(1000))
    }

    private let time = Time()
    private let first: MemoryKeyspaceEngine
    let hasTransactions = true

    init() {
        first = MemoryKeyspaceEngine(now: { [time] in time.now.withLock { $0 } })
    }

    func engine(_ options: EngineOptions) async throws -> any KeyspaceEngine { first.another(options: options) }
    func seed(_ key: String, _ value: MemoryKeyspaceEngine.Value, life: Duration?) throws {
        first.seed(StoredKey(key), value, timeToLive: life)
    }
    func pass(_ duration: Duration) { time.now.withLock { $0 += duration } }
}

struct RedisKeyHarness: KeyHarness {
    let place: RedisPlace
    let hasTransactions: Bool

    init(_ route: RedisRoute) throws {
        place = try RedisPlace(route)
        hasTransactions = route != .cluster
    }

    func engine(_ options: EngineOptions) async throws -> any KeyspaceEngine { try await place.engine(options) }
    func seed(_ key: String, _ value: MemoryKeyspaceEngine.Value, life: Duration?) throws {
        try place.seed(StoredKey(key), value, timeToLive: life)
    }
    func pass(_ duration: Duration) throws { try place.pass(duration) }
}
