internal import COpenSSL
internal import StoredRecords

/// Turns what is said into what goes over the wire and back, without a socket
/// of its own: libssl works on two buffers in memory.
final class TLSFilter {
    private let session: OpaquePointer
    /// Owned by the session.
    private let fromServer: OpaquePointer
    private let toServer: OpaquePointer
    private let name: String
    private(set) var isReady = false

    /// Takes over the session; `nil`, with the session freed, when there is no memory or the name is no name.
    init?(_ session: OpaquePointer, name: String) {
        guard let fromServer = BIO_new(BIO_s_mem()) else {
            SSL_free(session)
            return nil
        }
        guard let toServer = BIO_new(BIO_s_mem()) else {
            BIO_free(fromServer)
            SSL_free(session)
            return nil
        }
        self.session = session
        self.fromServer = fromServer
        self.toServer = toServer
        self.name = name
        SSL_set_bio(session, fromServer, toServer)
        SSL_set_connect_state(session)
        ctx_ssl_allow_partial_writes(session)
        // An address is looked for among the certificate's addresses, and is not sent in clear.
        let isAddress = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), name) == 1
        if !isAddress {
            guard ctx_ssl_set_server_name(session, name) == 1, SSL_set1_host(session, name) == 1 else { return nil }
        }
        ERR_clear_error()
    }

    deinit { SSL_free(session) }

    /// Bytes that came over the wire.
    func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let start = bytes.baseAddress else { return true }
        return BIO_write(fromServer, start, Int32(bytes.count)) == Int32(bytes.count)
    }

    /// Appends what is to go over the wire.
    func give(to output: inout [UInt8]) {
        let count = ctx_bio_pending(toServer)
        guard count > 0 else { return }
        let start = output.count
        output.append(contentsOf: repeatElement(0, count: count))
        let taken = output.withUnsafeMutableBytes { buffer in
            BIO_read(toServer, buffer.baseAddress.map { $0 + start }, Int32(count))
        }
        output.removeLast(count - max(0, Int(taken)))
    }

    enum Step {
        /// So many bytes were taken or given; of `shakeHands`, it is done.
        case done(Int)
        /// More bytes of the server are needed.
        case waiting
        /// The server has ended the connection properly.
        case ended
        /// What libssl says, for people.
        case failed(reason: String, help: String)
    }

    func shakeHands() -> Step {
        ERR_clear_error()
        let code = SSL_do_handshake(session)
        if code == 1 {
            isReady = true
            return .done(0)
        }
        return step(code)
    }

    /// Encrypts some of the bytes.
    func encrypt(_ bytes: UnsafeRawBufferPointer) -> Step {
        ERR_clear_error()
        let code = SSL_write(session, bytes.baseAddress, Int32(min(bytes.count, 1 << 18)))
        return code > 0 ? .done(Int(code)) : step(code)
    }

    /// Decrypts as much as there is and fits.
    func decrypt(into buffer: UnsafeMutableRawBufferPointer) -> Step {
        ERR_clear_error()
        let code = SSL_read(session, buffer.baseAddress, Int32(min(buffer.count, 1 << 18)))
        return code > 0 ? .done(Int(code)) : step(code)
    }

    private func step(_ code: Int32) -> Step {
        switch SSL_get_error(session, code) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .waiting
        case SSL_ERROR_ZERO_RETURN: return .ended
        default: return failure()
        }
    }

    private func failure() -> Step {
        let verification = SSL_get_verify_result(session)
        switch verification {
        case Int(X509_V_OK): break
        case Int(X509_V_ERR_HOSTNAME_MISMATCH), Int(X509_V_ERR_IP_ADDRESS_MISMATCH):
            return .failed(
                reason: "the server's certificate is not for \(name)",
                help: "use the name it is for, or give that with name=")
        case Int(X509_V_ERR_CERT_HAS_EXPIRED):
            return .failed(reason: "the server's certificate has expired", help: "renew it")
        default:
            let text = String(cString: X509_verify_cert_error_string(verification))
            return .failed(
                reason: "the server's certificate is not trusted (\(text))",
                help: "name the authority that signed it with ca=FILE")
        }
        if ctx_ssl_is_wrong_version(ctx_ssl_error_reason()) != 0 {
            return .failed(
                reason: "the server does not speak TLS on this port", help: "use redis:// or its port for TLS")
        }
        let text = String(cString: ctx_ssl_error_text())
        return .failed(reason: text.isEmpty ? "TLS failed" : "TLS failed (\(text))", help: "")
    }
}
