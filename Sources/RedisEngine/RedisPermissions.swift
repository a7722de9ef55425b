internal import EngineCore
internal import StoredRecords

/// What the user may do, found by asking and without changing anything.
enum RedisPermissions {
    /// Whether the commands of a commit are accepted at all, and if not, why.
    ///
    /// They are queued and the queue is thrown away: a server refuses a
    /// command that the user may not run, or that a replica may not, when it is
    /// queued. Whether a certain key may be written shows only at that key.
    static func mayWrite(
        _ router: RedisRouter, _ job: LaneJob, _ operation: String
    ) throws(StorageError) -> Availability {
        if router.isTooOldToWrite {
            return .unavailable("a server older than Redis 6.0 cannot keep a key's remaining life")
        }
        let key = StoredKey("ctxbrowse:permission")
        let set = RedisCommand(set: key, StoredBytes([]))
        let replies = try router.exchange(
            [RedisCommand("MULTI"), set, RedisCommand("DEL", key: key), RedisCommand("DISCARD")],
            with: try router.node(of: set, operation), mayRepeat: true, operation)
        for error in replies.compactMap(\.error) where error.code != "MOVED" && error.code != "ASK" {
            if error.code == "READONLY" { return .unavailable("the server is a replica, which takes no changes") }
            if error.code == "NOPERM", !error.isAboutKey { return .unavailable("the server's user may only read") }
            if ["NOAUTH", "LOADING", "DENIED"].contains(error.code) {
                throw error.error(operation, place: router.place)
            }
        }
        return .available
    }
}
