internal import StoredRecords

/// How much of a document a list reads to describe its index.
private enum IndexReading {
    /// Documents up to this size are read whole.
    static let whole: Int64 = 256 * 1024
    /// Of longer ones so much is read from the end, where the tool writes
    /// `source`, and then from the beginning.
    static let window: Int64 = 64 * 1024
}

extension ConnectorsLayout {
    /// Summaries from the search documents, which are small; of the full
    /// documents only where there is no other.
    func summaries(of entries: [Entry]) async throws(StorageError) -> [RecordSummary] {
        var facts: [Int: IndexFacts] = [:]
        for part in [IndexPart.search, .state] {
            let wanted = entries.indices.filter { index in
                guard facts[index] == nil || facts[index]?.source == nil, let piece = entries[index][part] else {
                    return false
                }
                return piece.problem == nil
            }
            let short = wanted.filter { entries[$0][part]?.size ?? 0 <= IndexReading.whole }
            let results = try await shelf.read(part, of: short.map { entries[$0] })
            for (index, result) in zip(short, results) {
                switch result {
                case .success(.some(let bytes)):
                    facts[index] = (facts[index] ?? IndexFacts()).merging(
                        IndexFacts(scanning: bytes), label: shelf.label(part))
                case .success(.none): break
                case .failure(let error):
                    if error.kind == .cancelled { throw error }
                    facts[index, default: IndexFacts()].notes.append("\(shelf.label(part)): \(error.reason)")
                }
            }
            for index in wanted where entries[index][part]?.size ?? 0 > IndexReading.whole {
                let found = try await factsOfLong(part, entries[index])
                facts[index] = (facts[index] ?? IndexFacts()).merging(found, label: shelf.label(part))
            }
        }
        return entries.enumerated().map { summary(of: $1, facts[$0] ?? IndexFacts()) }
    }

    /// What the two ends of a long document tell.
    private func factsOfLong(_ part: IndexPart, _ entry: Entry) async throws(StorageError) -> IndexFacts {
        guard let size = entry[part]?.size else { return IndexFacts() }
        var facts = IndexFacts()
        if let tail = try await shelf.read(part, of: entry, range: max(0, size - IndexReading.window)..<size) {
            facts = IndexFacts(tail: tail)
        }
        if facts.source == nil,
            let head = try await shelf.read(part, of: entry, range: 0..<IndexReading.window)
        {
            facts.source = IndexFacts(head: head).source
            if facts.source == nil, facts.problem == nil { facts.notes.append("its origin shows when it is opened") }
        }
        return facts
    }

    /// Fills in, for the few records of a page, what costs a little reading:
    /// the number of files and whether the full document is damaged.
    func look(closerAt records: inout [RecordSummary], _ entries: [Entry]) async throws(StorageError) {
        let byKey = Dictionary(entries.map { ($0.key, $0) }) { first, _ in first }
        for index in records.indices {
            guard let entry = byKey[records[index].id.key], let piece = entry.state, piece.problem == nil,
                case .index(var detail) = records[index].detail, detail.files == nil
            else { continue }
            let facts: IndexFacts
            if let size = piece.size, size <= IndexReading.whole {
                guard let bytes = try? await shelf.read(.state, of: entry) else { continue }
                facts = IndexFacts(scanning: bytes)
            } else if let size = piece.size {
                guard let end = try? await shelf.read(.state, of: entry, range: max(0, size - 256)..<size) else {
                    continue
                }
                facts = IndexFacts(end: end)
            } else {
                continue
            }
            detail.files = facts.files
            records[index].detail = .index(detail)
            if let problem = facts.problem {
                let note = "\(shelf.label(.state)) \(problem)"
                if !records[index].notes.contains(note) { records[index].notes.append(note) }
            }
        }
    }

    /// Everything both documents tell, read to their ends.
    func fullSummary(of entry: Entry) async throws(StorageError) -> RecordSummary {
        var facts = IndexFacts()
        for part in [IndexPart.search, .state] {
            guard let piece = entry[part], piece.problem == nil else { continue }
            let bytes: StoredBytes?
            do throws(StorageError) {
                bytes = try await shelf.read(part, of: entry)
            } catch {
                if error.kind == .cancelled { throw error }
                facts.notes.append("\(shelf.label(part)): \(error.reason)")
                continue
            }
            guard let bytes else { continue }
            let found = IndexFacts(scanning: bytes)
            if part == .state, found.problem == nil, found.files == nil {
                facts.notes.append("\(shelf.label(.state)) has no blobs; it looks like a search state")
            }
            if part == .state, let a = facts.synced, let b = found.synced, a != b {
                facts.notes.append("the two documents are of different syncs")
            }
            facts = facts.merging(found, label: shelf.label(part))
        }
        return summary(of: entry, facts)
    }

    private func summary(of entry: Entry, _ facts: IndexFacts) -> RecordSummary {
        let origin = facts.source.map { IndexOrigin(source: $0) }
        var notes = entry.notes
        for part in IndexPart.allCases {
            switch entry[part] {
            case .none: notes.append("\(shelf.label(part)) is missing")
            case .some(let piece):
                if let problem = piece.problem { notes.append("\(shelf.label(part)) \(problem)") }
            }
        }
        notes += facts.notes
        let modified = IndexPart.allCases.compactMap { entry[$0]?.modified }.max()
        return RecordSummary(
            id: recordID(.index, entry.key), title: origin?.name ?? "", updated: facts.synced ?? modified,
            bytes: entry.bytes, metadata: facts.source,
            detail: .index(
                IndexDetail(
                    origin: origin?.text ?? "", files: facts.files, synced: facts.synced,
                    hasState: entry.state != nil, hasSearch: entry.search != nil)),
            notes: notes)
    }
}
