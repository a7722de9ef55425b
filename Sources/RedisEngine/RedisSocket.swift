internal import Glibc
internal import StoredRecords

/// One open connection to a server: bytes in and bytes out, in clear or over TLS.
///
/// It never blocks by itself; `pass` waits for whatever can go on, and ends
/// when the interrupter shuts the socket down.
final class RedisSocket {
    private let descriptor: Int32
    private let interrupter: RedisInterrupter
    private let tls: TLSFilter?
    private let place: String
    /// What is to be said, of which the first `spoken` bytes are on their way.
    private var speech: [UInt8] = []
    private var spoken = 0
    /// What is to go over the wire, where that is not the speech itself.
    private var wire: [UInt8] = []
    private var wired = 0
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)

    /// Takes over a connected descriptor that does not block.
    init(_ descriptor: Int32, interrupter: RedisInterrupter, tls: TLSFilter?, place: String) {
        self.descriptor = descriptor
        self.interrupter = interrupter
        self.tls = tls
        self.place = place
    }

    deinit {
        interrupter.remove(descriptor)
        close(descriptor)
        buffer.deallocate()
    }

    /// Adds to what is to be said; it goes out with the next `pass`.
    func say(_ operation: String, _ write: (inout [UInt8]) throws(StorageError) -> Void) throws(StorageError) {
        if spoken == speech.count {
            speech.removeAll(keepingCapacity: speech.capacity <= 1 << 20)
            spoken = 0
        }
        try write(&speech)
    }

    /// Agrees on the encryption, where there is one.
    ///
    /// - Parameter patience: how long the server may keep silent: one that
    ///   does not speak TLS often waits for more of what it takes for a command.
    func shakeHands(_ operation: String, patience: Duration) throws(StorageError) {
        guard let tls else { return }
        let wait = Int32(
            clamping: patience.components.seconds * 1000 + patience.components.attoseconds / 1_000_000_000_000_000)
        while !tls.isReady {
            let step = tls.shakeHands()
            tls.give(to: &wire)
            switch step {
            case .done: break
            case .waiting:
                guard try pass(operation, for: wait, { _ in true }) else {
                    throw StorageError(
                        .unavailable, operation: operation, place: place,
                        reason: "the server does not answer in TLS", help: "use redis:// or its port for TLS")
                }
            case .ended: throw broken(operation)
            case .failed(let reason, let help):
                // The alert that tells the server why.
                _ = try? send(operation)
                throw StorageError(.failed, operation: operation, place: place, reason: reason, help: help)
            }
        }
        _ = try send(operation)
    }

    /// Sends what can be sent and waits until something arrives or more can be sent.
    ///
    /// False when `milliseconds`, where they are given, pass without anything.
    /// - Parameter receive: gets what arrived, decrypted, valid only meanwhile; false for bytes that make no sense.
    @discardableResult
    func pass(
        _ operation: String, for milliseconds: Int32 = -1, _ receive: (UnsafeRawBufferPointer) -> Bool
    ) throws(StorageError) -> Bool {
        let isAllSent = try send(operation)
        var waiting = pollfd(
            fd: descriptor, events: Int16(isAllSent ? POLLIN : POLLIN | POLLOUT), revents: 0)
        while true {
            let count = poll(&waiting, 1, milliseconds)
            if count == 0 { return false }
            if count > 0 { break }
            guard errno == EINTR else { throw failure(operation, errno) }
        }
        if waiting.revents & Int16(POLLIN | POLLHUP | POLLERR) != 0 { try read(operation, receive) }
        return true
    }

    private func read(
        _ operation: String, _ receive: (UnsafeRawBufferPointer) -> Bool
    ) throws(StorageError) {
        let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
        if count < 0 {
            if errno == EAGAIN || errno == EINTR { return }
            throw failure(operation, errno)
        }
        guard count > 0 else { throw broken(operation) }
        let arrived = UnsafeRawBufferPointer(rebasing: buffer[..<count])
        guard let tls else {
            guard receive(arrived) else { throw garbled(operation) }
            return
        }
        guard tls.take(arrived) else {
            throw StorageError(.failed, operation: operation, place: place, reason: "no memory is left")
        }
        while tls.isReady {
            switch tls.decrypt(into: buffer) {
            case .done(let count):
                guard receive(UnsafeRawBufferPointer(rebasing: buffer[..<count])) else { throw garbled(operation) }
            case .waiting: return
            case .ended: throw broken(operation)
            case .failed(let reason, let help):
                throw StorageError(.failed, operation: operation, place: place, reason: reason, help: help)
            }
        }
    }

    /// Sends until nothing is left or the socket takes no more; true when nothing is left.
    private func send(_ operation: String) throws(StorageError) -> Bool {
        while true {
            guard let tls else { return try send(&speech, &spoken, operation) }
            tls.give(to: &wire)
            guard try send(&wire, &wired, operation) else { return false }
            wire.removeAll(keepingCapacity: true)
            wired = 0
            guard tls.isReady, spoken < speech.count else { return true }
            let step = speech.withUnsafeBytes { tls.encrypt(UnsafeRawBufferPointer(rebasing: $0[spoken...])) }
            switch step {
            case .done(let count): spoken += count
            case .waiting:
                tls.give(to: &wire)
                return try send(&wire, &wired, operation)
            case .ended: throw broken(operation)
            case .failed(let reason, let help):
                throw StorageError(.failed, operation: operation, place: place, reason: reason, help: help)
            }
        }
    }

    private func send(
        _ bytes: inout [UInt8], _ sent: inout Int, _ operation: String
    ) throws(StorageError) -> Bool {
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                // Without the signal that a broken connection would end the program with.
                Glibc.send(
                    descriptor, buffer.baseAddress.map { $0 + sent }, buffer.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count >= 0 {
                sent += count
            } else if errno == EAGAIN {
                return false
            } else if errno != EINTR {
                throw failure(operation, errno)
            }
        }
        return true
    }

    private func failure(_ operation: String, _ code: Int32) -> StorageError {
        switch code {
        case ECONNRESET, EPIPE: return broken(operation)
        case ETIMEDOUT, EHOSTUNREACH, ENETUNREACH:
            return StorageError(
                .unavailable, operation: operation, place: place, reason: "the server can no longer be reached",
                help: "check the network", vendorCode: Int(code))
        default:
            return StorageError(
                .unavailable, operation: operation, place: place, reason: String(cString: strerror(code)),
                vendorCode: Int(code))
        }
    }

    private func broken(_ operation: String) -> StorageError {
        StorageError(
            .unavailable, operation: operation, place: place, reason: "the server closed the connection",
            help: "look whether it runs; if this port speaks TLS, use rediss://")
    }

    private func garbled(_ operation: String) -> StorageError {
        StorageError(
            .failed, operation: operation, place: place, reason: "what listens there does not speak Redis's protocol",
            help: "check the port; if it speaks TLS, use rediss://")
    }
}
