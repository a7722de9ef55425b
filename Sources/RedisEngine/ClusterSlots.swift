internal import StoredRecords

/// Which server of a cluster holds which keys.
///
/// Source: the Redis cluster specification: 16384 slots, a key's slot is the
/// CRC16 (XMODEM) of its hash tag, or of all of it.
struct ClusterSlots: Sendable {
    static let all = 0..<16384

    /// A run of slots and its primary server.
    struct Shard: Sendable, Hashable {
        var slots: ClosedRange<Int>
        var node: RedisNode
        /// The server's own name, which it keeps as long as it lives.
        var id: String
    }

    /// Ordered by slot.
    private(set) var shards: [Shard]

    /// Reads the reply of `CLUSTER SLOTS`; `nil` when it is not one.
    ///
    /// - Parameter node: the server that answered, for entries without a host.
    init?(_ reply: RedisReply, from node: RedisNode) {
        guard let entries = reply.elements else { return nil }
        shards = []
        for entry in entries {
            guard let parts = entry.elements, parts.count >= 3, let first = parts[0].integer,
                let last = parts[1].integer, first <= last, Self.all.contains(Int(first)), Self.all.contains(Int(last)),
                let server = parts[2].elements, server.count >= 2,
                let port = server[1].integer.flatMap({ UInt16(exactly: $0) })
            else { return nil }
            let host = server[0].text ?? ""
            let id = server.count > 2 ? server[2].text ?? "" : ""
            shards.append(
                Shard(
                    slots: Int(first)...Int(last),
                    node: .tcp(host: host.isEmpty || host == "?" ? node.host : host, port: port), id: id))
        }
        shards.sort { $0.slots.lowerBound < $1.slots.lowerBound }
    }

    /// The server of a slot; `nil` when none serves it.
    func node(_ slot: Int) -> RedisNode? {
        shards.first { $0.slots.contains(slot) }?.node
    }

    /// One shard for each server, the one with its lowest slots, in slot order.
    var servers: [Shard] {
        var seen: Set<RedisNode> = []
        return shards.filter { seen.insert($0.node).inserted }
    }

    /// Takes in that one slot is served elsewhere.
    mutating func move(_ slot: Int, to node: RedisNode) {
        guard let index = shards.firstIndex(where: { $0.slots.contains(slot) }) else {
            shards.append(Shard(slots: slot...slot, node: node, id: ""))
            shards.sort { $0.slots.lowerBound < $1.slots.lowerBound }
            return
        }
        let old = shards[index]
        guard old.node != node else { return }
        var parts: [Shard] = []
        if old.slots.lowerBound < slot {
            parts.append(Shard(slots: old.slots.lowerBound...(slot - 1), node: old.node, id: old.id))
        }
        let id = shards.first { $0.node == node }?.id ?? ""
        parts.append(Shard(slots: slot...slot, node: node, id: id))
        if slot < old.slots.upperBound {
            parts.append(Shard(slots: (slot + 1)...old.slots.upperBound, node: old.node, id: old.id))
        }
        shards.replaceSubrange(index...index, with: parts)
    }

    // MARK: Keys

    /// The slot of a key. What is between the first `{` and the next `}`, if
    /// anything, decides alone.
    static func slot(of key: [UInt8]) -> Int {
        var part = key[...]
        if let open = key.firstIndex(of: UInt8(ascii: "{")),
            let end = key[(open + 1)...].firstIndex(of: UInt8(ascii: "}")), end > open + 1
        {
            part = key[(open + 1)..<end]
        }
        var crc: UInt16 = 0
        for byte in part { crc = crc << 8 ^ table[Int(UInt8(truncatingIfNeeded: crc >> 8) ^ byte)] }
        return Int(crc) % all.count
    }

    /// CRC16 with the polynomial 0x1021, byte by byte.
    private static let table: [UInt16] = (0..<256).map { byte in
        var crc = UInt16(byte) << 8
        for _ in 0..<8 { crc = crc & 0x8000 == 0 ? crc << 1 : crc << 1 ^ 0x1021 }
        return crc
    }
}
