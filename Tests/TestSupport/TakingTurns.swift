public import Testing

/// Lets only so many tests of all suites that have this trait run at a time,
/// since they use the same server, and on threads of their own, since the
/// clients that prepare a server wait in calls.
public struct TakingTurns: SuiteTrait, TestTrait, TestScoping {
    private actor Turns {
        private var free: Int
        private var waiting: [CheckedContinuation<Void, Never>] = []

        init(_ count: Int) { free = count }

        func take() async {
            guard free == 0 else {
                free -= 1
                return
            }
            await withCheckedContinuation { waiting.append($0) }
        }

        func giveBack() {
            if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
        }
    }

    private let turns: Turns
    public var isRecursive: Bool { true }

    private init(_ count: Int) { turns = Turns(count) }

    static let redis = TakingTurns(1)
    static let fileSize = TakingTurns(1)
    static let postgres = TakingTurns(4)

    public func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        await turns.take()
        do {
            try await OwnThreads().provideScope(for: test, testCase: testCase, performing: function)
        } catch {
            await turns.giveBack()
            throw error
        }
        await turns.giveBack()
    }
}

extension Trait where Self == TakingTurns {
    /// For suites that use the Redis servers: a cluster has one database for all.
    public static var usesRedis: TakingTurns { .redis }

    /// For tests that write a file of more than `FileSizeLimit.bytes`, or wait
    /// for that to fail: the limit is the whole process's.
    public static var writesLargeFiles: TakingTurns { .fileSize }

    /// For suites that use the PostgreSQL server: each test has a database of
    /// its own, but all share the server's connections and processors.
    public static var usesPostgres: TakingTurns { .postgres }
}
