internal import StoredRecords

/// An error reply: a word in capitals that names it, then text for people.
///
/// Source: the error replies of the Redis protocol specification and the
/// cluster specification's redirections.
struct RedisServerError: Sendable, Hashable {
    let code: String
    private let text: String

    init(_ message: String) {
        let parts = message.split(separator: " ", maxSplits: 1)
        code = parts.first.map(String.init) ?? ""
        text = parts.count == 2 ? String(parts[1]) : ""
    }

    /// The text fit for people: without control characters, bounded, and
    /// without the arguments that some errors repeat.
    private var readable: String {
        var text = text
        for mark in [", with args", " with args", ", with args beginning with"] {
            if let start = text.firstRange(of: mark)?.lowerBound { text = String(text[..<start]) }
        }
        let scalars = text.unicodeScalars.prefix(160).filter { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
        return String(String.UnicodeScalarView(scalars))
    }

    /// Where the cluster sends the command instead.
    enum Redirection: Sendable, Hashable {
        /// The slot is served there from now on.
        case moved(slot: Int, RedisNode)
        /// Only this command, while the slot is being moved.
        case ask(RedisNode)
    }

    /// The redirection, if it is one; a missing host means the one that answered.
    func redirection(from node: RedisNode) -> Redirection? {
        guard code == "MOVED" || code == "ASK" else { return nil }
        let parts = text.split(separator: " ")
        guard parts.count == 2, let slot = Int(parts[0]), ClusterSlots.all.contains(slot),
            let colon = parts[1].lastIndex(of: ":"), let port = UInt16(parts[1][parts[1].index(after: colon)...])
        else { return nil }
        let host = String(parts[1][..<colon])
        let target: RedisNode = .tcp(host: host.isEmpty ? node.host : host, port: port)
        return code == "MOVED" ? .moved(slot: slot, target) : .ask(target)
    }

    /// Whether a user may not touch a certain key, as against a command.
    var isAboutKey: Bool {
        code == "NOPERM" && (text.contains("access a key") || text.contains("one of the keys"))
    }

    /// The command that the user may not run, as far as the server names one.
    private var refusedCommand: String {
        let parts = text.split(separator: "'", omittingEmptySubsequences: false)
        guard parts.count > 2, (1...32).contains(parts[1].utf8.count),
            parts[1].utf8.allSatisfy({ (0x61...0x7A).contains($0) || $0 == UInt8(ascii: "|") })
        else { return "a command" }
        return "the command \(parts[1].uppercased().replacing("|", with: " "))"
    }

    /// Whether a password was given where the server wants none.
    var isAboutMissingPassword: Bool {
        text.contains("without any password configured") || text.contains("no password is set")
    }

    /// Whether the command succeeds once some keys have been moved.
    var isPassing: Bool { code == "TRYAGAIN" }

    /// The one place where an error reply gets its meaning.
    func error(_ operation: String, place: String) -> StorageError {
        func make(_ kind: StorageError.Kind, _ reason: String, _ help: String = "") -> StorageError {
            StorageError(kind, operation: operation, place: place, reason: reason, help: help)
        }
        switch code {
        case "WRONGTYPE": return make(.corrupt, "the key holds a value of another type")
        case "NOAUTH":
            return make(.denied, "the server wants a user or a password", "put them into the location")
        case "WRONGPASS": return make(.denied, "the server refuses the user or the password", "check both")
        case "NOPERM":
            return isAboutKey
                ? make(.denied, "the user may not touch this key", "ask for the permission")
                : make(.denied, "the user may not run \(refusedCommand), which this needs", "ask for the permission")
        case "READONLY":
            return make(.readOnly, "the server is a replica and can only be read", "use the primary server")
        case "OOM": return make(.full, "the server has no memory left", "free some or raise its maxmemory")
        case "MISCONF":
            return make(.full, "the server refuses writes since it cannot save to its disk", "look at its log")
        case "LOADING": return make(.unavailable, "the server is still loading its data", "try again")
        case "MASTERDOWN": return make(.unavailable, "the replica has lost its primary server", "try again")
        case "NOREPLICAS": return make(.unavailable, "the server has not enough replicas to write", "try again")
        case "BUSY": return make(.busy, "the server is running a script", "try again")
        case "TRYAGAIN": return make(.busy, "the keys are being moved to another server", "try again")
        case "CLUSTERDOWN":
            return make(.unavailable, "the cluster is down: some of its slots have no server", "try again")
        case "MOVED", "ASK", "CROSSSLOT":
            return make(
                .denied, "the server is part of a cluster whose layout the user may not ask for",
                "allow the user the command CLUSTER SLOTS")
        case "ERR" where text.contains("max number of clients"):
            return make(.unavailable, "the server has too many clients", "try again")
        case "ERR" where text.contains("DB index is out of range"):
            return make(.notFound, "the server has no database of this number", "check the number")
        case "ERR" where text.contains("SELECT is not allowed in cluster mode"):
            return make(.invalid, "a cluster has only database 0", "leave the database out")
        case "DENIED":
            return make(.denied, "the server is in protected mode and takes no clients from other machines")
        default: return make(.failed, "the server answered \"\(readable.isEmpty ? code : readable)\"")
        }
    }
}
