internal import EngineCore
internal import StoredRecords

/// Carries out, settles and undoes changes to whole objects such that a crash
/// at any point loses nothing.
///
/// Everything that goes or changes is recorded and sealed first. Then come all
/// writes, then all deletions, so that what a deleted object held is in the
/// store or in the journal at any moment. An undo is the same with before and
/// after exchanged, which makes both settle alike.
struct ObjectChanges: Sendable {
    let engine: any ObjectEngine
    /// The act for error texts: "trim bot/case-1".
    let operation: String

    /// How many objects are read at a time.
    static let batch = 64
    /// The fact that names a directory to be removed once it is empty.
    static let pruningFact = "prune"

    /// Records, seals, verifies and applies the changes; no key may come twice.
    ///
    /// Throws `conflict` with nothing changed when an object is not as the
    /// changes expect it. After any other error past sealing, `settle` brings
    /// the entry to a definite end. Once the first write is made, cancelling
    /// the task no longer stops it halfway.
    /// - Parameters:
    ///   - pruning: directories that go when deletions below them leave them empty.
    ///   - facts: what the layout needs besides when it settles or undoes.
    /// - Returns: for people, what was left as it is because it changed meanwhile.
    func carryOut(
        _ changes: [ObjectChange], pruning: [ObjectKey] = [], facts: [RecoveryItem] = [],
        recording recorder: any RecoveryRecorder
    ) async throws(StorageError) -> [String] {
        try engine.requireWritable(operation)
        for fact in facts { try recorder.record(fact) }
        for directory in pruning {
            try recorder.record(.fact(name: Self.pruningFact, value: .bytes(directory.bytes)))
        }
        let emptied = Self.directories(of: changes.filter(\.isDeletion).map(\.key), below: pruning)
        for (directory, attributes) in try await engine.directoryAttributes(emptied).sorted(by: { $0.key < $1.key }) {
            try recorder.record(.attributes(key: directory.bytes, before: attributes, after: [:]))
        }
        try await record(changes, with: recorder)
        try recorder.seal()
        return try await ObjectApplication(engine: engine, operation: operation, pruning: pruning)
            .apply(changes)
    }

    /// Brings a change or an undo that was cut short to its end.
    ///
    /// When all is as before, nothing is done and the entry is as if the act
    /// had never begun. When nothing of a change is in the store and something
    /// was written anew, it may have been made before that: nothing is done,
    /// and that is `unclear`. Otherwise each object still in its old
    /// state gets the new one; an object in neither state was changed by
    /// somebody else and is left. Temporary files of the writes that were cut
    /// short go in any case.
    func settle(
        _ entry: any RecoveryEntry, during act: RecoveryAct
    ) async throws(StorageError) -> (settlement: Settlement, notes: [String]) {
        let images = try ObjectImages(entry, toward: act == .change ? .after : .before)
        await engine.removeLeftovers(in: images.directories)
        let found = try await images.look(engine)
        let (begun, ended): (Settlement, Settlement) =
            act == .change ? (.notApplied, .applied) : (.applied, .notApplied)
        guard found.contains(where: { $0.place == .target }) else {
            let isUnclear = act == .change && found.contains { $0.place == .foreign }
            return (isUnclear ? .unclear : begun, [])
        }
        var notes = images.notesOnForeign(found)
        try await images.makeDirectories(on: engine)
        notes += try await ObjectApplication(engine: engine, operation: operation, pruning: images.pruning)
            .apply(images.changes(found))
        return (ended, notes)
    }

    /// Brings back every object of the entry as it was before the change.
    ///
    /// Throws `conflict` with nothing changed when an object is neither as
    /// the change left it nor as it was before. With `inexactly`, objects the
    /// change had made and somebody changed since stay as they are, and ones
    /// somebody deleted come back; a place taken by something else is still a
    /// conflict.
    /// - Returns: for people, what was left as it is.
    func undo(_ entry: any RecoveryEntry, inexactly: Bool) async throws(StorageError) -> [String] {
        try engine.requireWritable(operation)
        let images = try ObjectImages(entry, toward: .before)
        let found = try await images.look(engine)
        let foreign = found.indices.filter { found[$0].place == .foreign }
        let blocking = foreign.filter { index in
            !inexactly || (images.images[index].target != nil && found[index].tag != nil)
        }
        if let first = blocking.first {
            throw StorageError(
                .conflict, operation: operation, place: engine.place,
                reason: blocking.count == 1
                    ? "\(images.images[first].key) has changed since"
                    : "\(images.images[first].key) and \(blocking.count - 1) more have changed since",
                help: inexactly
                    ? "move what is there away and try again; nothing was changed"
                    : "an inexact undo brings back what was removed and leaves the rest as it is")
        }
        var changes = images.changes(found)
        for index in foreign where images.images[index].target != nil {
            let image = images.images[index]
            changes.append(image.change(from: nil))
        }
        try await images.makeDirectories(on: engine)
        return images.notesOnForeign(found, isRestoring: true)
            + (try await ObjectApplication(engine: engine, operation: operation, pruning: images.pruning)
                .apply(changes))
    }

    // MARK: Recording

    /// The directories of these objects that may go with them, each ending in `/`.
    private static func directories(of keys: [ObjectKey], below tops: [ObjectKey]) -> [ObjectKey] {
        var found: Set<ObjectKey> = []
        for key in keys {
            var directory = key.parent.appending("")
            while directory != .root.appending(""),
                tops.contains(where: { directory.hasPrefix($0.bytes.last == UInt8(ascii: "/") ? $0 : $0.appending("")) }
                ),
                found.insert(directory).inserted
            {
                directory = directory.parent.appending("")
            }
        }
        return Array(found)
    }

    private func record(_ changes: [ObjectChange], with recorder: any RecoveryRecorder) async throws(StorageError) {
        var at = 0
        while at < changes.count {
            let end = min(at + Self.batch, changes.count)
            let objects = try await read(sources(of: changes[at..<end]))
            for change in changes[at..<end] {
                let before = objects[change.key]
                guard before?.info.tag == change.tag else { throw changedConflict(change.key) }
                let outcome = try change.outcome(objects) { changedConflict($0) }
                let kept = before?.attributes ?? [:]
                let attributes = outcome?.attributes ?? [:]
                if !kept.isEmpty || !attributes.isEmpty {
                    try recorder.record(.attributes(key: change.key.bytes, before: kept, after: attributes))
                }
                try recorder.record(.object(key: change.key.bytes, before: before?.bytes, after: outcome?.bytes))
            }
            at = end
        }
    }

    /// The keys a batch needs to see: those it changes and those it makes new objects from.
    private func sources(of changes: ArraySlice<ObjectChange>) -> [ObjectKey] {
        var keys: Set<ObjectKey> = []
        for change in changes {
            keys.insert(change.key)
            if case .derived(let source, _, _) = change.result { keys.insert(source) }
        }
        return Array(keys)
    }

    private func read(_ keys: [ObjectKey]) async throws(StorageError) -> [ObjectKey: StoredObject] {
        var objects: [ObjectKey: StoredObject] = [:]
        for (key, result) in zip(keys, try await engine.readMany(keys)) {
            if let object = try result.get() { objects[key] = object }
        }
        return objects
    }

    private func changedConflict(_ key: ObjectKey) -> StorageError {
        StorageError(
            .conflict, operation: operation, place: engine.place,
            reason: "\(key) has changed since the plan was made", help: "nothing was changed; look again")
    }
}
