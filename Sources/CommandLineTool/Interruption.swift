internal import Glibc
internal import Synchronization

/// What SIGINT, SIGTERM and SIGHUP do while a verb runs: they end the program
/// at once, except that a change under way is brought to its end first and an
/// export removes what it began. A second signal ends the program in any case;
/// the recovery journal settles what that cuts short.
///
/// The program ends by the signal itself, as a shell that runs a list of
/// commands expects.
public final class Interruption: Sendable {
    private struct State {
        var holds = 0
        var cancel: (@Sendable () -> Void)?
        /// Whether a signal has been acted on.
        var isTold = false
    }

    private static let signals = [SIGINT, SIGTERM, SIGHUP]
    /// The signals' numbers go through this from the handler, which may do
    /// little else, to the thread that acts on them.
    private static let (readEnd, writeEnd) = makePipe()
    /// The first signal that has come, which the thread may not have seen yet; 0 for none.
    private static let arrived = Atomic<Int32>(0)
    private let state = Mutex(State())

    private init() {}

    /// Acts on the signals from now on, on a thread of its own.
    ///
    /// A signal that the program was started to ignore stays ignored.
    public static func watch() -> Interruption {
        let interruption = Interruption()
        var thread = pthread_t()
        // Looked at here, so that the handler never is the first to make it.
        guard readEnd >= 0, arrived.load(ordering: .relaxed) == 0 else { return interruption }
        let context = Unmanaged.passRetained(interruption).toOpaque()
        let code = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<Interruption>.fromOpaque(context).takeRetainedValue().wait()
                return nil
            }, context)
        guard code == 0 else {
            Unmanaged<Interruption>.fromOpaque(context).release()
            return interruption
        }
        pthread_detach(thread)
        for number in signals where !isIgnored(number) {
            signal(number) { number in
                let code = errno
                _ = Interruption.arrived.compareExchange(
                    expected: 0, desired: number, ordering: .sequentiallyConsistent)
                var byte = UInt8(truncatingIfNeeded: number)
                _ = write(Interruption.writeEnd, &byte, 1)
                errno = code
            }
        }
        return interruption
    }

    private static func makePipe() -> (Int32, Int32) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return (-1, -1) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    /// Does work that one signal does not stop: the program ends when it is done.
    func holding<T>(_ work: () async -> T) async -> T {
        hold()
        let result = await work()
        release()
        return result
    }

    /// Does work that a signal cancels: the program ends when it has cleaned up.
    func cancelling<T: Sendable>(_ work: @escaping @Sendable () async -> T) async -> T {
        hold()
        let task = Task(operation: work)
        let isTold = state.withLock { state in
            state.cancel = { task.cancel() }
            return state.isTold
        }
        if isTold { task.cancel() }
        let result = await task.value
        release()
        return result
    }

    /// Counts one more hold, unless a signal has come that nothing holds up: what it would have ended does not begin.
    private func hold() {
        state.withLock { state in
            Self.endIfTold(state)
            state.holds += 1
        }
    }

    /// Ends the program by the signal that has come, if one has, also where
    /// the thread that acts on signals has not got to it yet.
    public func honour() {
        state.withLock { Self.endIfTold($0) }
    }

    private static func endIfTold(_ state: borrowing State) {
        let number = arrived.load(ordering: .sequentiallyConsistent)
        if state.holds == 0, number != 0 { end(by: number) }
    }

    private func release() {
        state.withLock { state in
            state.holds -= 1
            state.cancel = nil
            Self.endIfTold(state)
        }
    }

    private func wait() {
        var byte: UInt8 = 0
        while true {
            let count = read(Self.readEnd, &byte, 1)
            if count == 1 { take(Int32(byte)) } else if count == 0 || errno != EINTR { return }
        }
    }

    private func take(_ signal: Int32) {
        let cancel = state.withLock { state -> (@Sendable () -> Void)? in
            // Within the lock: no change begins any more.
            if state.holds == 0 || state.isTold { Self.end(by: signal) }
            state.isTold = true
            return state.cancel
        }
        cancel?()
        if cancel == nil, isatty(STDERR_FILENO) == 1 {
            let text = Array("\nfinishing the change under way; interrupt again to stop at once\n".utf8)
            _ = text.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
        }
    }

    private static func isIgnored(_ signal: Int32) -> Bool {
        var action = sigaction()
        guard sigaction(signal, nil, &action) == 0 else { return false }
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
            == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    private static func end(by number: Int32) -> Never {
        signal(number, SIG_DFL)
        var one = sigset_t()
        sigemptyset(&one)
        sigaddset(&one, number)
        pthread_sigmask(SIG_UNBLOCK, &one, nil)
        raise(number)
        _exit(128 + number)
    }
}
