import StoredRecords
import Testing

@testable import RedisEngine

@Suite struct ClusterSlotsTests {
    /// The values are those that `CLUSTER KEYSLOT` of a Redis 7.0 server gives.
    @Test(arguments: [
        ("123456789", 12739), ("foo", 12182), ("", 0), ("{user1000}.following", 3443), ("{user1000}.followers", 3443),
        ("foo{}{bar}", 8363), ("foo{{bar}}zap", 4015), ("foo{bar}{zap}", 5061), ("bar", 5061), ("foo{bar", 15278),
    ])
    func `a key's slot is that of its tag`(key: String, slot: Int) {
        #expect(ClusterSlots.slot(of: Array(key.utf8)) == slot)
    }

    private func slots() throws -> ClusterSlots {
        func entry(_ first: Int64, _ last: Int64, _ host: String, _ port: Int64) -> RedisReply {
            .array([
                .integer(first), .integer(last),
                .array([.string(StoredBytes(host)), .integer(port), .string(StoredBytes("id\(port)"))]),
            ])
        }
        return try #require(
            ClusterSlots(
                .array([entry(100, 199, "", 2), entry(0, 99, "a", 1), entry(200, 300, "a", 1)]),
                from: .tcp(host: "seed", port: 9)))
    }

    @Test func `a server without a host is the one that answered`() throws {
        let slots = try slots()
        #expect(slots.node(150) == .tcp(host: "seed", port: 2))
        #expect(slots.node(99) == .tcp(host: "a", port: 1))
        #expect(slots.node(301) == nil)
        #expect(slots.servers.map(\.id) == ["id1", "id2"])
    }

    @Test func `one slot can move out of the middle of a run`() throws {
        var slots = try slots()
        slots.move(150, to: .tcp(host: "a", port: 1))
        #expect(slots.node(149) == .tcp(host: "seed", port: 2))
        #expect(slots.node(150) == .tcp(host: "a", port: 1))
        #expect(slots.node(151) == .tcp(host: "seed", port: 2))
        slots.move(400, to: .tcp(host: "b", port: 3))
        #expect(slots.node(400) == .tcp(host: "b", port: 3))
        #expect(slots.shards.map(\.slots.lowerBound) == [0, 100, 150, 151, 200, 400])
    }

    @Test(arguments: [
        RedisReply.null, .array([.integer(1)]), .array([.array([.integer(5), .integer(1), .array([])])]),
        .array([.array([.integer(0), .integer(99999), .array([.null, .integer(1)])])]),
        .array([.array([.integer(0), .integer(1), .array([.null, .integer(70000)])])]),
    ])
    func `a reply that is no table of slots is none`(reply: RedisReply) {
        #expect(ClusterSlots(reply, from: .tcp(host: "h", port: 1)) == nil)
    }

    @Test func `a redirection names its server, by default the same host`() {
        let node = RedisNode.tcp(host: "own", port: 1)
        #expect(
            RedisServerError("MOVED 5 other:7").redirection(from: node) == .moved(slot: 5, .tcp(host: "other", port: 7))
        )
        #expect(RedisServerError("ASK 5 ::1:7").redirection(from: node) == .ask(.tcp(host: "::1", port: 7)))
        #expect(
            RedisServerError("MOVED 5 :7").redirection(from: node) == .moved(slot: 5, .tcp(host: "own", port: 7)))
        for text in ["MOVED", "MOVED x y:1", "MOVED 99999 h:1", "MOVED 5 h:0x", "MOVED 5 h", "ERR 5 h:1"] {
            #expect(RedisServerError(text).redirection(from: node) == nil, "\(text)")
        }
    }

    @Test func `the server's words are passed on without what they repeat`() {
        let error = RedisServerError("ERR unknown command 'X', with args beginning with: 'hidden' \u{1B}[2J")
        #expect(
            error.error("read", place: "p").description
                == "cannot read in p: the server answered \"unknown command 'X'\"")
        let hostile = RedisServerError("ERR \u{1B}]0;title\u{07}\u{9B}1m" + String(repeating: "x", count: 10_000))
        let text = hostile.error("read", place: "p").description
        #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
        #expect(text.count < 300)
    }
}
