internal import EngineCore
internal import StoredRecords

/// One commit: looks under `WATCH` whether what is expected holds, then makes the changes.
struct RedisCommit: Sendable {
    let changes: [KeyChange]
    let expectations: [KeyExpectation]
    let operation: String

    private static let rounds = 12

    func run(_ router: RedisRouter, _ job: LaneJob) throws(StorageError) {
        for case .setExpiring(let key, _, let life?) in changes where life <= .zero {
            throw StorageError(
                .invalid, operation: "write \(key)", place: router.place, reason: "its life would be over at once")
        }
        try router.prepare(operation)
        let parts = try CommitParts(changes, expectations, slots: router.slots, operation, place: router.place)
        for part in parts.sets { try check(part, router, job) }
        if let together = parts.together { try carryOut(together, router, job) }
        for part in parts.sets {
            do throws(StorageError) {
                try carryOut(members: part, router, job)
            } catch {
                guard parts.together != nil else { throw error }
                throw StorageError(
                    error.kind, operation: operation, place: router.place,
                    reason: "the strings were changed, but then a set could not be: \(error.reason)",
                    help: "look at it again; what is there now can be mended", vendorCode: error.vendorCode)
            }
        }
    }

    // MARK: In one transaction

    private enum Outcome {
        case done
        /// The keys are on another server.
        case elsewhere(RedisServerError.Redirection)
        case later
    }

    private func carryOut(_ part: CommitPart, _ router: RedisRouter, _ job: LaneJob) throws(StorageError) {
        var asked: RedisNode?
        for _ in 0..<Self.rounds {
            try job.check(operation, place: router.place)
            let node: RedisNode = if let asked { asked } else { try router.node(of: part.anyCommand, operation) }
            let outcome = try attempt(part, router, on: node, isAsking: asked != nil)
            asked = nil
            switch outcome {
            case .done: return
            case .elsewhere(.ask(let target)): asked = target
            case .elsewhere(let redirection): router.follow(redirection)
            case .later: try router.settle(job, operation)
            }
        }
        throw router.unsettled(operation)
    }

    private func attempt(
        _ part: CommitPart, _ router: RedisRouter, on node: RedisNode, isAsking: Bool
    ) throws(StorageError) -> Outcome {
        let asking = isAsking ? [RedisCommand("ASKING")] : []
        if !part.watched.isEmpty {
            let questions = part.watched.map { RedisCommand("WATCH", key: $0) } + part.questions
            var replies = try router.exchange(
                questions.flatMap { asking + [$0] }, with: node, mayRepeat: true, operation)
            if isAsking { replies = replies.indices.filter { $0 % 2 == 1 }.map { replies[$0] } }
            do throws(StorageError) {
                if let outcome = try redirected(replies, keyed: replies.count, router, on: node) {
                    _ = try? router.exchange([RedisCommand("UNWATCH")], with: node, mayRepeat: false, operation)
                    return outcome
                }
                try part.check(Array(replies[part.watched.count...]), operation, place: router.place)
            } catch {
                _ = try? router.exchange([RedisCommand("UNWATCH")], with: node, mayRepeat: false, operation)
                throw error
            }
        } else {
            // Shows a broken idle connection while nothing is lost by opening another.
            _ = try router.exchange([RedisCommand("PING")], with: node, mayRepeat: true, operation)
        }
        let commands = asking + [RedisCommand("MULTI")] + part.commands + [RedisCommand("EXEC")]
        let replies: [RedisReply]
        do throws(StorageError) {
            replies = try router.exchange(commands, with: node, mayRepeat: false, operation)
        } catch {
            guard error.kind == .unavailable else { throw error }
            throw StorageError(
                .unavailable, operation: operation, place: router.place,
                reason: "the connection broke while the change was made: all of it is made, or nothing",
                help: "look at it again before repeating it", vendorCode: error.vendorCode)
        }
        if let outcome = try redirected(replies, keyed: part.commands.count, router, on: node) { return outcome }
        switch replies.last {
        case .array(let results)?:
            guard let error = results.lazy.compactMap(\.error).first else { return .done }
            let own = error.error(operation, place: router.place)
            throw StorageError(
                own.kind, operation: operation, place: router.place,
                reason: "the server made a part of the change and refused the rest: \(own.reason)", help: own.help)
        case .null?:
            throw StorageError(
                .conflict, operation: operation, place: router.place, reason: "the keys were changed meanwhile",
                help: "load them again")
        default: throw RedisScan.unexpected(operation, place: router.place)
        }
    }

    /// What the replies say about where to go; throws for an error that ends the commit.
    ///
    /// - Parameter keyed: how many of the commands name a key.
    private func redirected(
        _ replies: [RedisReply], keyed: Int, _ router: RedisRouter, on node: RedisNode
    ) throws(StorageError) -> Outcome? {
        let errors = replies.compactMap(\.error).filter { $0.code != "WRONGTYPE" && $0.code != "EXECABORT" }
        guard let first = errors.first else { return nil }
        guard router.slots != nil else { throw first.error(operation, place: router.place) }
        let redirections = errors.compactMap { $0.redirection(from: node) }
        if let other = errors.first(where: { $0.redirection(from: node) == nil && !$0.isPassing }) {
            throw other.error(operation, place: router.place)
        }
        // Some keys here and some there: until they are all moved, no transaction reaches them.
        guard redirections.count == keyed, let target = redirections.first, Set(redirections).count == 1 else {
            return .later
        }
        return .elsewhere(target)
    }

    // MARK: Members of sets in other slots

    private func check(_ part: CommitPart, _ router: RedisRouter, _ job: LaneJob) throws(StorageError) {
        let replies = try router.send(part.questions, window: 256, job, operation)
        if let error = replies.lazy.compactMap(\.error).first(where: { $0.code != "WRONGTYPE" }) {
            throw error.error(operation, place: router.place)
        }
        try part.check(replies, operation, place: router.place)
    }

    /// Adding what is there and removing what is gone change nothing, so that it may be sent again.
    private func carryOut(
        members part: CommitPart, _ router: RedisRouter, _ job: LaneJob
    ) throws(StorageError) {
        let replies = try router.send(part.commands, window: 256, job, operation)
        if let error = replies.lazy.compactMap(\.error).first { throw error.error(operation, place: router.place) }
    }
}
