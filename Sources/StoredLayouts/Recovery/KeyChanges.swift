internal import EngineCore
internal import StoredRecords

/// Changes string keys and takes members out of sets such that both can be
/// put back; all of it in one commit that holds only if nothing else changed.
struct KeyChanges: Sendable {
    /// A string before and after; `nil` where the key is absent.
    struct StringChange: Sendable, Hashable {
        var key: StoredKey
        var before: StoredBytes?
        var after: StoredBytes?
        /// What was left of the key's life.
        var timeToLive: Duration?
    }

    struct Member: Sendable, Hashable {
        var key: StoredKey
        var member: [UInt8]
    }

    var strings: [StringChange] = []
    var lostMembers: [Member] = []

    init(strings: [StringChange] = [], lostMembers: [Member] = []) {
        self.strings = strings
        self.lostMembers = lostMembers
    }

    /// Reads what `carryOut` recorded.
    init(_ entry: any RecoveryEntry) throws(StorageError) {
        var changes = KeyChanges()
        try entry.items { item throws(StorageError) in
            switch item {
            case .key(let key, let before, let timeToLive, let after):
                changes.strings.append(
                    StringChange(
                        key: StoredKey(bytes: key), before: before, after: after, timeToLive: timeToLive))
            case .member(let key, let member):
                changes.lostMembers.append(Member(key: StoredKey(bytes: key), member: member))
            case .object, .attributes, .row, .updatedRow, .fact: break
            }
            return .more
        }
        self = changes
    }

    // MARK: Carrying out

    /// Records everything, seals, then changes it together.
    ///
    /// Throws `conflict`, with nothing changed, when a string is no longer as
    /// it was before. A string that is changed keeps its remaining life.
    func carryOut(
        on engine: any KeyspaceEngine, recording recorder: any RecoveryRecorder
    ) async throws(StorageError) {
        for change in strings {
            try recorder.record(
                .key(
                    key: change.key.bytes, before: change.before, timeToLive: change.timeToLive, after: change.after))
        }
        for lost in lostMembers { try recorder.record(.member(key: lost.key.bytes, member: lost.member)) }
        try recorder.seal()
        let changes = strings.map { change in
            change.after.map { KeyChange.set(change.key, $0) } ?? .delete(change.key)
        }
        try await engine.commit(
            changes + lostMembers.map { .removeMember($0.key, $0.member) },
            expecting: strings.map { Self.expectation($0.key, $0.before) }
                + lostMembers.map { .member($0.key, $0.member) })
    }

    private static func expectation(_ key: StoredKey, _ bytes: StoredBytes?) -> KeyExpectation {
        bytes.map { .string(key, $0) } ?? .absent(key)
    }

    // MARK: Settling and putting back

    /// Whether the recorded change is in the store: as it is one commit, one
    /// thing tells. What is neither as before nor as after was stored since, or
    /// before the change could be made, which then is `unclear`.
    func settle(
        on engine: any KeyspaceEngine, during act: RecoveryAct
    ) async throws(StorageError) -> Settlement {
        for change in strings where change.before != change.after {
            let current = try await Self.current(change.key, on: engine)
            if current == change.before { return .notApplied }
            return act == .change && current != change.after ? .unclear : .applied
        }
        for lost in lostMembers {
            return try await engine.isMember(lost.key, [lost.member]) == [true] ? .notApplied : .applied
        }
        return .notApplied
    }

    /// Puts everything back as it was.
    ///
    /// Throws `conflict`, with nothing changed, when a string is no longer as
    /// the change left it.
    /// - Parameter merge: what to store where that is so; it gets the change
    ///   and what is there now. `nil` allows no such way.
    func undo(
        on engine: any KeyspaceEngine,
        merging merge: (@Sendable (StringChange, StoredBytes) throws(StorageError) -> StoredBytes)? = nil
    ) async throws(StorageError) {
        var changes: [KeyChange] = []
        var expectations: [KeyExpectation] = []
        for change in strings {
            let current = try await Self.current(change.key, on: engine)
            var restored = change.before
            if current != change.after {
                guard let merge else {
                    throw StorageError(
                        .conflict, operation: "undo", place: engine.place,
                        reason: "the key has been written again since", help: "nothing was changed")
                }
                if let current { restored = try merge(change, current) }
            }
            expectations.append(Self.expectation(change.key, current))
            switch (restored, current) {
            case (let restored?, nil): changes.append(.setExpiring(change.key, restored, change.timeToLive))
            case (let restored?, _): changes.append(.set(change.key, restored))
            case (nil, _): changes.append(.delete(change.key))
            }
        }
        changes += lostMembers.map { .addMember($0.key, $0.member) }
        try await engine.commit(changes, expecting: expectations)
    }

    private static func current(
        _ key: StoredKey, on engine: any KeyspaceEngine
    ) async throws(StorageError) -> StoredBytes? {
        guard let result = try await engine.strings([key]).first else { return nil }
        return try result.get()
    }
}
