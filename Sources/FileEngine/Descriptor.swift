internal import Glibc

/// A file descriptor that is closed when it goes out of use.
struct Descriptor: ~Copyable {
    let number: Int32

    deinit { close(number) }

    /// Gives the number to an owner that closes it itself.
    consuming func release() -> Int32 {
        let number = number
        discard self
        return number
    }
}

/// One part of a path as a C string: bytes without a NUL, and a NUL.
struct FileName: Sendable, Hashable {
    private let terminated: [UInt8]

    init(_ bytes: some Sequence<UInt8>) {
        terminated = Array(bytes) + [0]
    }

    var bytes: ArraySlice<UInt8> { terminated.dropLast() }

    func withPointer<R>(_ body: (UnsafePointer<CChar>) -> R) -> R {
        terminated.withUnsafeBytes { buffer in
            // An array of bytes is never empty here and has the layout of C characters.
            body(buffer.assumingMemoryBound(to: CChar.self).baseAddress ?? Self.empty)
        }
    }

    private static var empty: UnsafePointer<CChar> {
        UnsafeRawPointer(StaticString("").utf8Start).assumingMemoryBound(to: CChar.self)
    }
}
