internal import BrowserModel
internal import Glibc
internal import StoredRecords
internal import Synchronization

/// A command line of the user's that runs beside the browser: it reads bytes,
/// has no terminal, and what it writes is kept.
final class CommandCapture: Sendable {
    /// What is kept of its output.
    private static let mostBytes = 64 << 20
    private static let glanceMilliseconds: Int32 = 100

    private let command: String
    private let feed: PipeFeed
    private let isCancelled = Mutex(false)

    init(_ command: String, _ bytes: StoredBytes) {
        self.command = command
        feed = PipeFeed(bytes, .stored)
    }

    /// Ends the command; `run` returns soon after.
    func cancel() {
        isCancelled.withLock { $0 = true }
    }

    /// Runs it to its end; blocks.
    func run(_ progress: (Int) -> Void) -> Result<CapturedOutput, StorageError> {
        guard let output = WakePipe(blocks: true) else { return .failure(problem(errno)) }
        defer { close(output.readEnd) }
        guard let input = feed.begin() else {
            close(output.writeEnd)
            return .failure(problem(errno))
        }
        let started = start(input, output.writeEnd)
        close(input)
        close(output.writeEnd)
        defer { feed.end() }
        guard let process = started else { return .failure(problem(errno)) }
        let kept = keep(from: output.readEnd, process, progress)
        feed.end()
        // What is left of it has nothing to write to any more.
        if kept.isStopped { kill(-process, SIGKILL) }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        if isCancelled.withLock({ $0 }) {
            return .failure(
                StorageError(.cancelled, operation: "run \(command)", place: "", reason: "it was cancelled"))
        }
        return .success(
            CapturedOutput(
                bytes: StoredBytes(kept.bytes), isCut: kept.isStopped,
                failure: kept.isStopped ? nil : ProgramWords.failure(status)))
    }

    private func start(_ input: Int32, _ output: Int32) -> pid_t? {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, output, 2)
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        // In a session of its own it has no terminal to draw on, and is ended with all that it has started.
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK) | Self.ownSession)
        let words = GuestProgram.shell(command)
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process = pid_t()
        errno = posix_spawn(&process, words[0], &actions, &attributes, &arguments, environ)
        return errno == 0 ? process : nil
    }

    /// `POSIX_SPAWN_SETSID` of glibc.
    private static let ownSession: Int16 = 0x80

    private func keep(
        from descriptor: Int32, _ process: pid_t, _ progress: (Int) -> Void
    ) -> (bytes: [UInt8], isStopped: Bool) {
        var kept: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var told = 0
        while true {
            if isCancelled.withLock({ $0 }) { return (kept, true) }
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, Self.glanceMilliseconds) > 0 else { continue }
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return (kept, false) }
            kept += buffer[..<min(count, Self.mostBytes - kept.count)]
            if kept.count == Self.mostBytes { return (kept, true) }
            if kept.count - told >= 1 << 20 {
                told = kept.count
                progress(told)
            }
        }
    }

    private func problem(_ code: Int32) -> StorageError {
        StorageError(
            .failed, operation: "run \(command)", place: "", reason: String(cString: strerror(code)))
    }
}
