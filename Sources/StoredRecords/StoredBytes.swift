public import JSONText

/// Bytes as they are stored: an array, or memory that an engine mapped.
///
/// Immutable and shared; copying the reference copies no bytes. A mapped
/// region is released when the last reference goes.
public final class StoredBytes: Sendable {
    private enum Storage: Sendable {
        case array([UInt8])
        case mapped(Mapping)
    }

    /// Owns mapped memory until it is released.
    private final class Mapping: @unchecked Sendable {
        // The memory is never written through this object and lives as long as it does.
        let buffer: UnsafeRawBufferPointer
        let release: @Sendable (UnsafeRawBufferPointer) -> Void

        init(buffer: UnsafeRawBufferPointer, release: @escaping @Sendable (UnsafeRawBufferPointer) -> Void) {
            self.buffer = buffer
            self.release = release
        }

        deinit { release(buffer) }
    }

    private let storage: Storage

    public init(_ bytes: [UInt8]) {
        storage = .array(bytes)
    }

    public convenience init(_ text: String) {
        self.init(Array(text.utf8))
    }

    /// Takes over mapped memory; `release` is called once, from any thread.
    public init(
        mapping buffer: UnsafeRawBufferPointer, release: @escaping @Sendable (UnsafeRawBufferPointer) -> Void
    ) {
        storage = .mapped(Mapping(buffer: buffer, release: release))
    }

    public var count: Int {
        switch storage {
        case .array(let bytes): bytes.count
        case .mapped(let mapping): mapping.buffer.count
        }
    }

    public var isEmpty: Bool { count == 0 }

    public func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        switch storage {
        case .array(let bytes): try bytes.withUnsafeBytes(body)
        case .mapped(let mapping): try body(mapping.buffer)
        }
    }

    /// All bytes as an array; copies when the bytes are mapped.
    public var array: [UInt8] {
        switch storage {
        case .array(let bytes): bytes
        case .mapped(let mapping): Array(mapping.buffer)
        }
    }

    /// The bytes of `range`, clamped to what is there.
    public func slice(_ range: Range<Int>) -> [UInt8] {
        let bounds = range.clamped(to: 0..<count)
        return withBytes { Array($0[bounds]) }
    }

    /// The text, or `nil` when the bytes are not UTF-8.
    public var text: String? {
        withBytes { String(validating: $0, as: UTF8.self) }
    }

    /// The text with every invalid sequence replaced by U+FFFD.
    public var lossyText: String {
        withBytes { String(decoding: $0, as: UTF8.self) }
    }
}

extension StoredBytes: ByteRegion {}

extension StoredBytes: Hashable {
    public static func == (left: StoredBytes, right: StoredBytes) -> Bool {
        if left === right { return true }
        guard left.count == right.count else { return false }
        return left.withBytes { a in right.withBytes { b in a.elementsEqual(b) } }
    }

    public func hash(into hasher: inout Hasher) {
        withBytes { hasher.combine(bytes: $0) }
    }
}
