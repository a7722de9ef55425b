import EngineCore
import JSONText
import RedisEngine
import StoredLayouts
import StoredRecords
import TestSupport
import Testing

/// Two writers at one thread of a real server: no message that either wrote may be lost.
@Suite(.usesRedis) struct MemexKeysRaceTests {
    private static let trims = 1000
    private static let routes: [RedisRoute] = [.tcp, .cluster].filter(\.server.isWanted)

    private static func numbers(_ thread: RawRedis.Reply) -> [Int] {
        guard case .bytes(let bytes) = thread, let value = try? JSONValue.parse(bytes),
            case .array(let messages)? = value["messages"]
        else { return [] }
        return messages.compactMap { $0["content"]?.intValue }
    }

    private static func thread(_ numbers: [Int]) -> String {
        let messages = numbers.map { #"{"content": \#($0), "role": "user", "metadata": {}}"# }
        return #"{"id": "t", "metadata": {}, "messages": [\#(messages.joined(separator: ", "))]}"#
    }

    /// The other writer appends as a careful client does: what it read and
    /// appended to is stored only while nobody else has written.
    private static let append = """
        if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL') return 1 end
        return 0
        """

    @Test(arguments: routes)
    func `a thousand trims lose no message that another client appends meanwhile`(_ route: RedisRoute) async throws {
        let place = try RedisPlace(route)
        let layout = MemexKeysLayout(engine: try await place.engine(), context: MemexPlace.context())
        try place.raw.run("SET", "thread:t", Self.thread([0]))
        var other = OtherWriter { turn in
            while true {
                guard case .bytes(let old) = try place.raw.run("GET", "thread:t") else { return }
                let new = Self.thread(Self.numbers(.bytes(old)) + [turn + 1])
                let isStored = try place.raw.run(
                    ["EVAL", Self.append, "1", "thread:t"].map { Array($0.utf8) } + [old, Array(new.utf8)])
                if isStored == .integer(1) { return }
            }
        }
        // Enough for a first trim.
        for _ in 0..<4 { other.write() }
        try await other.settle()
        var dropped = 0
        var conflicts = 0
        for number in 0..<Self.trims {
            let meeting = OtherWriter.Meeting(try: number)
            other.write()
            if meeting != .race { try await other.settle() }
            let plan = try await layout.plan(.trim(keep: 3, snap: false), .thread, "t")
            if meeting == .between {
                other.write()
                try await other.settle()
            }
            if plan.isEmpty, meeting == .race { continue }
            do throws(StorageError) {
                let outcome = try await layout.carryOut(plan, recording: MemexRecorder(plan))
                #expect(meeting != .between)
                #expect(outcome.kept == 3 && outcome.dropped == plan.drops)
                dropped += outcome.dropped
            } catch {
                #expect(error.kind == .conflict, "\(error)")
                #expect(meeting != .before)
                conflicts += 1
            }
        }
        try await other.end()
        let last = other.told
        let left = Self.numbers(try place.raw.run("GET", "thread:t"))
        // Every message but those that a trim said it dropped is there, once.
        #expect(dropped + left.count == last + 1)
        #expect(left.count >= 3)
        #expect(left == Array((last - left.count + 1)...last), "appended up to \(last), left \(left)")
        #expect(dropped > 0)
        #expect(conflicts > 0)
    }
}
