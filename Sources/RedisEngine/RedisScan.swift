internal import EngineCore
internal import StoredRecords

/// One page of the keys of a server or, one server after another, of a cluster.
struct RedisScan: Sendable {
    let pattern: String
    let count: Int
    let operation: String

    func page(
        after cursor: KeyCursor?, _ router: RedisRouter, _ job: LaneJob
    ) throws(StorageError) -> KeyPage {
        try router.prepare(operation)
        guard router.slots != nil else {
            let position = try Self.position(cursor?.text ?? "0", operation, place: router.place)
            let replies = try router.send([command(position)], window: 1, job, operation)
            let (keys, next) = try Self.parts(replies[0], operation, place: router.place)
            return KeyPage(keys: keys.map { StoredKey(bytes: $0) }, next: next.map { KeyCursor($0) })
        }
        // A scan begins with what the cluster is now.
        if cursor == nil { router.refreshSlots(without: nil, operation) }
        let spot = try cursor.map { cursor throws(StorageError) in try Spot(cursor, operation, place: router.place) }
        do throws(StorageError) {
            return try page(at: spot, router)
        } catch {
            guard error.kind == .unavailable else { throw error }
            // Another server may have taken over.
            let before = router.slots?.servers
            router.refreshSlots(without: try? server(spot, router).node, operation)
            guard router.slots?.servers != before else { throw error }
            return try page(at: spot, router)
        }
    }

    private func command(_ position: String) -> RedisCommand {
        RedisCommand("SCAN", position, "MATCH", pattern, "COUNT", String(count))
    }

    // MARK: Clusters

    /// Where a scan of a cluster stands.
    private struct Spot {
        /// The lowest slot of the server that is being scanned.
        var slot: Int
        /// The server by its own name: only there the position means something.
        var id: String
        var position: String

        init(slot: Int, id: String, position: String) {
            self.slot = slot
            self.id = id
            self.position = position
        }

        init(_ cursor: KeyCursor, _ operation: String, place: String) throws(StorageError) {
            let parts = cursor.text.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 3, let slot = Int(parts[0]), ClusterSlots.all.contains(slot) else {
                throw RedisScan.wrongCursor(operation, place: place)
            }
            self.slot = slot
            id = String(parts[1])
            position = try RedisScan.position(String(parts[2]), operation, place: place)
        }

        var cursor: KeyCursor { KeyCursor("\(slot):\(id):\(position)") }
    }

    /// The server on which the scan goes on.
    private func server(_ spot: Spot?, _ router: RedisRouter) throws(StorageError) -> ClusterSlots.Shard {
        let servers = router.slots?.servers ?? []
        let owner = spot.flatMap { router.slots?.node($0.slot) }
        guard let server = spot == nil ? servers.first : servers.first(where: { $0.node == owner }) else {
            throw RedisServerError("CLUSTERDOWN").error(operation, place: router.place)
        }
        return server
    }

    private func page(at spot: Spot?, _ router: RedisRouter) throws(StorageError) -> KeyPage {
        let server = try server(spot, router)
        // On a server that took over, the old position means nothing: it is scanned from its beginning.
        let position = spot?.id == server.id ? spot?.position ?? "0" : "0"
        let replies = try router.exchange([command(position)], with: server.node, mayRepeat: true, operation)
        let (keys, next) = try Self.parts(replies[0], operation, place: router.place)
        var follower: Spot?
        let slot = spot?.slot ?? server.slots.lowerBound
        if let next {
            follower = Spot(slot: slot, id: server.id, position: next)
        } else if let other = router.slots?.servers.first(where: { $0.slots.lowerBound > slot }) {
            follower = Spot(slot: other.slots.lowerBound, id: other.id, position: "0")
        }
        return KeyPage(keys: keys.map { StoredKey(bytes: $0) }, next: follower?.cursor)
    }

    // MARK: Positions and replies

    /// The text, when it is a position as the server gives them.
    static func position(_ text: String, _ operation: String, place: String) throws(StorageError) -> String {
        guard UInt64(text) != nil else { throw wrongCursor(operation, place: place) }
        return text
    }

    private static func wrongCursor(_ operation: String, place: String) -> StorageError {
        StorageError(
            .invalid, operation: operation, place: place, reason: "the cursor is not one of this place",
            help: "start again from the first page")
    }

    /// Position and elements of the reply of a scan; no position at its end.
    static func parts(
        _ reply: RedisReply, _ operation: String, place: String
    ) throws(StorageError) -> (elements: [[UInt8]], next: String?) {
        if let error = reply.error { throw error.error(operation, place: place) }
        guard let parts = reply.elements, parts.count == 2, let next = parts[0].text, let found = parts[1].elements
        else { throw unexpected(operation, place: place) }
        return (found.compactMap { $0.bytes?.array }, next == "0" ? nil : next)
    }

    static func unexpected(_ operation: String, place: String) -> StorageError {
        StorageError(
            .failed, operation: operation, place: place, reason: "the server answered something unexpected",
            help: "check whether it is a Redis server")
    }
}
