internal import StoredRecords

/// A connection that has introduced itself: commands in, replies out.
final class RedisConnection {
    /// What the server tells about itself.
    struct Server: Sendable {
        /// 0 when the server does not say, as before 6.0.
        var majorVersion = 0
        /// `nil` when the server does not say.
        var isCluster: Bool?
    }

    let node: RedisNode
    let server: Server
    /// Whether a call has been answered, so that a break now may be of an idle connection.
    private(set) var wasUsed = false
    private let socket: RedisSocket
    private let reader: ReplyReader
    private let place: String

    /// Connects, agrees on TLS, and names user, password and database.
    init(
        to node: RedisNode, location: RedisLocation, context: TLSContext?, patience: Duration,
        interrupter: RedisInterrupter, _ operation: String, place: String
    ) throws(StorageError) {
        guard let reader = ReplyReader() else {
            throw StorageError(.failed, operation: operation, place: place, reason: "no memory is left")
        }
        let filter = try context?.filter(host: node.host, operation, place: place)
        let socket = try RedisSocket.connected(
            to: node, interrupter: interrupter, tls: filter, operation, place: place)
        try socket.shakeHands(operation, patience: patience)
        self.server = try Self.introduce(location, socket, reader, operation, place: place)
        self.node = node
        self.socket = socket
        self.reader = reader
        self.place = place
    }

    /// Sends the commands together and waits for all replies.
    ///
    /// After a throw the connection is of no more use.
    func exchange(_ commands: [RedisCommand], _ operation: String) throws(StorageError) -> [RedisReply] {
        let replies = try Self.exchange(commands, socket, reader, operation, place: place)
        wasUsed = true
        return replies
    }

    private static func exchange(
        _ commands: [RedisCommand], _ socket: RedisSocket, _ reader: ReplyReader, _ operation: String, place: String
    ) throws(StorageError) -> [RedisReply] {
        try socket.say(operation) { output throws(StorageError) in
            for command in commands { try command.append(to: &output, operation, place: place) }
        }
        var replies: [RedisReply] = []
        replies.reserveCapacity(commands.count)
        while replies.count < commands.count {
            switch reader.next() {
            case .reply(let reply): replies.append(reply)
            case .incomplete: try socket.pass(operation) { reader.feed($0) }
            case .garbled:
                throw StorageError(
                    .failed, operation: operation, place: place,
                    reason: "what listens there does not speak Redis's protocol",
                    help: "check the port; if it speaks TLS, use rediss://")
            }
        }
        return replies
    }

    private static func introduce(
        _ location: RedisLocation, _ socket: RedisSocket, _ reader: ReplyReader, _ operation: String, place: String
    ) throws(StorageError) -> Server {
        var commands: [RedisCommand] = []
        let isNamed = location.user != nil || location.password != nil
        if isNamed {
            let password = location.password ?? ""
            commands.append(
                location.user.map { RedisCommand("AUTH", $0, password) } ?? RedisCommand("AUTH", password))
        }
        // Without a version it tells what the server is and changes nothing.
        commands.append(RedisCommand("HELLO"))
        if location.database != 0 { commands.append(RedisCommand("SELECT", String(location.database))) }
        var replies = try exchange(commands, socket, reader, operation, place: place)[...]
        if isNamed, let error = replies.popFirst()?.error {
            throw refusal(of: location, error, operation, place: place)
        }
        let hello = replies.popFirst()
        if let error = hello?.error, ["NOAUTH", "DENIED", "NOPERM"].contains(error.code) {
            throw error.error(operation, place: place)
        }
        if let error = replies.popFirst()?.error { throw error.error(operation, place: place) }
        return Server(hello?.elements ?? [])
    }

    /// The words of a server that refuses who we are; they are not passed on,
    /// as some repeat what they were given.
    private static func refusal(
        of location: RedisLocation, _ error: RedisServerError, _ operation: String, place: String
    ) -> StorageError {
        if error.code == "ERR", error.isAboutMissingPassword {
            return StorageError(
                .denied, operation: operation, place: place, reason: "the server has no password for its default user",
                help: "leave the password out, or name the user too")
        }
        if ["LOADING", "DENIED", "MASTERDOWN"].contains(error.code) { return error.error(operation, place: place) }
        return StorageError(
            .denied, operation: operation, place: place,
            reason: location.user == nil
                ? "the server refuses the password" : "the server refuses the user or the password",
            help: "check both in the location")
    }
}

extension RedisConnection.Server {
    /// Reads names and values of the reply of `HELLO`.
    fileprivate init(_ hello: [RedisReply]) {
        for index in stride(from: 0, to: hello.count - 1, by: 2) {
            switch hello[index].text {
            case "version":
                majorVersion = hello[index + 1].text.flatMap { $0.split(separator: ".").first }.flatMap { Int($0) } ?? 0
            case "mode": isCluster = hello[index + 1].text == "cluster"
            default: break
            }
        }
    }
}
