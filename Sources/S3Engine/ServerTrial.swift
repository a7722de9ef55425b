internal import EngineCore
internal import StoredRecords

/// Finds out what a server can do and the credentials may, by asking it.
struct ServerTrial {
    let transfer: ObjectTransfer

    struct Outcome {
        var write = Availability.available
        var honoursConditions = true
    }

    /// Throws unless the bucket is there and may be looked into.
    func checkBucket(_ deadline: CallDeadline) async throws(StorageError) {
        _ = try await transfer.session.send(S3Request(method: .head), deadline)
    }

    /// Asks for a write that a server which honours conditions refuses: an
    /// empty object under a random name, only if one with a certain tag is
    /// there. One that does not honour them writes it, and it is deleted again.
    func tryWriting(_ deadline: CallDeadline) async throws(StorageError) -> Outcome {
        let name = ObjectKey(".ctxbrowse-trial-\(UInt64.random(in: 0...UInt64.max))")
        guard let key = transfer.wholeKey(name) else { return Outcome() }
        let request = S3Request(
            method: .put, key: key, headers: [("if-match", "\"00000000000000000000000000000000\"")],
            accepted: [400, 403, 404, 405, 409, 412, 501])
        let response = try await transfer.session.send(request, deadline)
        switch response.status {
        case 404, 409, 412: return Outcome()
        case 403: return Outcome(write: .unavailable("the credentials allow reading and not writing here"))
        case 200..<300:
            _ = try await transfer.session.send(S3Request(method: .delete, key: key, accepted: [404]), deadline)
            return Outcome(honoursConditions: false)
        default: return Outcome(honoursConditions: false)
        }
    }
}
