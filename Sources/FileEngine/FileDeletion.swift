internal import EngineCore
internal import Glibc
internal import StoredRecords

/// Deletes files and the directories that become empty by it.
struct FileDeletion {
    let tree: FileTree
    let job: LaneJob

    func delete(_ keys: [ObjectKey], pruning: ObjectKey?) throws(StorageError) -> [ObjectDeletion] {
        _ = try tree.openRoot("delete files")
        let directories = DirectoryOpener(tree)
        var results: [ObjectDeletion] = []
        var touched: Set<ObjectKey> = []
        for key in keys {
            do throws(StorageError) {
                try key.requireValid("delete \(key)", place: tree.root)
                try job.check("delete \(key)", place: tree.place(key))
                if try delete(key, directories) { touched.insert(key.parent) }
                results.append(ObjectDeletion(key: key))
            } catch {
                results.append(ObjectDeletion(key: key, failure: error))
            }
        }
        if let pruning {
            touched = prune(touched, below: FileTree.parts(pruning).map { Array($0.bytes) })
        }
        for directory in touched { sync(directory) }
        return results
    }

    /// Whether there was such a file.
    private func delete(_ key: ObjectKey, _ directories: DirectoryOpener) throws(StorageError) -> Bool {
        let operation = "delete \(key)"
        let place = tree.root
        let name = FileTree.name(key)
        guard let directory = try directories.directory(of: key, operation, place: place),
            try FileTree.status(name, in: directory.descriptor, operation, place: place) != nil
        else { return false }
        let number = directory.descriptor.number
        guard name.withPointer({ unlinkat(number, $0, 0) }) == 0 else {
            let code = errno
            if code == ENOENT { return false }
            throw StorageError.posix(code, operation, place: place)
        }
        return true
    }

    /// Removes empty directories from the touched ones upwards, and returns
    /// those that are still there and have lost an entry.
    ///
    /// A directory that cannot be removed stays: it is empty or it holds
    /// something of somebody else, and the objects are gone either way.
    private func prune(_ touched: Set<ObjectKey>, below top: [[UInt8]]) -> Set<ObjectKey> {
        var changed = touched
        // A longer path first, so that a parent is looked at after all its children.
        var waiting = touched.sorted { $0.bytes.count > $1.bytes.count }
        while !waiting.isEmpty {
            let key = waiting.removeFirst()
            let parts = FileTree.parts(key)
            guard !parts.isEmpty, parts.count >= top.count,
                parts.prefix(top.count).map({ Array($0.bytes) }) == top
            else { continue }
            guard removeDirectory(key) else { continue }
            changed.remove(key)
            let parent = key.parent
            if changed.insert(parent).inserted {
                waiting.insert(parent, at: waiting.firstPosition { $0.bytes.count <= parent.bytes.count })
            }
        }
        return changed
    }

    private func removeDirectory(_ key: ObjectKey) -> Bool {
        let path = FileTree.Path(key)
        guard
            let parent = try? tree.openDirectory(path.directories, "delete \(key)", place: tree.place(key))
        else { return false }
        let number = parent.number
        return path.name.withPointer { unlinkat(number, $0, AT_REMOVEDIR) } == 0
    }

    private func sync(_ key: ObjectKey) {
        // The names are gone for every reader already; only a crash of the
        // machine in this moment could bring them back, and undoing helps nobody.
        guard let directory = try? tree.openDirectory(FileTree.parts(key), "delete \(key)", place: tree.place(key))
        else { return }
        let number = directory.number
        _ = retrying { fsync(number) }
    }
}
