internal import StoredRecords

/// A 64-bit hash that tells changed content from unchanged (FNV-1a with eight
/// bytes taken at a time); not a protection against forgery.
struct ContentHash: Sendable {
    private(set) var state: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        var at = 0
        while at + 8 <= bytes.count {
            mix(bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self).littleEndian)
            at += 8
        }
        while at < bytes.count {
            mix(UInt64(bytes[at]))
            at += 1
        }
        mix(UInt64(bytes.count))
    }

    mutating func add(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { add($0) }
    }

    /// The value's exact bytes and, unless it is text, its type.
    mutating func add(_ value: StoredValue) {
        switch value {
        case .null: add([0])
        case .integer(let number): add(Array("i\(number)".utf8))
        case .real(let number): add(Array("r\(number.bitPattern)".utf8))
        case .text(let text): add(Array(text.utf8))
        case .invalidText(let bytes): add([1] + bytes)
        case .bytes(let bytes): add([2] + bytes)
        }
    }

    private mutating func mix(_ word: UInt64) {
        state = (state ^ word) &* 0x0000_0100_0000_01B3
        // Without the shift the high bits of a word would never reach the low ones.
        state ^= state >> 32
    }

    var text: String { String(state, radix: 16) }
}

extension StoredBytes {
    var contentHash: String {
        var hash = ContentHash()
        withBytes { hash.add($0) }
        return hash.text
    }
}
