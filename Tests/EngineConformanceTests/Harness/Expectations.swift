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
