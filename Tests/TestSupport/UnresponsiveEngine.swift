public import EngineCore
public import StoredRecords

/// An engine of any family whose calls never return underneath, like a file
/// system whose server is gone.
///
/// Its lane is the real one: a caller gets `timedOut` after the deadline and
/// `cancelled` when its task is.
public final class UnresponsiveEngine: ObjectEngine, RowEngine, KeyspaceEngine {
    public let place = "unresponsive"
    public let capabilities: EngineCapabilities
    public let dialect = SQLDialect(name: "unresponsive", placeholder: .questionMark, rowIdentity: nil)
    private let lane: BlockingLane
    private let gate = Gate()

    public init(family: EngineCapabilities.Family, options: EngineOptions = EngineOptions()) {
        capabilities = EngineCapabilities(
            family: family, write: options.write, hasConditionalWrite: true, hasTransactions: true)
        lane = BlockingLane(place: place, deadline: options.deadline)
    }

    // The thread must not outlive the test that made it hang.
    deinit { gate.open() }

    private func hang<T: Sendable>(_ operation: String) async throws(StorageError) -> T {
        try await lane.run(operation) { [gate] _ throws(StorageError) in
            gate.wait()
            throw StorageError(.failed, operation: operation, place: "unresponsive", reason: "the test is over")
        }
    }

    public func close() async { lane.close() }

    public func list(_ listing: ObjectListing) async throws(StorageError) -> ObjectPage { try await hang("list") }
    public func stat(_ key: ObjectKey) async throws(StorageError) -> ObjectInfo? { try await hang("look up") }
    public func read(_ key: ObjectKey, range: Range<Int64>?) async throws(StorageError) -> StoredObject? {
        try await hang("read")
    }
    public func readMany(_ keys: [ObjectKey]) async throws(StorageError) -> [Result<StoredObject?, StorageError>] {
        try await hang("read")
    }
    public func write(_ write: ObjectWrite) async throws(StorageError) -> ObjectInfo {
        try requireWritable("write")
        return try await hang("write")
    }
    public func delete(_ keys: [ObjectKey], pruning: ObjectKey?) async throws(StorageError) -> [ObjectDeletion] {
        try requireWritable("delete")
        return try await hang("delete")
    }

    public func tables() async throws(StorageError) -> [TableInfo] { try await hang("list tables") }
    public func references(to tables: [TableInfo]) async throws(StorageError) -> [TableReference] {
        try await hang("list references")
    }
    public func triggered(of tables: [TableInfo]) async throws(StorageError) -> [TableInfo] {
        try await hang("list triggers")
    }
    public func query(_ statement: SQLStatement) async throws(StorageError) -> [Row] { try await hang("read rows") }
    public func stream(
        _ statement: SQLStatement, _ receive: @escaping @Sendable (Row) throws(StorageError) -> StreamControl
    ) async throws(StorageError) { let _: Bool = try await hang("read rows") }
    public func read<T: Sendable>(
        _ body: @escaping @Sendable (any RowReader) throws(StorageError) -> T
    ) async throws(StorageError) -> T { try await hang("read rows") }
    @discardableResult
    public func transaction<T: Sendable>(
        _ operation: String, _ body: @escaping @Sendable (any RowTransaction) throws(StorageError) -> T
    ) async throws(StorageError) -> T {
        try requireWritable(operation)
        return try await hang(operation)
    }

    public func scan(_ pattern: String, after cursor: KeyCursor?, count: Int) async throws(StorageError) -> KeyPage {
        try await hang("scan keys")
    }
    public func keyCount() async throws(StorageError) -> Int? { try await hang("count keys") }
    public func describe(_ keys: [StoredKey]) async throws(StorageError) -> [KeyInfo?] { try await hang("look up") }
    public func strings(_ keys: [StoredKey]) async throws(StorageError) -> [Result<StoredBytes?, StorageError>] {
        try await hang("read")
    }
    public func string(_ key: StoredKey, range: Range<Int64>) async throws(StorageError) -> StoredBytes? {
        try await hang("read")
    }
    public func members(
        _ key: StoredKey, after cursor: KeyCursor?, count: Int
    ) async throws(StorageError) -> MemberPage { try await hang("read") }
    public func isMember(_ key: StoredKey, _ members: [[UInt8]]) async throws(StorageError) -> [Bool] {
        try await hang("read")
    }
    public func commit(_ changes: [KeyChange], expecting: [KeyExpectation]) async throws(StorageError) {
        try requireWritable("change keys")
        let _: Bool = try await hang("change keys")
    }
}
