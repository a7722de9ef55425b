/// Bytes that can be read in place: memory, or a file mapped into it.
public protocol ByteRegion: Sendable {
    var count: Int { get }

    /// Lends the bytes for the time of the call; they must not be kept.
    func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R
}

/// A region over an array.
public struct ArrayRegion: ByteRegion {
    public let bytes: [UInt8]

    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    public init(_ text: String) { bytes = Array(text.utf8) }

    public var count: Int { bytes.count }

    public func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try bytes.withUnsafeBytes(body)
    }
}
