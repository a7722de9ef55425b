public import StoredRecords

/// What a command line wrote that was given a document.
public struct CapturedOutput: Sendable, Equatable {
    public var bytes: StoredBytes
    /// Whether more was written than is kept.
    public var isCut: Bool
    /// How it ended when not well: "ended with status 1".
    public var failure: String?

    public init(bytes: StoredBytes, isCut: Bool = false, failure: String? = nil) {
        self.bytes = bytes
        self.isCut = isCut
        self.failure = failure
    }
}
