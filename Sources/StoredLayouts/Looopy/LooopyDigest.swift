internal import EngineCore

/// Folds what a listing tells into a short text that changes with it (FNV-1a).
struct LooopyDigest {
    private var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ info: ObjectInfo) {
        for byte in info.key.bytes { mix(byte) }
        mix(0)
        for byte in info.tag.utf8 { mix(byte) }
        mix(0)
    }

    private mutating func mix(_ byte: UInt8) {
        value = (value ^ UInt64(byte)) &* 0x100_0000_01B3
    }

    var text: String { String(value, radix: 16) }
}
