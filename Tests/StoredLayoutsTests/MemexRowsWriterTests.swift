import EngineCore
import SQLiteEngine
import StoredLayouts
import StoredRecords
import Synchronization
import TestSupport
import Testing

/// What is told of a thread while a program goes on writing it.
@Suite(.usesPostgres) struct MemexRowsWriterTests {
    /// The layout of a database with a thread `t`, to which a message is added whenever it has been looked at.
    private func growing(_ kind: MemexPlace.Kind) async throws -> (place: MemexPlace, layout: MemexRowsLayout) {
        let place = try await MemexPlace.empty(kind)
        try await place.addThread("t", messages: 12)
        let run: @Sendable (String) throws -> Void
        var engine = place.engine
        if let database = place.database {
            run = { try database.run($0) }
        } else {
            await engine.close()
            let database = try RawDatabase(place.path)
            // A writer waits for no reader then.
            try database.run("PRAGMA journal_mode = wal")
            engine = try await SQLiteEngine(path: place.path)
            run = { try database.run($0) }
        }
        let next = Mutex(12)
        let disturbed = DisturbedEngine(engine: engine) { () throws(StorageError) in
            let index = next.withLock { next in
                defer { next += 1 }
                return next
            }
            do {
                try run(
                    """
                    INSERT INTO messages VALUES ('t-\(index)', 't', 'message \(index)', 'user',
                    '2025-03-01T08:00:00+00:00', '{}', 1, \(index))
                    """)
            } catch {
                throw StorageError(.failed, operation: "append", place: "test", reason: "\(error)")
            }
        }
        return (place, try await MemexPlace.layout(disturbed))
    }

    @Test(arguments: MemexPlace.Kind.engines)
    func `every message of a page has its own position while the thread grows`(_ kind: MemexPlace.Kind) async throws {
        let (place, layout) = try await growing(kind)
        let cursor = try #require(try await layout.messages("t", PageRequest(.position(6), limit: 4)).next)
        let starts: [PageRequest.Start] = [
            .first, .last, .position(3), .position(10), .position(13), .after(cursor), .before(cursor),
        ]
        for start in starts {
            let page = try await layout.messages("t", PageRequest(start, limit: 4))
            #expect(page.items.count == 4, "\(start)")
            #expect(page.items.map(\.plainText) == page.items.map { "message \($0.position)" }, "\(start)")
            if case .last = start {
                #expect(page.total == .exact((page.items.last?.position ?? 0) + 1))
                #expect(page.next == nil)
            }
        }
        await place.engine.close()
    }

    @Test(arguments: MemexPlace.Kind.engines)
    func `a plan tells one state of a thread that grows, and is a conflict afterwards`(
        _ kind: MemexPlace.Kind
    ) async throws {
        let (place, layout) = try await growing(kind)
        let plan = try await layout.plan(.trim(keep: 4, snap: false), .thread, "t")
        #expect(plan.keeps == 4)
        #expect(plan.target.messages == plan.keeps + plan.drops)
        #expect(plan.firstKept?.plainText == "message \(plan.drops)")
        #expect(plan.lastDropped?.plainText == "message \(plan.drops - 1)")
        let error = await #expect(throws: StorageError.self) {
            try await layout.carryOut(plan, recording: MemexRecorder(plan))
        }
        #expect(error?.kind == .conflict)
        await place.engine.close()
    }
}
