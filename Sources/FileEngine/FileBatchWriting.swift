internal import CMappedFile
internal import EngineCore
internal import Glibc
internal import StoredRecords

/// Writes many files, each as `FileWriting` does, with few waits for the disk.
///
/// First every file's bytes go under a temporary name, then onto the disk all
/// together, and only then does each get its name; at the end the directories
/// are made durable. So no name ever leads to bytes that a crash can take.
struct FileBatchWriting {
    /// From here on one call for the whole file system costs less than one a file.
    private static let syncedApart = 4
    /// Each directory holds a descriptor open.
    private static let mostDirectories = 64

    let tree: FileTree
    let job: LaneJob

    private struct Prepared {
        let writing: FileWriting
        let directory: OpenedDirectory
        let filled: FileWriting.Filled
    }

    func write(_ writes: [ObjectWrite]) -> ObjectWriteOutcome {
        var outcome = ObjectWriteOutcome()
        var rest = writes[...]
        while !rest.isEmpty, outcome.failure == nil {
            let part = prefixInFewDirectories(rest)
            rest = rest.dropFirst(part.count)
            let written = writeTogether(part)
            outcome.written += written.written
            outcome.failure = written.failure
        }
        return outcome
    }

    private func prefixInFewDirectories(_ writes: ArraySlice<ObjectWrite>) -> ArraySlice<ObjectWrite> {
        var directories: Set<ObjectKey> = []
        return writes.prefix { write in
            directories.insert(write.key.parent)
            return directories.count <= Self.mostDirectories
        }
    }

    private func writeTogether(_ writes: ArraySlice<ObjectWrite>) -> ObjectWriteOutcome {
        var prepared: [Prepared] = []
        prepared.reserveCapacity(writes.count)
        do throws(StorageError) {
            var directories: [ObjectKey: OpenedDirectory] = [:]
            let isSyncedApart = writes.count <= Self.syncedApart
            for write in writes {
                prepared.append(try prepare(write, &directories, isDurable: isSyncedApart))
            }
            if !isSyncedApart { try syncFileSystems(of: Array(directories.values)) }
        } catch {
            // Nothing has its name yet, so that nothing of this was written.
            for one in prepared { FileWriting.remove(one.filled.temporary, in: one.directory.descriptor) }
            return ObjectWriteOutcome(failure: error)
        }
        return putInPlace(prepared)
    }

    private func prepare(
        _ write: ObjectWrite, _ directories: inout [ObjectKey: OpenedDirectory], isDurable: Bool
    ) throws(StorageError) -> Prepared {
        let writing = FileWriting(tree: tree, job: job, write)
        let operation = "write \(write.key)"
        try write.key.requireValid(operation, place: tree.root)
        let parent = write.key.parent
        let directory: OpenedDirectory
        if let known = directories[parent] {
            directory = known
            try writing.requireUsableName()
        } else {
            directory = OpenedDirectory(parent, try writing.openDirectory())
            directories[parent] = directory
        }
        let filled = try writing.fillTemporary(in: directory.descriptor, isDurable: isDurable)
        return Prepared(writing: writing, directory: directory, filled: filled)
    }

    private func putInPlace(_ prepared: [Prepared]) -> ObjectWriteOutcome {
        var outcome = ObjectWriteOutcome()
        var touched: [ObjectKey: OpenedDirectory] = [:]
        for (index, one) in prepared.enumerated() {
            do throws(StorageError) {
                try one.writing.putInPlace(one.filled, in: one.directory.descriptor)
                touched[one.directory.key] = one.directory
                outcome.written.append(one.writing.info(one.filled, in: one.directory.descriptor))
            } catch {
                outcome.failure = error
                for later in prepared[(index + 1)...] {
                    FileWriting.remove(later.filled.temporary, in: later.directory.descriptor)
                }
                break
            }
        }
        for (key, directory) in touched {
            do throws(StorageError) {
                try FileTree.sync(directory.descriptor, "write files", place: tree.place(key))
            } catch {
                outcome.failure = outcome.failure ?? error
            }
        }
        return outcome
    }

    /// Brings all that was written to the disk, once for each file system.
    private func syncFileSystems(of directories: [OpenedDirectory]) throws(StorageError) {
        var devices: Set<UInt64> = []
        for directory in directories {
            let place = tree.place(directory.key)
            guard let status = FileStatus(of: directory.descriptor) else {
                throw StorageError.posix(errno, "write files", place: place)
            }
            guard devices.insert(status.device).inserted else { continue }
            let number = directory.descriptor.number
            guard retrying({ ctx_sync_file_system(number) }) == 0 else {
                throw StorageError.posix(errno, "write files", place: place)
            }
        }
    }
}
