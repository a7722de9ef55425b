public import EngineCore
public import StoredRecords
internal import Synchronization

/// The objects of one bucket below a prefix.
///
/// Works with every server that speaks the S3 API: what one of them cannot do
/// is found by asking when the engine is opened, and is a capability. Names
/// are UTF-8 and with the prefix at most 1024 bytes long. The tag of an object
/// is its entity tag, which with most servers is a digest of the content:
/// writing the same bytes again does not change it.
public final class S3Engine: ObjectEngine {
    public let place: String
    public let capabilities: EngineCapabilities
    private let session: S3Session
    private let transfer: ObjectTransfer
    private let listing: BucketListing
    private let deleting: ObjectDeleting
    private let directories: DirectoryPruning
    private let settings: S3Settings
    private let deadline: Duration
    private let isClosed = Atomic(false)

    /// Objects of one `readMany` on their way at once.
    private static let window = 32

    /// Connects, and looks whether the bucket can be read and written.
    ///
    /// - Parameter credentials: `nil` to look for them where Amazon's tools do:
    ///   the environment, then the profile of the shared files.
    ///
    /// Throws `denied` for wrong or missing credentials and a clock that is
    /// off, `notFound` for an unknown bucket, `unavailable` where nothing
    /// answers, `timedOut`, `invalid` for a wrong location.
    public init(
        _ location: S3Location, credentials: S3Credentials? = nil, options: EngineOptions = EngineOptions(),
        settings: S3Settings = S3Settings()
    ) async throws(StorageError) {
        let call = CallDeadline(options.deadline, operation: "open the bucket", place: location.description)
        let chain = CredentialChain(profile: location.profile, variable: settings.variable)
        let lane = BlockingLane(place: call.place, deadline: options.deadline)
        defer { lane.close() }
        let found = try await lane.run(call.operation) { _ throws(StorageError) in
            try chain.find(call.operation, place: call.place, needsCredentials: credentials == nil)
        }
        guard let known = credentials ?? found.credentials else {
            throw call.error(
                .denied, "there are no credentials",
                help: "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile with profile=NAME")
        }
        place = call.place
        self.settings = settings
        deadline = options.deadline
        session = try S3Session(
            location: location, found: found, credentials: known, settings: settings,
            renewing: credentials == nil ? chain : nil)
        transfer = ObjectTransfer(session: session)
        listing = BucketListing(session)
        deleting = ObjectDeleting(transfer)
        directories = DirectoryPruning(transfer, listing)
        let trial = ServerTrial(transfer: transfer)
        var outcome = ServerTrial.Outcome()
        do throws(StorageError) {
            try await trial.checkBucket(call)
            if !options.readOnly { outcome = try await trial.tryWriting(call) }
        } catch {
            session.close()
            throw error
        }
        capabilities = EngineCapabilities(
            family: .objects, write: options.readOnly ? .readOnly : outcome.write,
            hasConditionalWrite: outcome.honoursConditions, hasMappedReads: true,
            looksTravel: true)
    }

    public func list(_ listing: ObjectListing) async throws(StorageError) -> ObjectPage {
        let call = try begin("list objects")
        try listing.prefix.requireValidPrefix(call.operation, place: place)
        return try await self.listing.page(listing, call)
    }

    public func stat(_ key: ObjectKey) async throws(StorageError) -> ObjectInfo? {
        try key.requireValid("look up \(key)", place: place)
        return try await transfer.stat(key, try begin("look up \(key)"))
    }

    public func read(_ key: ObjectKey, range: Range<Int64>?) async throws(StorageError) -> StoredObject? {
        try key.requireValid("read \(key)", place: place)
        return try await transfer.read(key, range: range, try begin("read \(key)"))
    }

    public func readMany(_ keys: [ObjectKey]) async throws(StorageError) -> [Result<StoredObject?, StorageError>] {
        let call = try begin("read \(keys.count) objects")
        let results = await withTaskGroup(of: (Int, Result<StoredObject?, StorageError>).self) { group in
            var results = [Result<StoredObject?, StorageError>](repeating: .success(nil), count: keys.count)
            var rest = keys.indices[...]
            func start() {
                guard let index = rest.popFirst() else { return }
                let key = keys[index]
                group.addTask { [transfer, place] in
                    do throws(StorageError) {
                        try key.requireValid("read \(key)", place: place)
                        return (index, .success(try await transfer.read(key, range: nil, call.naming("read \(key)"))))
                    } catch {
                        return (index, .failure(error))
                    }
                }
            }
            for _ in 0..<Self.window { start() }
            while let (index, result) = await group.next() {
                results[index] = result
                start()
            }
            return results
        }
        if Task.isCancelled { throw StorageError.cancelled(call.operation, place: place) }
        return results
    }

    @discardableResult
    public func write(_ write: ObjectWrite) async throws(StorageError) -> ObjectInfo {
        let operation = "write \(write.key)"
        try requireWritable(operation)
        try write.key.requireValid(operation, place: place)
        return try await ObjectWriting(
            transfer: transfer, settings: settings, serverDecides: capabilities.hasConditionalWrite
        ).write(write, try begin(operation))
    }

    public func delete(_ keys: [ObjectKey], pruning: ObjectKey?) async throws(StorageError) -> [ObjectDeletion] {
        let operation = "delete \(keys.count) objects"
        try requireWritable(operation)
        if let pruning { try pruning.requireValidPrefix(operation, place: place) }
        let call = try begin(operation)
        let deletions = try await deleting.delete(keys, call)
        if let pruning {
            await directories.prune(deletions.filter { $0.failure == nil }.map(\.key), below: pruning, call)
        }
        return deletions
    }

    public func close() async {
        isClosed.store(true, ordering: .relaxed)
        session.close()
    }

    private func begin(_ operation: String) throws(StorageError) -> CallDeadline {
        if Task.isCancelled { throw StorageError.cancelled(operation, place: place) }
        if isClosed.load(ordering: .relaxed) { throw StorageError.closed(operation, place: place) }
        return CallDeadline(deadline, operation: operation, place: place)
    }

}
