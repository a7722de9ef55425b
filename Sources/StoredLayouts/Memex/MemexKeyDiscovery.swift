internal import EngineCore
internal import StoredRecords
internal import Synchronization

/// The ids of threads in the order in which a keyspace has given them, for
/// lists of keyspaces that are too large to be looked through before the first
/// page is shown.
///
/// A list that is begun anew is a run of its own, so that cursors of an older
/// one keep their places; of old runs only a few are kept.
final class MemexKeyDiscovery: Sendable {
    struct Run: Sendable {
        let number: Int
        private(set) var ids: [[UInt8]] = []
        private var known: Set<[UInt8]> = []
        var phase: Phase
        /// How many ids the set holds.
        var expected: Int

        init(number: Int, phase: Phase, expected: Int) {
            self.number = number
            self.phase = phase
            self.expected = expected
        }

        /// A key that comes twice, or is in the set as well, has one place.
        mutating func add(_ found: [[UInt8]]) {
            for id in found where known.insert(id).inserted { ids.append(id) }
        }

        var total: Total { phase == .over ? .exact(ids.count) : .estimated(max(expected, ids.count)) }
    }

    /// First the keys, then the set, for ids whose keys are gone.
    enum Phase: Sendable, Hashable {
        case keys(KeyCursor?)
        case members(KeyCursor?)
        case over
    }

    private struct State {
        var runs: [Run] = []
        var last = 0
    }

    private static let kept = 4
    private let state = Mutex(State())

    func begin(phase: Phase, expected: Int, with ids: [[UInt8]]) -> Run {
        state.withLock { state in
            state.last += 1
            var run = Run(number: state.last, phase: phase, expected: expected)
            run.add(ids)
            state.runs.append(run)
            if state.runs.count > Self.kept { state.runs.removeFirst() }
            return run
        }
    }

    func run(_ number: Int) -> Run? { state.withLock { state in state.runs.first { $0.number == number } } }

    var newest: Run? { state.withLock { $0.runs.last } }

    /// Adds what was found after `phase`, unless somebody else was quicker.
    func extend(_ number: Int, after phase: Phase, with ids: [[UInt8]], next: Phase) -> Run? {
        state.withLock { state in
            guard let index = state.runs.firstIndex(where: { $0.number == number }) else { return nil }
            if state.runs[index].phase == phase {
                state.runs[index].add(ids)
                state.runs[index].phase = next
            }
            return state.runs[index]
        }
    }
}
