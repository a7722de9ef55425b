public import EngineCore
public import StoredRecords
internal import Synchronization

/// An object engine in front of a working one, which fails, waits or hangs as a test says.
public final class FaultyObjectEngine: ObjectEngine {
    public enum Call: String, Sendable, Hashable, CaseIterable {
        case list, stat, read, readMany, write, delete
    }

    public enum Fault: Sendable {
        case fails(StorageError)
        /// The call underneath does not go on before the gate opens.
        case waits(Gate)
        /// Each call takes so long.
        case takes(Duration)
        /// The call does its work and then fails, as when the answer is lost.
        case failsAfterwards(StorageError)
    }

    private struct State {
        var faults: [Call: (fault: Fault, sparing: Int)] = [:]
        var calls: [Call] = []
    }

    public let inner: any ObjectEngine
    public var place: String { inner.place }
    public var capabilities: EngineCapabilities { inner.capabilities }
    private let lane: BlockingLane
    private let state = Mutex(State())

    public init(_ inner: any ObjectEngine, deadline: Duration = .seconds(30)) {
        self.inner = inner
        lane = BlockingLane(place: inner.place, deadline: deadline)
    }

    /// From now on the call has the fault, after `sparing` more calls that have none.
    public func set(_ fault: Fault, on call: Call, sparing: Int = 0) {
        state.withLock { $0.faults[call] = (fault, sparing) }
    }

    public func set(_ fault: Fault) {
        for call in Call.allCases { set(fault, on: call) }
    }

    public func mend() { state.withLock { $0.faults = [:] } }

    /// Every call so far, in order.
    public var calls: [Call] { state.withLock { $0.calls } }

    private func fault(_ call: Call) -> Fault? {
        state.withLock { state in
            state.calls.append(call)
            guard let (fault, sparing) = state.faults[call] else { return nil }
            if sparing > 0 {
                state.faults[call] = (fault, sparing - 1)
                return nil
            }
            return fault
        }
    }

    private func before(_ call: Call) async throws(StorageError) -> StorageError? {
        switch fault(call) {
        case nil: return nil
        case .fails(let error): throw error
        case .failsAfterwards(let error): return error
        case .waits(let gate):
            try await lane.run(call.rawValue) { _ in gate.wait() }
            return nil
        case .takes(let duration):
            guard (try? await Task.sleep(for: duration)) != nil else {
                throw StorageError.cancelled(call.rawValue, place: place)
            }
            return nil
        }
    }

    public func list(_ listing: ObjectListing) async throws(StorageError) -> ObjectPage {
        let late = try await before(.list)
        let result = try await inner.list(listing)
        if let late { throw late }
        return result
    }

    public func stat(_ key: ObjectKey) async throws(StorageError) -> ObjectInfo? {
        let late = try await before(.stat)
        let result = try await inner.stat(key)
        if let late { throw late }
        return result
    }

    public func read(_ key: ObjectKey, range: Range<Int64>?) async throws(StorageError) -> StoredObject? {
        let late = try await before(.read)
        let result = try await inner.read(key, range: range)
        if let late { throw late }
        return result
    }

    public func readMany(_ keys: [ObjectKey]) async throws(StorageError) -> [Result<StoredObject?, StorageError>] {
        let late = try await before(.readMany)
        let result = try await inner.readMany(keys)
        if let late { throw late }
        return result
    }

    public func write(_ write: ObjectWrite) async throws(StorageError) -> ObjectInfo {
        let late = try await before(.write)
        let result = try await inner.write(write)
        if let late { throw late }
        return result
    }

    public func delete(_ keys: [ObjectKey], pruning: ObjectKey?) async throws(StorageError) -> [ObjectDeletion] {
        let late = try await before(.delete)
        let result = try await inner.delete(keys, pruning: pruning)
        if let late { throw late }
        return result
    }

    public func close() async {
        lane.close()
        await inner.close()
    }
}
