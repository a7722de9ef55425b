import Glibc
import Synchronization
import TestSupport
import Testing

@Suite(.blocks) struct OwnThreadsTests {
    private static let arrived = Atomic(0)

    @Test func `tests that wait in a call keep no others from running`() async {
        let count = 8
        let met = await withTaskGroup { group in
            for _ in 0..<count {
                group.addTask {
                    Self.arrived.add(1, ordering: .sequentiallyConsistent)
                    // What each waits for is that all the others run too.
                    let limit = ContinuousClock.now + .seconds(600)
                    while Self.arrived.load(ordering: .sequentiallyConsistent) < count, ContinuousClock.now < limit {
                        usleep(1000)
                    }
                    return Self.arrived.load(ordering: .sequentiallyConsistent) == count
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(met == count)
    }
}
