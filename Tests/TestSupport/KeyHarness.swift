public import EngineCore
import RedisEngine
import StoredRecords
import Synchronization
public import Testing

/// One keyspace under test: engines on it, and content put there without them.
public protocol KeyHarness: Sendable {
    func engine(_ options: EngineOptions) async throws -> any KeyspaceEngine
    func seed(_ key: String, _ value: MemoryKeyspaceEngine.Value, life: Duration?) throws
    /// Lets time pass for everything that expires.
    func pass(_ duration: Duration) throws
    /// Whether any keys can be changed together.
    var hasTransactions: Bool { get }
}

extension KeyHarness {
    public func engine() async throws -> any KeyspaceEngine { try await engine(EngineOptions()) }
    public func seed(_ key: String, _ text: String) throws { try seed(key, .string(StoredBytes(text)), life: nil) }
}

public enum KeyBackend: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case memory, redis, redisSocket, redisTLS, redisCluster

    public var testDescription: String { rawValue }

    /// Those that run here; where servers are required, all.
    public static var wanted: [KeyBackend] { allCases.filter { $0.route?.server.isWanted ?? true } }

    /// The same, with each server reached in one way only: for what is above the engines.
    public static var wantedOnce: [KeyBackend] { wanted.filter { ![.redisSocket, .redisTLS].contains($0) } }

    private var route: RedisRoute? {
        switch self {
        case .memory: nil
        case .redis: .tcp
        case .redisSocket: .socket
        case .redisTLS: .tls
        case .redisCluster: .cluster
        }
    }

    public func harness() throws -> any KeyHarness {
        if let route { try RedisKeyHarness(route) } else { MemoryKeyHarness() }
    }
}

public final class MemoryKeyHarness: KeyHarness {
    private final class Time: Sendable {
        let now = Mutex(Duration.seconds(1000))
    }

    private let time = Time()
    private let first: MemoryKeyspaceEngine
    public let hasTransactions = true

    public init() {
        first = MemoryKeyspaceEngine(now: { [time] in time.now.withLock { $0 } })
    }

    public func engine(_ options: EngineOptions) async throws -> any KeyspaceEngine { first.another(options: options) }
    public func seed(_ key: String, _ value: MemoryKeyspaceEngine.Value, life: Duration?) throws {
        first.seed(StoredKey(key), value, timeToLive: life)
    }
    public func pass(_ duration: Duration) { time.now.withLock { $0 += duration } }
}

public struct RedisKeyHarness: KeyHarness {
    private let place: RedisPlace
    public let hasTransactions: Bool

    public init(_ route: RedisRoute) throws {
        place = try RedisPlace(route)
        hasTransactions = route != .cluster
    }

    public func engine(_ options: EngineOptions) async throws -> any KeyspaceEngine { try await place.engine(options) }
    public func seed(_ key: String, _ value: MemoryKeyspaceEngine.Value, life: Duration?) throws {
        try place.seed(StoredKey(key), value, timeToLive: life)
    }
    public func pass(_ duration: Duration) throws { try place.pass(duration) }
}
