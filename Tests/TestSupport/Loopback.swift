import Glibc

/// Sockets of this machine alone. No program that a test starts inherits one.
public enum Loopback {
    /// A socket that listens on a port the system chose, and the port.
    public static func listener() throws -> (socket: Int32, port: UInt16) {
        let socket = stream()
        var (address, length) = named(0)
        let isListening = withGeneric(&address) {
            bind(socket, $0, length) == 0 && listen(socket, 64) == 0 && getsockname(socket, $0, &length) == 0
        }
        guard isListening else {
            close(socket)
            throw SystemFailure("listen")
        }
        return (socket, UInt16(bigEndian: address.sin_port))
    }

    /// A socket connected to a port; `nil` where nothing listens.
    public static func connection(to port: UInt16) -> Int32? {
        let socket = stream()
        var (address, length) = named(port)
        guard withGeneric(&address, { connect(socket, $0, length) == 0 }) else {
            close(socket)
            return nil
        }
        return socket
    }

    /// A port on which nothing listens, outside the range from which the
    /// system gives ports to those who ask for any: no other test is given it
    /// in the meantime.
    public static func freePort() throws -> UInt16 {
        for _ in 0..<1000 {
            let port = UInt16.random(in: 20_000..<32_000)
            let probe = stream()
            defer { close(probe) }
            var (address, length) = named(port)
            if withGeneric(&address, { bind(probe, $0, length) == 0 }) { return port }
        }
        throw SystemFailure("bind")
    }

    private static func stream() -> Int32 {
        socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    }

    private static func named(_ port: UInt16) -> (sockaddr_in, socklen_t) {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = port.bigEndian
        return (address, socklen_t(MemoryLayout<sockaddr_in>.size))
    }

    private static func withGeneric(
        _ address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>) -> Bool
    ) -> Bool {
        withUnsafeMutablePointer(to: &address) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1, body) }
    }
}
