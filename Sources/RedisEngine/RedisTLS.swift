/// What the encrypted connection is checked and shown with.
///
/// The server's certificate and its name are always checked; there is no way
/// to turn that off.
public struct RedisTLS: Sendable, Hashable {
    /// PEM file of the authorities to trust; `nil` trusts the system's.
    public var authorityFile: String?
    /// PEM files of the client's own certificate and key, where the server wants one.
    public var certificateFile: String?
    public var keyFile: String?
    /// The name the certificate must carry; `nil` takes the host that is connected to.
    public var serverName: String?

    public init(
        authorityFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil,
        serverName: String? = nil
    ) {
        self.authorityFile = authorityFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.serverName = serverName
    }
}
