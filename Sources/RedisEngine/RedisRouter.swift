internal import EngineCore
internal import Glibc
internal import StoredRecords

/// Brings commands to the server that has their keys: the only one there is,
/// or one of a cluster's.
///
/// Not for several threads: a session uses it on its lane alone.
final class RedisRouter: @unchecked Sendable {
    /// How often one command is sent on before the cluster counts as unsettled.
    /// With the moment between them, a second for a cluster to agree with itself.
    private static let rounds = 50

    let place: String
    private let location: RedisLocation
    private let interrupter: RedisInterrupter
    private let patience: Duration
    private var context: TLSContext?
    private var connections: [RedisNode: RedisConnection] = [:]
    /// The slots of a cluster; `nil` for a server of its own, or not known yet.
    private(set) var slots: ClusterSlots?
    private var isKnown = false
    /// Before 6.0, `SET` cannot keep a key's remaining life.
    private(set) var isTooOldToWrite = false

    /// The server the location names.
    var address: RedisNode { location.address }

    init(location: RedisLocation, interrupter: RedisInterrupter, deadline: Duration) {
        self.location = location
        // Less than the deadline, so that the answer names the encryption and not the time.
        patience = min(deadline / 2, .seconds(10))
        self.interrupter = interrupter
        place = location.description
    }

    /// Closes every connection; the next call opens them anew.
    func reset() {
        connections = [:]
    }

    /// Finds out what the server is, the first time.
    func prepare(_ operation: String) throws(StorageError) {
        guard !isKnown else { return }
        let connection = try connection(to: location.address, operation)
        isTooOldToWrite = connection.server.majorVersion < 6
        if connection.server.isCluster != false {
            let replies = try exchange(
                [RedisCommand("CLUSTER", "SLOTS")], with: location.address, mayRepeat: true, operation)
            slots = replies.first.flatMap { ClusterSlots($0, from: location.address) }
            // Without permission to ask, it is taken for a server of its own until it sends a command away.
        }
        isKnown = true
    }

    // MARK: By key

    /// The replies to the commands, each from the server that has its key.
    ///
    /// At most `window` commands are under way at once, so that neither side
    /// holds more than their replies. The commands may run more than once.
    func send(
        _ commands: [RedisCommand], window: Int, _ job: LaneJob, _ operation: String
    ) throws(StorageError) -> [RedisReply] {
        try prepare(operation)
        guard slots != nil else {
            var replies: [RedisReply] = []
            replies.reserveCapacity(commands.count)
            for start in stride(from: 0, to: commands.count, by: window) {
                try job.check(operation, place: place)
                let part = Array(commands[start..<min(commands.count, start + window)])
                replies += try exchange(part, with: location.address, mayRepeat: true, operation)
            }
            return replies
        }
        var replies = [RedisReply?](repeating: nil, count: commands.count)
        var pending = Array(commands.indices)
        for _ in 0..<Self.rounds {
            pending = try round(commands, pending, window, into: &replies, job, operation)
            if pending.isEmpty { return replies.map { $0 ?? .null } }
        }
        throw unsettled(operation)
    }

    /// Sends what is pending once; what is to be sent again comes back.
    private func round(
        _ commands: [RedisCommand], _ pending: [Int], _ window: Int, into replies: inout [RedisReply?],
        _ job: LaneJob, _ operation: String
    ) throws(StorageError) -> [Int] {
        var groups: [RedisNode: [Int]] = [:]
        for index in pending { groups[try node(of: commands[index], operation), default: []].append(index) }
        var again: [Int] = []
        var asked: [RedisNode: [Int]] = [:]
        for (node, indexes) in groups {
            for start in stride(from: 0, to: indexes.count, by: window) {
                try job.check(operation, place: place)
                let part = indexes[start..<min(indexes.count, start + window)]
                guard let results = try answers(part.map { commands[$0] }, node, operation) else {
                    again += part
                    continue
                }
                for (index, reply) in zip(part, results) {
                    switch reply.error?.redirection(from: node) {
                    case .moved(let slot, let target)?:
                        slots?.move(slot, to: target)
                        again.append(index)
                    case .ask(let target)?: asked[target, default: []].append(index)
                    case nil where reply.error?.isPassing == true: again.append(index)
                    case nil: replies[index] = reply
                    }
                }
            }
        }
        for (node, indexes) in asked {
            let parts = indexes.flatMap { [RedisCommand("ASKING"), commands[$0]] }
            let results = try exchange(parts, with: node, mayRepeat: true, operation)
            for (position, index) in indexes.enumerated() {
                let reply = results[2 * position + 1]
                let isElsewhere = reply.error.map { $0.redirection(from: node) != nil || $0.isPassing } ?? false
                if isElsewhere { again.append(index) } else { replies[index] = reply }
            }
        }
        if !again.isEmpty { try settle(job, operation) }
        return again
    }

    /// The replies of one server; `nil` when it is gone and another has taken its keys over.
    private func answers(
        _ commands: [RedisCommand], _ node: RedisNode, _ operation: String
    ) throws(StorageError) -> [RedisReply]? {
        do throws(StorageError) {
            return try exchange(commands, with: node, mayRepeat: true, operation)
        } catch {
            guard error.kind == .unavailable, !interrupter.isInterrupted else { throw error }
            refreshSlots(without: node, operation)
            guard let command = commands.first, try self.node(of: command, operation) != node else { throw error }
            return nil
        }
    }

    /// The server that has the command's key.
    func node(of command: RedisCommand, _ operation: String) throws(StorageError) -> RedisNode {
        guard let slots, let key = command.key else { return location.address }
        guard let node = slots.node(ClusterSlots.slot(of: key)) else {
            throw RedisServerError("CLUSTERDOWN").error(operation, place: place)
        }
        return node
    }

    /// Takes in where a slot has gone.
    func follow(_ redirection: RedisServerError.Redirection) {
        if case .moved(let slot, let node) = redirection { slots?.move(slot, to: node) }
    }

    /// Gives a cluster that is moving keys a moment, and looks what it is now.
    func settle(_ job: LaneJob, _ operation: String) throws(StorageError) {
        try job.check(operation, place: place)
        _ = poll(nil, 0, 20)
        refreshSlots(without: nil, operation)
    }

    func unsettled(_ operation: String) -> StorageError {
        StorageError(
            .busy, operation: operation, place: place, reason: "the cluster is moving the keys to another server",
            help: "try again")
    }

    /// Asks the servers in turn which slots they know to be whose; without an answer all stays as it was.
    func refreshSlots(without missing: RedisNode?, _ operation: String) {
        guard let slots else { return }
        for node in slots.servers.map(\.node) + [location.address] where node != missing {
            guard !interrupter.isInterrupted,
                let replies = try? exchange(
                    [RedisCommand("CLUSTER", "SLOTS")], with: node, mayRepeat: true, operation),
                let reply = replies.first, let found = ClusterSlots(reply, from: node), !found.shards.isEmpty
            else { continue }
            self.slots = found
            return
        }
    }

    // MARK: By server

    /// Sends the commands to one server and waits for the replies.
    ///
    /// - Parameter mayRepeat: sends them again on a new connection when an idle one turns out to be broken.
    func exchange(
        _ commands: [RedisCommand], with node: RedisNode, mayRepeat: Bool, _ operation: String
    ) throws(StorageError) -> [RedisReply] {
        let connection = try connection(to: node, operation)
        do throws(StorageError) {
            return try connection.exchange(commands, operation)
        } catch {
            connections[node] = nil
            guard mayRepeat, connection.wasUsed, error.kind == .unavailable, !interrupter.isInterrupted else {
                throw error
            }
        }
        do throws(StorageError) {
            return try self.connection(to: node, operation).exchange(commands, operation)
        } catch {
            connections[node] = nil
            throw error
        }
    }

    private func connection(to node: RedisNode, _ operation: String) throws(StorageError) -> RedisConnection {
        if let open = connections[node] { return open }
        if context == nil, let tls = location.tls { context = try TLSContext(tls, operation, place: place) }
        let connection = try RedisConnection(
            to: node, location: location, context: context, patience: patience, interrupter: interrupter, operation,
            place: node == location.address ? place : RedisLocation(node, tls: location.tls).description)
        connections[node] = connection
        return connection
    }
}
