import StoredRecords
import Testing

/// Runs the body, which must fail with an error of this kind, and returns the error.
@discardableResult
func expectFailure<T>(
    _ kind: StorageError.Kind, sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () async throws -> T
) async -> StorageError? {
    do {
        let result = try await body()
        Issue.record("expected the failure \(kind), got \(result)", sourceLocation: sourceLocation)
        return nil
    } catch let error as StorageError {
        #expect(error.kind == kind, "\(error)", sourceLocation: sourceLocation)
        return error
    } catch {
        Issue.record("expected a StorageError, got \(error)", sourceLocation: sourceLocation)
        return nil
    }
}

/// Runs the body once more when a lock of the other was in its way for as long
/// as the engine waits for one: who waits is not served in turn, and the other
/// may be slow on a busy machine. A refusal without that wait is a failure.
@discardableResult
func whileBusy<T>(_ body: () async throws -> T) async throws -> T {
    for _ in 0..<20 {
        let start = ContinuousClock.now
        do {
            return try await body()
        } catch let error as StorageError where error.kind == .busy {
            guard ContinuousClock.now - start > .seconds(4) else { throw error }
        }
    }
    return try await body()
}
