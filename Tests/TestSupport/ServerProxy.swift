internal import CPseudoTerminal
internal import EngineCore
internal import Glibc
internal import Synchronization

/// Stands between an engine and a server and breaks what passes through it.
public final class ServerProxy: Sendable {
    public enum Fault: Sendable {
        case none
        /// Accepts, and then nothing.
        case silence
        /// Answers everything with these bytes.
        case answer([UInt8])
        /// Ends the connection instead of passing on a client's bytes that hold the text.
        case cutBefore(String)
        /// Passes them on, and ends the connection before the server's answer.
        case cutAfter(String)
        /// Ends every connection.
        case gone
        /// The same from the moment on when so many times bytes of a client
        /// have come, see `seen`; the last of them are passed on or not.
        case goneAtRead(Int, passesOn: Bool)
    }

    private let work: ServerProxyWork
    public var port: UInt16 { work.port }

    /// - Parameter target: where the real server listens on loopback.
    public init(to target: UInt16, _ fault: Fault = .none) throws {
        work = try ServerProxyWork(to: target, fault)
        try work.start()
    }

    deinit { work.stop() }

    public func set(_ fault: Fault) { work.state.withLock { $0 = fault } }

    /// Ends the connections there are; new ones work.
    public func drop() { work.drop() }

    /// How many connections came and how often bytes of a client did.
    public var seen: (connections: Int, reads: Int) { work.counts.withLock { ($0.connections, $0.reads) } }

    /// How many bytes of the server were passed on.
    public var answered: Int { work.counts.withLock { $0.answered } }

    /// How many commands of a name were sent to a Redis server.
    public func commands(_ name: String) -> Int {
        let head = Array("\r\n$\(name.utf8.count)\r\n\(name)\r\n".utf8)
        return work.heard.withLock { $0.values.reduce(0) { $0 + $1.ranges(of: head).count } }
    }
}

/// The proxy's own thread, which keeps this as long as it runs.
private final class ServerProxyWork: @unchecked Sendable {
    let port: UInt16
    private let listener: Int32
    private let target: UInt16
    private let wake: (read: Int32, write: Int32)
    let state: Mutex<ServerProxy.Fault>
    let counts = Mutex((connections: 0, reads: 0, answered: 0))
    /// What clients sent, by connection.
    let heard = Mutex([Int: [UInt8]]())
    private let isDropping = Mutex(false)
    private let isOver = Flag()
    private let over = Gate()

    init(to target: UInt16, _ fault: ServerProxy.Fault) throws {
        self.target = target
        state = Mutex(fault)
        (listener, port) = try Loopback.listener()
        var ends: [Int32] = [0, 0]
        guard ctx_pty_pipe(&ends) == 0 else { throw SystemFailure("pipe") }
        wake = (ends[0], ends[1])
    }

    deinit {
        close(wake.read)
        close(wake.write)
    }

    func start() throws {
        guard DetachedThread.start({ self.work() }) else { throw SystemFailure("pthread_create") }
    }

    /// Returns when every connection has ended.
    func stop() {
        isOver.set()
        stir()
        over.wait()
    }

    func drop() {
        isDropping.withLock { $0 = true }
        stir()
    }

    private func stir() {
        var byte: UInt8 = 0
        _ = write(wake.write, &byte, 1)
    }

    private struct Pair {
        var client: Int32
        var server: Int32
        var number = 0
        var isDoomed = false
    }

    private func work() {
        var pairs: [Pair] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while !isOver.isSet {
            if isDropping.withLock({ value in
                defer { value = false }
                return value
            }) {
                for pair in pairs { end(pair) }
                pairs = []
            }
            var waiting = [
                pollfd(fd: wake.read, events: Int16(POLLIN), revents: 0),
                pollfd(fd: listener, events: Int16(POLLIN), revents: 0),
            ]
            for pair in pairs {
                waiting.append(pollfd(fd: pair.client, events: Int16(POLLIN), revents: 0))
                waiting.append(pollfd(fd: pair.server, events: Int16(POLLIN), revents: 0))
            }
            guard poll(&waiting, nfds_t(waiting.count), -1) > 0 else { continue }
            // Read after the wait: what a test set before its call counts for the call.
            let fault = state.withLock { $0 }
            if waiting[0].revents != 0 {
                _ = read(wake.read, &buffer, 64)
                continue
            }
            var ended: Set<Int> = []
            for index in pairs.indices {
                if waiting[2 + 2 * index].revents != 0, !fromClient(&pairs[index], &buffer, fault) {
                    ended.insert(index)
                }
                if waiting[3 + 2 * index].revents != 0, !ended.contains(index), !fromServer(pairs[index], &buffer) {
                    ended.insert(index)
                }
            }
            for index in ended { end(pairs[index]) }
            pairs = pairs.indices.filter { !ended.contains($0) }.map { pairs[$0] }
            if waiting[1].revents != 0 {
                let client = ctx_pty_accept(listener)
                guard client >= 0 else { continue }
                let number = counts.withLock { counts in
                    counts.connections += 1
                    return counts.connections
                }
                switch fault {
                case .gone: end(Pair(client: client, server: -1))
                case .goneAtRead(let last, _) where counts.withLock({ $0.reads }) >= last:
                    end(Pair(client: client, server: -1))
                case .silence, .answer: pairs.append(Pair(client: client, server: -1))
                default:
                    if let server = Loopback.connection(to: target) {
                        pairs.append(Pair(client: client, server: server, number: number))
                    } else {
                        end(Pair(client: client, server: -1))
                    }
                }
            }
        }
        for pair in pairs { end(pair) }
        // The port is free when the one who waits goes on, also where a program
        // that another test starts still holds the descriptor.
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
        over.open()
    }

    private func fromClient(_ pair: inout Pair, _ buffer: inout [UInt8], _ fault: ServerProxy.Fault) -> Bool {
        let count = read(pair.client, &buffer, buffer.count)
        guard count > 0 else { return false }
        let number = counts.withLock { counts in
            counts.reads += 1
            return counts.reads
        }
        heard.withLock { $0[pair.number, default: []] += buffer[..<count] }
        let text = String(decoding: buffer[..<count], as: UTF8.self)
        switch fault {
        case .silence: return true
        case .gone: return false
        case .answer(let bytes): return send(pair.client, bytes, bytes.count, Int32(MSG_NOSIGNAL)) > 0
        case .cutBefore(let mark) where text.contains(mark): return false
        case .goneAtRead(let last, let passesOn) where number >= last:
            guard passesOn, number == last else { return false }
            pair.isDoomed = true
        case .cutAfter(let mark) where text.contains(mark): pair.isDoomed = true
        default: break
        }
        return send(pair.server, buffer, count, Int32(MSG_NOSIGNAL)) == count
    }

    private func fromServer(_ pair: Pair, _ buffer: inout [UInt8]) -> Bool {
        let count = read(pair.server, &buffer, buffer.count)
        guard count > 0, !pair.isDoomed else { return false }
        counts.withLock { $0.answered += count }
        return send(pair.client, buffer, count, Int32(MSG_NOSIGNAL)) == count
    }

    private func end(_ pair: Pair) {
        // Shut down first: a program that another test starts may hold the descriptor too.
        for end in [pair.client, pair.server] where end >= 0 {
            shutdown(end, Int32(SHUT_RDWR))
            close(end)
        }
    }
}
