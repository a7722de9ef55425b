import EngineCore
import StoredRecords
import TestSupport
import Testing

/// A caller goes on even when the call underneath never returns.
@Suite(.timeLimit(.minutes(10))) struct BlockingLaneTests {
    @Test(arguments: [EngineCapabilities.Family.objects, .rows, .keys])
    func `an engine that hangs answers at the deadline`(family: EngineCapabilities.Family) async throws {
        let engine = UnresponsiveEngine(family: family, options: EngineOptions(deadline: .milliseconds(50)))
        let error: StorageError?
        switch family {
        case .objects: error = await expectFailure(.timedOut) { try await engine.list(ObjectListing()) }
        case .rows: error = await expectFailure(.timedOut) { try await engine.tables() }
        case .keys: error = await expectFailure(.timedOut) { try await engine.scan("*", after: nil, count: 1) }
        }
        #expect(error?.description.contains("there was no answer within 50 ms") == true)
        // The first call still hangs, and the next one waits behind it no longer than that.
        await expectFailure(.timedOut) { try await engine.read(ObjectKey("a")) }
    }

    @Test func `a call that hangs ends when its task is cancelled`() async throws {
        let engine = UnresponsiveEngine(family: .objects, options: EngineOptions(deadline: .seconds(600)))
        let task = Task { try await engine.list(ObjectListing()) }
        await Task.yield()
        task.cancel()
        await expectFailure(.cancelled) { try await task.value }
    }

    @Test func `a late result is dropped and the lane goes on`() async throws {
        let lane = BlockingLane(place: "here", deadline: .milliseconds(30))
        let gate = Gate()
        await expectFailure(.timedOut) {
            try await lane.run("wait") { _ in
                gate.wait()
                return 1
            }
        }
        gate.open()
        let patient = BlockingLane(place: "here", deadline: .seconds(600))
        #expect(try await patient.run("answer") { _ in 2 } == 2)
        lane.close()
        await expectFailure(.unavailable) { try await lane.run("late") { _ in 3 } }
    }

    @Test func `a job that waits in line is dropped when nobody waits for it`() async throws {
        let lane = BlockingLane(place: "here", deadline: .seconds(600))
        let gate = Gate()
        let started = Gate()
        let ran = Flag()
        let first = Task {
            try await lane.run("first") { _ in
                started.open()
                gate.wait()
            }
        }
        await started.opened()
        let second = Task { try await lane.run("second") { _ in ran.set() } }
        await Task.yield()
        second.cancel()
        await expectFailure(.cancelled) { try await second.value }
        gate.open()
        try await first.value
        try await lane.run("third") { _ in }
        #expect(!ran.isSet)
    }

    @Test func `an object engine can be made to fail wait and lose its answer`() async throws {
        let memory = MemoryObjectEngine()
        let engine = FaultyObjectEngine(memory)
        let lost = StorageError(.unavailable, operation: "write", place: "here", reason: "the answer was lost")
        engine.set(.failsAfterwards(lost), on: .write, sparing: 1)
        try await engine.write(ObjectKey("a"), StoredBytes("1"))
        await expectFailure(.unavailable) { try await engine.write(ObjectKey("b"), StoredBytes("2")) }
        #expect(try await engine.read(ObjectKey("b"))?.bytes.text == "2")
        engine.set(.fails(lost), on: .read)
        await expectFailure(.unavailable) { try await engine.read(ObjectKey("b")) }
        let gate = Gate()
        engine.set(.waits(gate), on: .list)
        let task = Task { try await engine.list(ObjectListing()).entries.count }
        gate.open()
        #expect(try await task.value == 2)
        engine.mend()
        #expect(try await engine.read(ObjectKey("b")) != nil)
        #expect(engine.calls == [.write, .write, .read, .read, .list, .read])
    }
}
