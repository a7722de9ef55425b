internal import CSQLite
internal import EngineCore
internal import Glibc

/// Waits for locks of other programs, but never for a job that nobody waits for.
///
/// SQLite calls it on the thread of the connection's lane.
final class BusyWaiter {
    /// The longest wait for one lock.
    private let patience: Duration
    private var end = ContinuousClock.now
    var job: LaneJob?

    init(patience: Duration) {
        self.patience = patience
    }

    /// The waiter must live as long as the connection.
    func attach(to database: OpaquePointer) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        sqlite3_busy_handler(
            database,
            { context, round in
                guard let context else { return 0 }
                return Unmanaged<BusyWaiter>.fromOpaque(context).takeUnretainedValue().wait(round) ? 1 : 0
            }, context)
        // An interrupt that comes just before a statement starts is forgotten by
        // SQLite; this question, asked every so many steps, is not.
        sqlite3_progress_handler(
            database, 4000,
            { context in
                guard let context else { return 0 }
                let waiter = Unmanaged<BusyWaiter>.fromOpaque(context).takeUnretainedValue()
                return waiter.job?.isAbandoned == true ? 1 : 0
            }, context)
    }

    /// Whether to try again.
    private func wait(_ round: Int32) -> Bool {
        let now = ContinuousClock.now
        if round == 0 { end = now + patience }
        if now >= end || job?.isAbandoned == true { return false }
        usleep(round < 5 ? 2_000 : 20_000)
        return true
    }
}
