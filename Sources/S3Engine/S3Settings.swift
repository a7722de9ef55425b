public import StoredRecords

/// How an engine works with its server; the defaults suit programs.
public struct S3Settings: Sendable {
    /// Requests on their way at once.
    public var connections = 16
    /// What is larger is written in parts, unless the write has a condition,
    /// which servers check surely for a whole object only.
    public var multipartLimit = 64 << 20
    /// Of one part, in bytes; S3 wants 5 MiB at least, and 10,000 parts at most.
    public var partSize = 16 << 20
    /// How often a request is made before its failure counts.
    public var attempts = 5
    /// The longest wait before the second attempt; it doubles with each.
    public var firstWait: Duration = .milliseconds(100)
    /// The longest wait there is.
    public var longestWait: Duration = .seconds(5)
    /// The clock that signs.
    public var now: @Sendable () -> Timestamp = SystemClock.now
    /// Where environment variables come from.
    public var variable: @Sendable (String) -> String? = CredentialChain.processEnvironment

    public init() {}
}
