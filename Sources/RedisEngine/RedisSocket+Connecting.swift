internal import Glibc
internal import StoredRecords

extension RedisSocket {
    /// How long one of several addresses of a host may take to answer.
    private static let patience: Int32 = 5000

    /// Connects to the server, without a word said yet.
    ///
    /// Throws `unavailable` when nothing answers there, `notFound` and `denied` for a unix socket.
    static func connected(
        to node: RedisNode, interrupter: RedisInterrupter, tls: TLSFilter?, _ operation: String, place: String
    ) throws(StorageError) -> RedisSocket {
        let descriptor: Int32
        switch node {
        case .tcp(let host, let port):
            descriptor = try tcp(host, port, interrupter, operation, place: place)
        case .unix(let path):
            descriptor = try unix(path, interrupter, operation, place: place)
        }
        return RedisSocket(descriptor, interrupter: interrupter, tls: tls, place: place)
    }

    private static func tcp(
        _ host: String, _ port: UInt16, _ interrupter: RedisInterrupter, _ operation: String, place: String
    ) throws(StorageError) -> Int32 {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG
        var found: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, String(port), &hints, &found)
        guard code == 0, let first = found else {
            throw StorageError(
                .unavailable, operation: operation, place: place,
                reason: "the host \(host) is not found (\(String(cString: gai_strerror(code))))",
                help: "check its name", vendorCode: Int(code))
        }
        defer { freeaddrinfo(first) }
        var failure = ECONNREFUSED
        var next: UnsafeMutablePointer<addrinfo>? = first
        while let address = next {
            next = address.pointee.ai_next
            let descriptor = socket(
                address.pointee.ai_family,
                address.pointee.ai_socktype | Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue),
                address.pointee.ai_protocol)
            guard descriptor >= 0 else {
                failure = errno
                continue
            }
            var yes: Int32 = 1
            let size = socklen_t(MemoryLayout<Int32>.size)
            setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, size)
            setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &yes, size)
            failure = establish(
                descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen, interrupter,
                patience: next == nil ? -1 : patience)
            if failure == 0 { return descriptor }
        }
        throw unreachable(failure, operation, place: place)
    }

    private static func unix(
        _ path: String, _ interrupter: RedisInterrupter, _ operation: String, place: String
    ) throws(StorageError) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        let isTooLong = withUnsafeMutableBytes(of: &address.sun_path) { room in
            guard bytes.count < room.count else { return true }
            room.copyBytes(from: bytes)
            return false
        }
        guard !isTooLong else {
            throw StorageError(
                .invalid, operation: operation, place: place, reason: "the path of the socket is too long")
        }
        let descriptor = socket(
            AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw unreachable(errno, operation, place: place) }
        let failure = withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                establish(
                    descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size), interrupter, patience: -1)
            }
        }
        guard failure == 0 else { throw unreachable(failure, operation, place: place) }
        return descriptor
    }

    /// Connects the descriptor or closes it; the error number, or 0.
    private static func establish(
        _ descriptor: Int32, _ address: UnsafePointer<sockaddr>?, _ length: socklen_t,
        _ interrupter: RedisInterrupter, patience: Int32
    ) -> Int32 {
        var failure: Int32 = 0
        if !interrupter.add(descriptor) {
            failure = ECANCELED
        } else if connect(descriptor, address, length) != 0 {
            failure = errno
            if failure == EINPROGRESS { failure = outcome(descriptor, patience) }
        }
        // An interrupt may have come before there was anything to shut down.
        if failure == 0, interrupter.isInterrupted { failure = ECANCELED }
        if failure != 0 {
            interrupter.remove(descriptor)
            close(descriptor)
        }
        return failure
    }

    /// Waits for a connection under way; its error number, or 0.
    private static func outcome(_ descriptor: Int32, _ patience: Int32) -> Int32 {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        while true {
            let count = poll(&waiting, 1, patience)
            if count == 0 { return ETIMEDOUT }
            if count > 0 { break }
            if errno != EINTR { return errno }
        }
        var failure: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failure, &size)
        return failure
    }

    private static func unreachable(_ code: Int32, _ operation: String, place: String) -> StorageError {
        func make(_ kind: StorageError.Kind, _ reason: String, _ help: String = "") -> StorageError {
            StorageError(
                kind, operation: operation, place: place, reason: reason, help: help, vendorCode: Int(code))
        }
        switch code {
        case ECONNREFUSED:
            return make(.unavailable, "nothing listens there", "start the server, or check host and port")
        case ENOENT: return make(.notFound, "there is no such socket", "start the server, or check the path")
        case EACCES, EPERM: return make(.denied, "the permission to use the socket is missing", "check its mode")
        case EHOSTUNREACH, ENETUNREACH, ETIMEDOUT:
            return make(.unavailable, "the host cannot be reached", "check the network")
        case ECANCELED: return make(.cancelled, "it was cancelled")
        default: return make(.unavailable, String(cString: strerror(code)))
        }
    }
}
