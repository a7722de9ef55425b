internal import Glibc

/// One thread that calls back when deadlines pass.
///
/// A call sets a deadline and nearly always cancels it soon after, so both
/// are a dictionary entry and wake nobody. A sleeping task for each call would
/// leave its timer behind until it fires, cancelled or not.
final class DeadlineWatch: @unchecked Sendable {
    // All state is reached under `lock`; `wake` is waited for on the monotonic clock.
    private let lock: UnsafeMutablePointer<pthread_mutex_t>
    private let wake: UnsafeMutablePointer<pthread_cond_t>
    private var deadlines: [UInt64: (moment: Int64, passed: @Sendable () -> Void)] = [:]
    private var last: UInt64 = 0
    /// When the thread will look again; it sleeps without end at `Int64.max`.
    private var nextLook = Int64.max
    private var hasThread = false

    /// The process's own; its thread starts with the first deadline.
    static let shared = DeadlineWatch()

    private init() {
        lock = .allocate(capacity: 1)
        wake = .allocate(capacity: 1)
        pthread_mutex_init(lock, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(wake, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    /// Calls `passed` once after the duration, from the watch's thread, unless cancelled before.
    func set(_ duration: Duration, _ passed: @escaping @Sendable () -> Void) -> UInt64 {
        let parts = duration.components
        let length = parts.seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let moment = Self.now.addingReportingOverflow(
            length.overflow ? Int64.max / 2 : length.partialValue + parts.attoseconds / 1_000_000_000)
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        last += 1
        deadlines[last] = (moment.overflow ? Int64.max : moment.partialValue, passed)
        startThread()
        if moment.partialValue < nextLook { pthread_cond_signal(wake) }
        return last
    }

    func cancel(_ id: UInt64) {
        pthread_mutex_lock(lock)
        let old = deadlines.removeValue(forKey: id)
        pthread_mutex_unlock(lock)
        // What the closure holds is released outside the lock.
        withExtendedLifetime(old) {}
    }

    private func startThread() {
        if !hasThread { hasThread = DetachedThread.start { self.work() } }
    }

    private func work() {
        pthread_mutex_lock(lock)
        while true {
            let now = Self.now
            let due = deadlines.filter { $0.value.moment <= now }
            for id in due.keys { deadlines[id] = nil }
            if due.isEmpty {
                nextLook = deadlines.values.map(\.moment).min() ?? Int64.max
                if nextLook == Int64.max {
                    pthread_cond_wait(wake, lock)
                } else {
                    var until = timespec(tv_sec: Int(nextLook / 1_000_000_000), tv_nsec: Int(nextLook % 1_000_000_000))
                    pthread_cond_timedwait(wake, lock, &until)
                }
            } else {
                pthread_mutex_unlock(lock)
                for deadline in due.values { deadline.passed() }
                pthread_mutex_lock(lock)
            }
        }
    }

    private static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
