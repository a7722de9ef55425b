internal import COpenSSL
internal import EngineCore
internal import StoredRecords

/// The trusted authorities and the client's certificate, read once for all of
/// a session's connections.
final class TLSContext {
    private let context: OpaquePointer
    private let options: RedisTLS

    /// Throws `failed` when a file cannot be used, `unavailable` without OpenSSL.
    init(_ options: RedisTLS, _ operation: String, place: String) throws(StorageError) {
        func failure(_ what: String, _ help: String) -> StorageError {
            let detail = String(cString: ctx_ssl_error_text())
            return StorageError(
                .failed, operation: operation, place: place,
                reason: detail.isEmpty ? what : "\(what) (\(detail))", help: help)
        }
        if let missing = StorageError.missingLibrary(
            ctx_ssl_load(), package: "libssl3", operation: operation, place: place)
        {
            throw missing
        }
        ERR_clear_error()
        guard let context = SSL_CTX_new(TLS_client_method()) else {
            throw failure("TLS cannot be set up", "")
        }
        var isUsable = false
        defer { if !isUsable { SSL_CTX_free(context) } }
        guard ctx_ssl_require_tls12(context) == 1 else { throw failure("TLS cannot be set up", "") }
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
        if let file = options.authorityFile {
            guard SSL_CTX_load_verify_locations(context, file, nil) == 1 else {
                throw failure("the file of trusted authorities cannot be used", "check ca=FILE")
            }
        } else {
            guard SSL_CTX_set_default_verify_paths(context) == 1 else {
                throw failure("the system's trusted authorities cannot be used", "name a file with ca=FILE")
            }
        }
        if let file = options.certificateFile {
            guard SSL_CTX_use_certificate_chain_file(context, file) == 1 else {
                throw failure("the client's certificate cannot be used", "check cert=FILE")
            }
            guard SSL_CTX_use_PrivateKey_file(context, options.keyFile ?? file, SSL_FILETYPE_PEM) == 1,
                SSL_CTX_check_private_key(context) == 1
            else { throw failure("the client's key cannot be used", "check key=FILE") }
        }
        isUsable = true
        self.context = context
        self.options = options
    }

    deinit { SSL_CTX_free(context) }

    /// The client's side of a connection to `host`, whose certificate must be for it.
    func filter(host: String, _ operation: String, place: String) throws(StorageError) -> TLSFilter {
        ERR_clear_error()
        let name = options.serverName ?? host
        guard let session = SSL_new(context), let filter = TLSFilter(session, name: name) else {
            throw StorageError(.failed, operation: operation, place: place, reason: "TLS cannot be set up")
        }
        return filter
    }
}
