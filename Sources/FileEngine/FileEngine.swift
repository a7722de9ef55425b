public import EngineCore
internal import Glibc
public import StoredRecords

/// The regular files below a directory as objects.
///
/// A key is the path below the root. Symbolic links are not followed, except
/// for the root itself, which the user named; links and special files (pipes,
/// sockets, devices) are notes in a listing and never opened. A large file is
/// mapped into memory and survives being cut short by another program.
public final class FileEngine: ObjectEngine {
    public let place: String
    public let capabilities: EngineCapabilities
    private let tree: FileTree
    private let memory = DirectoryMemory()
    /// Writes wait for the disk, so they have a lane of their own.
    private let readingLane: BlockingLane
    private let writingLane: BlockingLane

    /// Throws `notFound`, `denied` or `invalid` unless `root` is a directory that can be read.
    /// Looks at it on the calling thread, which is a lane's where that may hang.
    public init(root: String, options: EngineOptions = EngineOptions()) throws(StorageError) {
        tree = FileTree(root: try Self.absolutePath(root))
        place = tree.root
        capabilities = EngineCapabilities(
            family: .objects, write: options.write, hasConditionalWrite: true, hasMappedReads: true)
        readingLane = BlockingLane(place: place, deadline: options.deadline)
        writingLane = BlockingLane(place: place, deadline: options.deadline)
        _ = try tree.openRoot("open the directory")
    }

    public func list(_ listing: ObjectListing) async throws(StorageError) -> ObjectPage {
        try listing.prefix.requireValidPrefix("list files", place: place)
        return try await readingLane.run("list files") { [tree, memory] job throws(StorageError) in
            try FileListing.page(tree, listing, memory, job)
        }
    }

    public func look(_ prefix: ObjectKey, limit: Int) async throws(StorageError) -> [ObjectEntry] {
        try prefix.requireValidPrefix("list files", place: place)
        return try await readingLane.run("list files") { [tree] job throws(StorageError) in
            try FileListing.look(tree, prefix, limit: limit, job)
        }
    }

    public func stat(_ key: ObjectKey) async throws(StorageError) -> ObjectInfo? {
        let operation = "look up \(key)"
        try key.requireValid(operation, place: place)
        return try await readingLane.run(operation) { [tree] job throws(StorageError) in
            try FileReading(tree: tree, job: job).stat(key)
        }
    }

    public func read(_ key: ObjectKey, range: Range<Int64>?) async throws(StorageError) -> StoredObject? {
        let operation = "read \(key)"
        try key.requireValid(operation, place: place)
        return try await readingLane.run(operation) { [tree] job throws(StorageError) in
            try FileReading(tree: tree, job: job).read(key, range: range)
        }
    }

    public func readMany(_ keys: [ObjectKey]) async throws(StorageError) -> [Result<StoredObject?, StorageError>] {
        try await readingLane.run("read \(keys.count) files") { [tree] job throws(StorageError) in
            let reading = FileReading(tree: tree, job: job)
            return keys.map { key in
                do throws(StorageError) {
                    try key.requireValid("read \(key)", place: tree.root)
                    return .success(try reading.read(key, range: nil))
                } catch {
                    return .failure(error)
                }
            }
        }
    }

    @discardableResult
    public func write(_ write: ObjectWrite) async throws(StorageError) -> ObjectInfo {
        let operation = "write \(write.key)"
        try requireWritable(operation)
        try write.key.requireValid(operation, place: place)
        return try await writingLane.run(operation) { [tree] job throws(StorageError) in
            try FileWriting(tree: tree, job: job, write).write()
        }
    }

    public func writeMany(_ writes: [ObjectWrite]) async -> ObjectWriteOutcome {
        let operation = "write \(writes.count) files"
        do throws(StorageError) {
            try requireWritable(operation)
            return try await writingLane.run(operation, deadline: deadline(for: writes.count)) {
                [tree] job throws(StorageError) in
                FileBatchWriting(tree: tree, job: job).write(writes)
            }
        } catch {
            return ObjectWriteOutcome(failure: error)
        }
    }

    public func delete(_ keys: [ObjectKey], pruning: ObjectKey?) async throws(StorageError) -> [ObjectDeletion] {
        let operation = "delete \(keys.count) files"
        try requireWritable(operation)
        if let pruning { try pruning.requireValidPrefix(operation, place: place) }
        return try await writingLane.run(operation, deadline: deadline(for: keys.count)) {
            [tree] job throws(StorageError) in
            try FileDeletion(tree: tree, job: job).delete(keys, pruning: pruning)
        }
    }

    public func directoryAttributes(
        _ directories: [ObjectKey]
    ) async throws(StorageError) -> [ObjectKey: [String: String]] {
        let operation = "look at \(directories.count) directories"
        for directory in directories { try directory.requireValidPrefix(operation, place: place) }
        return try await readingLane.run(operation, deadline: deadline(for: directories.count)) {
            [tree] job throws(StorageError) in
            var attributes: [ObjectKey: [String: String]] = [:]
            for key in directories {
                try job.check(operation, place: tree.place(key))
                let parts = FileTree.parts(key)
                guard let directory = try tree.openDirectory(parts, operation, place: tree.root),
                    let status = FileStatus(of: directory)
                else { continue }
                attributes[key] = FileAttributes(status).named
            }
            return attributes
        }
    }

    public func makeDirectory(_ directory: ObjectKey, _ attributes: [String: String]) async throws(StorageError) {
        let operation = "make the directory \(directory)"
        try requireWritable(operation)
        try directory.requireValidPrefix(operation, place: place)
        try await writingLane.run(operation) { [tree] _ throws(StorageError) in
            try FileWriting.makeDirectory(
                FileTree.parts(directory), FileAttributes(attributes, ofDirectory: true), in: tree, operation)
        }
    }

    public func removeLeftovers(in directories: [ObjectKey]) async {
        guard capabilities.isWritable else { return }
        _ = try? await writingLane.run("remove leftovers", deadline: deadline(for: directories.count)) {
            [tree] job throws(StorageError) in
            for directory in Set(directories) {
                try job.check("remove leftovers", place: tree.root)
                LeftoverFiles(tree: tree).remove(in: directory)
            }
        }
    }

    public func close() async {
        readingLane.close()
        writingLane.close()
    }

    /// So many files may take as long as one alone.
    private static let filesInADeadline = 64

    private func deadline(for files: Int) -> Duration {
        writingLane.deadline * (1 + files / Self.filesInADeadline)
    }

    private static func absolutePath(_ path: String) throws(StorageError) -> String {
        let operation = "open the directory"
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw StorageError(.invalid, operation: operation, place: path, reason: "the path is empty or holds a NUL")
        }
        var absolute = path
        if !path.hasPrefix("/") {
            guard let current = getcwd(nil, 0) else { throw StorageError.posix(errno, operation, place: path) }
            defer { free(current) }
            absolute = String(cString: current) + "/" + path
        }
        while absolute.utf8.count > 1, absolute.hasSuffix("/") { absolute.removeLast() }
        return absolute
    }
}
