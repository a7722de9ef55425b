import EngineCore
import JSONText
import StoredLayouts
import StoredRecords
import TestSupport
import Testing

@Suite(.enabled(if: TestServer.redis.isWanted)) struct MemexKeysRaceTests {
    private static func numbers(_ thread: RawRedis.Reply) -> [Int] {
        guard case .bytes(let bytes) = thread, let value = try? JSONValue(parsing: bytes),
            case .array(let messages)? = value["messages"]
        else { return [] }
        return messages.compactMap { $0["content"]?.intValue }
    }

    private static func thread(_ numbers: [Int]) -> String {
        let messages = numbers.map { #"{"content": \#($0), "role": "user", "metadata": {}}"# }
        return #"{"id": "t", "metadata": {}, "messages": [\#(messages.joined(separator: ", "))]}"#
    }

    /// The other client stores the thread as the documented storage does: it
    /// reads it, appends, and writes all of it, under no lock.
    @Test func `a thousand trims lose no message that another client appends meanwhile`() async throws {
        let place = try RedisPlace()
        let layout = MemexKeysLayout(engine: try await place.engine(), context: MemexPlace.context())
        try place.raw.run("SET", "thread:t", Self.thread([0]))
        let isOver = Flag()
        let writer = RawRedis(
            address: RawRedis.address(try TestServer.redis.value()), database: place.location.database)
        let appends = Task.detached {
            var last = 0
            while !isOver.isSet {
                last += 1
                let now = Self.numbers(try writer.run("GET", "thread:t"))
                try writer.run("SET", "thread:t", Self.thread(now + [last]))
                await Task.yield()
            }
            return last
        }
        var won = 0
        var conflicts = 0
        for _ in 0..<1000 {
            do {
                let plan = try await layout.plan(.trim(keep: 3, snap: false), .thread, "t")
                won += try await layout.carryOut(plan, recording: MemexRecorder(plan)).dropped > 0 ? 1 : 0
            } catch {
                guard error.kind == .conflict else { throw error }
                conflicts += 1
            }
        }
        isOver.set()
        let last = try await appends.value
        let left = Self.numbers(try place.raw.run("GET", "thread:t"))
        #expect(left.first.map { Array($0...last) } == left)
        #expect(won > 0 && conflicts > 0)
    }
}
