/// A key id with its secret, and the token of a session that ends.
///
/// Printing shows neither: what is printed may reach a log.
public struct S3Credentials: Sendable, Hashable {
    let keyID: String
    let secret: String
    let sessionToken: String?

    public init(keyID: String, secret: String, sessionToken: String? = nil) {
        self.keyID = keyID
        self.secret = secret
        self.sessionToken = sessionToken
    }
}

extension S3Credentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "S3Credentials(hidden)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
