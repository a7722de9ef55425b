internal import EngineCore
internal import StoredRecords

/// Numbers messages that were appended while the others were being changed.
///
/// It needs no journal: each message first gets its number inside, in one
/// atomic write, then its file its name. Cut short in between, it leaves the
/// same bytes under two names, which the next run finds and makes one again.
struct LooopyAppendix: Sendable {
    let engine: any ObjectEngine
    /// Ends in `/`.
    let directory: ObjectKey

    /// Numbers every message of the directory that is not among the leading
    /// ones, behind all of those; the number of messages it found.
    func number(after leading: Set<ObjectKey>) async throws(StorageError) -> Int {
        let messages = LooopyMessages(engine: engine, directory: directory)
        let files = try await messages.files().files
        let appended = files.filter { !leading.contains($0.key) }
        guard !appended.isEmpty else { return 0 }
        let first = try await firstIndex(after: files.filter { leading.contains($0.key) }, messages)
        let heads = try await withoutCopies(
            try await messages.heads(appended, isTolerant: false).sorted(by: Self.wasWrittenBefore))
        for (offset, head) in heads.enumerated() {
            try await rewrite(head.file, index: first + offset)
        }
        var taken = Set(files.map(\.key))
        for (offset, head) in heads.enumerated() {
            try await rename(
                head.file.key,
                to: LooopyRenumbering.key(
                    for: head.file, index: first + offset, taken: &taken))
        }
        return heads.count
    }

    /// By the time and sequence of the names: a message's number says little
    /// when files went while it was appended.
    private static func wasWrittenBefore(_ left: LooopyMessageHead, _ right: LooopyMessageHead) -> Bool {
        guard let first = left.file.name, let second = right.file.name else {
            return left.file.name != nil || (right.file.name == nil && left.place < right.place)
        }
        if first.time != second.time { return first.time < second.time }
        if first.sequence != second.sequence { return first.sequence < second.sequence }
        return left.place < right.place
    }

    /// The number of the leading messages, or more where those are numbered higher.
    private func firstIndex(
        after leading: [LooopyMessageFile], _ messages: LooopyMessages
    ) async throws(StorageError) -> Int {
        let highest = try await messages.heads(leading).map(\.place.index).filter(\.isFinite).max()
        guard let highest, highest >= 0, highest < 1e15 else { return leading.count }
        return max(leading.count, Int(highest) + 1)
    }

    /// The messages without those that an earlier run left under two names,
    /// which are deleted: two files of one time and sequence with the same bytes.
    private func withoutCopies(_ heads: [LooopyMessageHead]) async throws(StorageError) -> [LooopyMessageHead] {
        struct Origin: Hashable {
            var time: String
            var sequence: Int
        }
        var kept: [LooopyMessageHead] = []
        var byOrigin: [Origin: [StoredBytes]] = [:]
        for head in heads {
            guard let name = head.file.name, let object = try await engine.read(head.file.key) else {
                kept.append(head)
                continue
            }
            let origin = Origin(time: name.time, sequence: name.sequence)
            if byOrigin[origin, default: []].contains(object.bytes) {
                try await delete(head.file.key)
            } else {
                byOrigin[origin, default: []].append(object.bytes)
                kept.append(head)
            }
        }
        return kept
    }

    private func rewrite(_ file: LooopyMessageFile, index: Int) async throws(StorageError) {
        guard let object = try await engine.read(file.key) else { return }
        let changed = LooopyRenumbering.renumbered(object.bytes, to: index)
        guard changed != object.bytes else { return }
        try await engine.write(file.key, changed, condition: .ifUnchanged(object.info.tag))
    }

    private func rename(_ key: ObjectKey, to newKey: ObjectKey) async throws(StorageError) {
        guard newKey != key, let object = try await engine.read(key) else { return }
        try await engine.write(newKey, object.bytes, condition: .ifAbsent)
        try await delete(key)
    }

    private func delete(_ key: ObjectKey) async throws(StorageError) {
        if let failure = try await engine.delete([key], pruning: nil).first?.failure { throw failure }
    }
}
