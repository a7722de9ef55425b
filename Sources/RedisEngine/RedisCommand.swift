internal import CHiredis
internal import EngineCore
internal import StoredRecords

/// One command as the words the server gets; a word may hold any bytes.
struct RedisCommand: Sendable {
    /// All words but the value.
    private var words: [[UInt8]]
    /// A word that may be large and is not copied before it is sent, and its place among the words.
    private var value: (index: Int, bytes: StoredBytes)?
    /// The key by which a cluster finds the command's server; `nil` when it goes to any.
    private(set) var key: [UInt8]?

    init(_ name: String, _ arguments: String...) {
        words = [Array(name.utf8)] + arguments.map { Array($0.utf8) }
    }

    init(_ name: String, key: StoredKey, _ arguments: [UInt8]...) {
        words = [Array(name.utf8), key.bytes] + arguments
        self.key = key.bytes
    }

    init(_ name: String, key: StoredKey, _ arguments: [[UInt8]]) {
        words = [Array(name.utf8), key.bytes] + arguments
        self.key = key.bytes
    }

    init(_ name: String, keys: [StoredKey]) {
        words = [Array(name.utf8)] + keys.map(\.bytes)
        key = keys.first?.bytes
    }

    /// `SET key value` and what follows it.
    init(set key: StoredKey, _ bytes: StoredBytes, _ arguments: String...) {
        words = [Array("SET".utf8), key.bytes] + arguments.map { Array($0.utf8) }
        value = (2, bytes)
        self.key = key.bytes
    }

    /// Appends the command as the protocol spells it.
    ///
    /// Throws `failed` when there is no memory for it.
    func append(to output: inout [UInt8], _ operation: String, place: String) throws(StorageError) {
        let isFormatted =
            if let value {
                value.bytes.withBytes { Self.append(words, value: ($0, value.index), to: &output) }
            } else {
                Self.append(words, value: nil, to: &output)
            }
        guard isFormatted else {
            throw StorageError(.failed, operation: operation, place: place, reason: "no memory is left")
        }
    }

    private static func append(
        _ words: [[UInt8]], value: (bytes: UnsafeRawBufferPointer, index: Int)?, to output: inout [UInt8]
    ) -> Bool {
        // The words side by side, so that one pointer reaches all of them. Never empty: a pointer must exist.
        var joined: [UInt8] = []
        joined.reserveCapacity(words.reduce(1) { $0 + $1.count })
        for word in words { joined += word }
        joined.append(0)
        var lengths = words.map(\.count)
        if let value { lengths.insert(value.bytes.count, at: value.index) }
        return joined.withUnsafeBytes { joined in
            var at = 0
            var pointers: [UnsafePointer<CChar>?] = words.map { word in
                defer { at += word.count }
                return joined.baseAddress.map { ($0 + at).assumingMemoryBound(to: CChar.self) }
            }
            if let value {
                let start = value.bytes.baseAddress ?? joined.baseAddress
                pointers.insert(start?.assumingMemoryBound(to: CChar.self), at: value.index)
            }
            var text: UnsafeMutablePointer<CChar>?
            let count = redisFormatCommandArgv(&text, Int32(lengths.count), &pointers, lengths)
            guard count >= 0, let text else { return false }
            defer { redisFreeCommand(text) }
            output.append(contentsOf: UnsafeRawBufferPointer(start: text, count: Int(count)))
            return true
        }
    }
}
