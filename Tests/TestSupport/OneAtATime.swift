public import Testing

/// Runs the tests of all suites that have this trait one after another, since
/// they use the same place.
public struct OneAtATime: SuiteTrait, TestTrait, TestScoping {
    private actor Turn {
        private var isTaken = false
        private var waiting: [CheckedContinuation<Void, Never>] = []

        func take() async {
            guard isTaken else {
                isTaken = true
                return
            }
            await withCheckedContinuation { waiting.append($0) }
        }

        func giveBack() {
            if waiting.isEmpty { isTaken = false } else { waiting.removeFirst().resume() }
        }
    }

    private let turn: Turn
    public var isRecursive: Bool { true }

    private init(_ turn: Turn) { self.turn = turn }

    static let redis = OneAtATime(Turn())

    public func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        await turn.take()
        do {
            try await function()
        } catch {
            await turn.giveBack()
            throw error
        }
        await turn.giveBack()
    }
}

extension Trait where Self == OneAtATime {
    /// For suites that use the Redis servers: a cluster has one database for all.
    public static var usesRedis: OneAtATime { .redis }
}
