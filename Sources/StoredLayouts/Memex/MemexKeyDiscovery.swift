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
    /// How far a run has come; its ids stay here, as a copy for each step would cost more than the step.
    struct Run: Sendable {
        let number: Int
        fileprivate(set) var phase: Phase
        /// How many ids the set holds.
        let expected: Int
        /// How many ids are found.
        fileprivate(set) var count = 0

        var total: Total { phase == .over ? .exact(count) : .estimated(max(expected, count)) }
    }

    /// First the keys, then the set, for ids whose keys are gone.
    enum Phase: Sendable, Hashable {
        case keys(KeyCursor?)
        case members(KeyCursor?)
        case over
    }

    private struct Found {
        var run: Run
        var ids: [[UInt8]] = []
        var known: Set<[UInt8]> = []

        /// A key that comes twice, or is in the set as well, has one place.
        mutating func add(_ more: [[UInt8]]) {
            for id in more where known.insert(id).inserted { ids.append(id) }
            run.count = ids.count
        }
    }

    private struct State {
        var runs: [Found] = []
        var last = 0
    }

    private static let kept = 4
    private let state = Mutex(State())

    func begin(phase: Phase, expected: Int, with ids: [[UInt8]]) -> Run {
        state.withLock { state in
            state.last += 1
            var found = Found(run: Run(number: state.last, phase: phase, expected: expected))
            found.add(ids)
            state.runs.append(found)
            if state.runs.count > Self.kept { state.runs.removeFirst() }
            return found.run
        }
    }

    func run(_ number: Int) -> Run? { state.withLock { state in state.runs.first { $0.run.number == number }?.run } }

    var newest: Run? { state.withLock { $0.runs.last?.run } }

    /// The ids at these places; `nil` when the run is no longer kept.
    func ids(of run: Run, _ range: Range<Int>) -> [[UInt8]]? {
        state.withLock { state in
            state.runs.first { $0.run.number == run.number }.map { Array($0.ids[range.clamped(to: $0.ids.indices)]) }
        }
    }

    /// Adds what was found after `phase`, unless somebody else was quicker.
    func extend(_ number: Int, after phase: Phase, with ids: [[UInt8]], next: Phase) -> Run? {
        state.withLock { state in
            guard let index = state.runs.firstIndex(where: { $0.run.number == number }) else { return nil }
            if state.runs[index].run.phase == phase {
                state.runs[index].add(ids)
                state.runs[index].run.phase = next
            }
            return state.runs[index].run
        }
    }
}
