internal import CPseudoTerminal
internal import EngineCore
internal import Glibc
internal import Synchronization

/// An HTTP server on loopback that answers as a test says: how the engine
/// meets what real servers do only sometimes.
public final class ScriptedServer: Sendable {
    public struct Request: Sendable {
        public var method: String
        /// Path and query as sent.
        public var target: String
        public var headers: [String: String]
        public var body: [UInt8]
        /// Counted from 0 over all connections.
        public var number: Int
        /// Which connection it came on, counted from 0.
        public var connection: Int
    }

    public enum Answer: Sendable {
        case status(Int, headers: [String: String] = [:], body: String = "")
        /// Closes the connection with a reset.
        case reset
        /// Says nothing until the server is closed.
        case nothing
    }

    private struct State {
        var requests: [Request] = []
        /// Those that are open: the number of a closed one may be another test's socket by now.
        var connections: Set<Int32> = []
        var connectionCount = 0
        var isClosed = false
    }

    public let port: UInt16
    private let listener: Int32
    private let state = Mutex(State())
    private let answer: @Sendable (Request) -> Answer

    public init(_ answer: @escaping @Sendable (Request) -> Answer) throws {
        self.answer = answer
        (listener, port) = try Loopback.listener()
        start { $0.acceptAll() }
    }

    public var endpoint: String { "http://127.0.0.1:\(port)" }
    public var requests: [Request] { state.withLock { $0.requests } }
    public var connectionCount: Int { state.withLock { $0.connectionCount } }

    public func close() {
        state.withLock { state in
            guard !state.isClosed else { return }
            state.isClosed = true
            shutdown(listener, Int32(SHUT_RDWR))
            for connection in state.connections { shutdown(connection, Int32(SHUT_RDWR)) }
        }
    }

    private func start(_ work: @escaping @Sendable (ScriptedServer) -> Void) {
        // Without a thread nothing is answered, and the test that waits fails.
        if !DetachedThread.start({ work(self) }) { close() }
    }

    private func acceptAll() {
        while true {
            // A program that another test starts must not keep it open.
            let connection = ctx_pty_accept(listener)
            guard connection >= 0 else {
                if state.withLock({ $0.isClosed }) { break }
                // A connection that broke while it waited, or no descriptor for the moment.
                poll(nil, 0, 1)
                continue
            }
            let number = state.withLock { state -> Int in
                state.connections.insert(connection)
                state.connectionCount += 1
                if state.isClosed { shutdown(connection, Int32(SHUT_RDWR)) }
                return state.connectionCount - 1
            }
            start { $0.serve(connection, number) }
        }
        Glibc.close(listener)
    }

    private func serve(_ connection: Int32, _ number: Int) {
        defer {
            state.withLock { state in
                state.connections.remove(connection)
                Glibc.close(connection)
            }
        }
        var buffer: [UInt8] = []
        while let request = read(connection, &buffer, number) {
            switch answer(request) {
            case .nothing:
                var byte: UInt8 = 0
                while recv(connection, &byte, 1, 0) > 0 {}
                return
            case .reset:
                var option = linger(l_onoff: 1, l_linger: 0)
                setsockopt(connection, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
                return
            case .status(let status, let headers, let body):
                var text = "HTTP/1.1 \(status) X\r\n"
                if headers["Content-Length"] == nil { text += "Content-Length: \(body.utf8.count)\r\n" }
                for (name, value) in headers { text += "\(name): \(value)\r\n" }
                text += "\r\n" + (request.method == "HEAD" ? "" : body)
                let bytes = Array(text.utf8)
                guard send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else { return }
            }
        }
    }

    private func read(_ connection: Int32, _ buffer: inout [UInt8], _ number: Int) -> Request? {
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        func more() -> Bool {
            let count = recv(connection, &chunk, chunk.count, 0)
            if count > 0 { buffer += chunk[..<count] }
            return count > 0
        }
        let end = Array("\r\n\r\n".utf8)
        var headEnd: Int?
        while headEnd == nil {
            headEnd = buffer.firstRange(of: end)?.lowerBound
            if headEnd == nil, !more() { return nil }
        }
        guard let headEnd else { return nil }
        let lines = String(decoding: buffer[..<headEnd], as: UTF8.self).split(separator: "\r\n")
        let first = lines[0].split(separator: " ")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
        }
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        while buffer.count < headEnd + 4 + length { if !more() { return nil } }
        let body = Array(buffer[(headEnd + 4)..<(headEnd + 4 + length)])
        buffer.removeFirst(headEnd + 4 + length)
        return state.withLock { state in
            let request = Request(
                method: String(first[0]), target: String(first[1]), headers: headers, body: body,
                number: state.requests.count, connection: number)
            state.requests.append(request)
            return request
        }
    }
}
