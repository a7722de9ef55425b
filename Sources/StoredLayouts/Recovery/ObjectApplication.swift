internal import EngineCore
internal import StoredRecords

/// Makes changes to objects: first every write, then every deletion.
///
/// While only writes have been made, an error takes them back. Deleting
/// begins when every new object is in place; from then on the way is forward.
struct ObjectApplication: Sendable {
    let engine: any ObjectEngine
    let operation: String
    var pruning: [ObjectKey] = []

    /// Changes whose object is no longer as they expect it: a write throws
    /// `conflict` with nothing changed, a deletion leaves the object and is
    /// named in the notes.
    ///
    /// The work runs in a task of its own, so that cancelling the caller
    /// cannot stop it halfway.
    func apply(_ changes: [ObjectChange]) async throws(StorageError) -> [String] {
        let work = Task { () async -> Result<[String], StorageError> in
            do throws(StorageError) {
                try await write(changes)
                return .success(try await delete(changes.filter(\.isDeletion)))
            } catch {
                return .failure(error)
            }
        }
        return try await work.value.get()
    }

    // MARK: Writes

    /// A write that was made, and what it replaced.
    private struct Made {
        var key: ObjectKey
        var tag: String
        var replaced: StoredObject?
    }

    /// So many objects, or so many bytes, are handed to the engine at once.
    private static let batch = (objects: 512, bytes: 16 << 20)

    private func write(_ changes: [ObjectChange]) async throws(StorageError) {
        var made: [Made] = []
        var waiting: [(write: ObjectWrite, replaced: StoredObject?)] = []
        var bytes = 0
        do throws(StorageError) {
            let writes = changes.filter { !$0.isDeletion }
            var at = 0
            while at < writes.count {
                let end = min(at + ObjectChanges.batch, writes.count)
                for one in try await prepare(writes[at..<end]) {
                    waiting.append(one)
                    bytes += one.write.bytes.count
                }
                at = end
                guard at == writes.count || waiting.count >= Self.batch.objects || bytes >= Self.batch.bytes else {
                    continue
                }
                let outcome = await engine.writeMany(waiting.map(\.write))
                for (one, info) in zip(waiting, outcome.written) {
                    made.append(Made(key: info.key, tag: info.tag, replaced: one.replaced))
                }
                if let failure = outcome.failure { throw failure }
                waiting = []
                bytes = 0
            }
        } catch {
            await takeBack(made)
            throw error
        }
    }

    /// The writes that bring the objects into their new state, with what they
    /// replace; none for an object that already is as it shall be.
    private func prepare(
        _ changes: ArraySlice<ObjectChange>
    ) async throws(StorageError) -> [(write: ObjectWrite, replaced: StoredObject?)] {
        var keys: Set<ObjectKey> = []
        for change in changes {
            if change.tag != nil { keys.insert(change.key) }
            if case .derived(let source, _, _) = change.result { keys.insert(source) }
        }
        let order = Array(keys)
        var objects: [ObjectKey: StoredObject] = [:]
        if !order.isEmpty {
            for (key, result) in zip(order, try await engine.readMany(order)) { objects[key] = try result.get() }
        }
        var writes: [(write: ObjectWrite, replaced: StoredObject?)] = []
        for change in changes {
            var replaced: StoredObject?
            if let tag = change.tag {
                guard let object = objects[change.key], object.info.tag == tag else { throw conflict(change.key) }
                replaced = object
            }
            guard let outcome = try change.outcome(objects, orThrow: { conflict($0) }) else { continue }
            if outcome.bytes == replaced?.bytes { continue }
            let condition: WriteCondition = change.tag.map { .ifUnchanged($0) } ?? .ifAbsent
            let write = ObjectWrite(
                change.key, outcome.bytes, condition: condition, attributes: outcome.attributes)
            writes.append((write, replaced))
        }
        return writes
    }

    /// Takes back what was written, newest first, as far as it still is as written.
    ///
    /// What cannot be taken back stays for `settle`; the caller throws the
    /// error that led here, which says more than a second one.
    private func takeBack(_ made: [Made]) async {
        for write in made.reversed() {
            if let replaced = write.replaced {
                _ = try? await engine.write(
                    ObjectWrite(
                        write.key, replaced.bytes, condition: .ifUnchanged(write.tag), attributes: replaced.attributes))
            } else if let info = try? await engine.stat(write.key), info.tag == write.tag {
                _ = try? await engine.delete([write.key], pruning: nil)
            }
        }
    }

    // MARK: Deletions

    private static let deletedAtOnce = 4096

    private func delete(_ changes: [ObjectChange]) async throws(StorageError) -> [String] {
        var notes: [String] = []
        let now = try await currentTags(changes.map(\.key))
        var groups: [(directory: ObjectKey?, keys: [ObjectKey])] = pruning.map { ($0, []) } + [(nil, [])]
        for change in changes {
            guard let tag = now[change.key] else { continue }
            guard tag == change.tag else {
                notes.append("\(change.key) was changed by another program and is left as it is")
                continue
            }
            let group = groups.firstIndex { $0.directory.map { isBelow(change.key, $0) } ?? true }
            groups[group ?? groups.count - 1].keys.append(change.key)
        }
        var failure: StorageError?
        for group in groups {
            var at = 0
            while at < group.keys.count {
                let end = min(at + Self.deletedAtOnce, group.keys.count)
                let deletions = try await engine.delete(Array(group.keys[at..<end]), pruning: group.directory)
                failure = failure ?? deletions.lazy.compactMap(\.failure).first
                at = end
            }
        }
        if let failure { throw failure }
        return notes
    }

    private func isBelow(_ key: ObjectKey, _ directory: ObjectKey) -> Bool {
        key.hasPrefix(directory.bytes.isEmpty ? directory : directory.appending(""))
    }

    /// The tags of these objects as they are now, from one listing a directory
    /// where many are in it.
    private func currentTags(_ keys: [ObjectKey]) async throws(StorageError) -> [ObjectKey: String] {
        var tags: [ObjectKey: String] = [:]
        var directories: [ObjectKey: [ObjectKey]] = [:]
        for key in keys { directories[key.parent, default: []].append(key) }
        for (directory, keys) in directories {
            if keys.count <= 8 {
                for key in keys { tags[key] = try await engine.stat(key)?.tag }
                continue
            }
            let prefix = directory.bytes.isEmpty ? directory : directory.appending("")
            for entry in try await engine.listAll(prefix, isDelimited: true).entries {
                if case .object(let info) = entry { tags[info.key] = info.tag }
            }
        }
        return tags
    }

    private func conflict(_ key: ObjectKey) -> StorageError {
        StorageError(
            .conflict, operation: operation, place: engine.place,
            reason: "\(key) was changed by another program meanwhile", help: "nothing was changed; look again")
    }
}
