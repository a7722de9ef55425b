import EngineCore
import PostgresEngine
import SQLiteEngine
import StoredRecords
import TestSupport
import Testing

@testable import StoredLayouts

/// How a change ended, while its end is still to come.
@Suite(.usesPostgres, .timeLimit(.minutes(10))) struct MemexRowsSettleTests {
    typealias Kind = MemexPlace.Kind

    @Test(arguments: Kind.engines)
    func `a change whose end is still to come is not taken for one that was not made`(_ kind: Kind) async throws {
        let place = try await MemexPlace.empty(kind)
        try await place.addThread("t", messages: 6)
        let layout = try await place.layout()
        let plan = try await layout.plan(.trim(keep: 2, snap: false), .thread, "t")
        let recorder = MemexRecorder(plan)
        _ = try await layout.carryOut(plan, recording: recorder)
        _ = try await layout.undo(recorder, inexactly: false)
        #expect(try await layout.settle(recorder, during: .change) == .notApplied)

        let (late, begun, goesOn) = (try await place.another(), Gate(), Gate())
        let change = Task {
            try await late.transaction("trim") { transaction throws(StorageError) in
                try transaction.execute(SQLStatement("DELETE FROM messages WHERE id IN ('t-0', 't-1', 't-2', 't-3')"))
                begun.open()
                goesOn.wait()
            }
        }
        await begun.opened()
        let other = try await MemexPlace.layout(try await place.another(deadline: .seconds(30)))
        let error = await #expect(throws: StorageError.self) { try await other.settle(recorder, during: .change) }
        #expect(error?.kind == .busy || error?.kind == .timedOut)
        goesOn.open()
        try await change.value
        #expect(try await other.settle(recorder, during: .change) == .applied)
    }
}

extension MemexPlace {
    /// Another engine on the same database, as another process has it.
    func another(deadline: Duration = .seconds(30)) async throws -> any RowEngine {
        let options = EngineOptions(deadline: deadline)
        if let database { return try await PostgresEngine(location: database.location, options: options) }
        return try await SQLiteEngine(path: path, options: options)
    }
}
