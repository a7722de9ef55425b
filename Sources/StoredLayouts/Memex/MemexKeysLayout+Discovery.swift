internal import EngineCore
internal import StoredRecords

extension MemexKeysLayout {
    /// A page in the keyspace's own order; `nil` where the threads are few or
    /// small enough to be read and put in order.
    ///
    /// The first page takes one part of a scan and what it tells of the page.
    func discovered(_ query: RecordQuery) async throws(StorageError) -> Page<RecordSummary>? {
        let limit = query.page.limit
        var run: MemexKeyDiscovery.Run
        let first: Int
        let end: Int
        switch query.page.start {
        case .first:
            guard let begun = try await beginRun() else { return nil }
            run = try await extended(begun, to: limit)
            (first, end) = (0, min(limit, run.count))
        case .last:
            guard let begun = try await currentRun() else { return nil }
            run = try await extended(begun, to: .max)
            (first, end) = (max(0, run.count - limit), run.count)
        case .position(let position):
            guard let begun = try await currentRun() else { return nil }
            run = try await extended(begun, to: Self.sum(max(0, position), limit))
            first = min(max(0, position), run.count)
            end = min(run.count, Self.sum(first, limit))
        case .after(let cursor):
            guard let (found, index) = try place(of: cursor) else { return nil }
            run = try await extended(found, to: Self.sum(index, limit))
            (first, end) = (min(index, run.count), min(run.count, Self.sum(index, limit)))
        case .before(let cursor):
            guard let (found, index) = try place(of: cursor) else { return nil }
            run = found
            (first, end) = (max(0, index - limit), min(index, found.count))
        }
        var page = Page(
            items: try await query.isBrief ? briefly(run, first..<end) : summaries(of: run, first..<end),
            total: run.total,
            notes: ["the threads are too many to be read for their times, and come as the server has them"])
        if end < run.count || run.phase != .over { page.next = cursor(run, end) }
        if first > 0 { page.previous = cursor(run, first) }
        return page
    }

    private static func sum(_ start: Int, _ count: Int) -> Int {
        let (sum, overflow) = start.addingReportingOverflow(count)
        return overflow ? .max : sum
    }

    private func summaries(
        of run: MemexKeyDiscovery.Run, _ range: Range<Int>
    ) async throws(StorageError) -> [RecordSummary] {
        guard let ids = discovery.ids(of: run, range) else { throw begunAnew }
        let infos = try await engine.describe(ids.map { keys.thread($0) })
        let named = try await engine.isMember(keys.set, ids)
        var entries: [MemexKeyEntry] = []
        var places: [Int] = []
        for (offset, id) in ids.enumerated() where infos[offset] != nil || named[offset] {
            entries.append(MemexKeyEntry(id: id, info: infos[offset], isNamed: named[offset]))
            places.append(range.lowerBound + offset)
        }
        return zip(try await summaries(entries), places).map { summary, place in
            var summary = summary
            // A time would put it elsewhere where lists of several sources are merged.
            summary.updated = nil
            summary.ownPlace = place
            return summary
        }
    }

    /// Ids and sizes; only what is no plain thread is looked at closely.
    private func briefly(
        _ run: MemexKeyDiscovery.Run, _ range: Range<Int>
    ) async throws(StorageError) -> [RecordSummary] {
        guard let ids = discovery.ids(of: run, range) else { throw begunAnew }
        let sizes = try await engine.sizes(ids.map { keys.thread($0) })
        let named = try await engine.isMember(keys.set, ids)
        let odd = ids.indices.filter { sizes[$0] ?? 0 == 0 }
        let infos = try await engine.describe(odd.map { keys.thread(ids[$0]) })
        let closely = Dictionary(uniqueKeysWithValues: zip(odd, infos))
        var summaries: [RecordSummary] = []
        summaries.reserveCapacity(ids.count)
        for (offset, id) in ids.enumerated() {
            let info = closely[offset] ?? sizes[offset].map { KeyInfo(type: .string, size: $0, timeToLive: nil) }
            guard info != nil || named[offset] else { continue }
            var summary = summary(MemexKeyEntry(id: id, info: info, isNamed: named[offset]), nil)
            summary.ownPlace = range.lowerBound + offset
            summaries.append(summary)
        }
        return summaries
    }

    // MARK: Runs

    private func currentRun() async throws(StorageError) -> MemexKeyDiscovery.Run? {
        if let run = discovery.newest { return run }
        return try await beginRun()
    }

    /// `nil` when one part of a scan shows all keys, or when the set, by the
    /// sizes of some of its threads, promises no more than can be read.
    private func beginRun() async throws(StorageError) -> MemexKeyDiscovery.Run? {
        let part = try await engine.scan(keys.pattern, after: nil, count: Self.scanned)
        guard let next = part.next else { return nil }
        let sample = Array(part.keys.prefix(100))
        let infos = try await engine.describe([keys.set] + sample)
        guard let set = infos[0], set.type == .set, !sample.isEmpty else { return nil }
        let size = infos.dropFirst().reduce(0) { $0 + ($1?.type == .string ? $1?.size ?? 0 : 0) }
        let (total, overflow) = (size / sample.count).multipliedReportingOverflow(by: set.size)
        guard overflow || total > Self.readableForPage else { return nil }
        return discovery.begin(phase: .keys(next), expected: set.size, with: part.keys.compactMap(keys.id))
    }

    private func extended(
        _ begun: MemexKeyDiscovery.Run, to count: Int
    ) async throws(StorageError) -> MemexKeyDiscovery.Run {
        var run = begun
        while run.count < count, run.phase != .over {
            try requireNotCancelled("list threads", place: engine.place)
            let found: [[UInt8]]
            let next: MemexKeyDiscovery.Phase
            switch run.phase {
            case .keys(let cursor):
                let part = try await engine.scan(keys.pattern, after: cursor, count: Self.scanned)
                found = part.keys.compactMap(keys.id)
                next = part.next.map { .keys($0) } ?? .members(nil)
            case .members(let cursor):
                let part = try await engine.members(keys.set, after: cursor, count: Self.scanned)
                found = part.members
                next = part.next.map { .members($0) } ?? .over
            case .over: return run
            }
            guard let further = discovery.extend(run.number, after: run.phase, with: found, next: next) else {
                throw begunAnew
            }
            run = further
        }
        return run
    }

    private static var scanned: Int { 1000 }

    // MARK: Cursors

    private func cursor(_ run: MemexKeyDiscovery.Run, _ index: Int) -> PageCursor {
        PageCursor("found:\(run.number):\(index)")
    }

    /// `nil` for a cursor of another order.
    private func place(
        of cursor: PageCursor
    ) throws(StorageError) -> (run: MemexKeyDiscovery.Run, index: Int)? {
        let parts = cursor.text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "found", let number = Int(parts[1]), let index = Int(parts[2]), index >= 0
        else { return nil }
        guard let run = discovery.run(number) else { throw begunAnew }
        return (run, index)
    }

    private var begunAnew: StorageError {
        error(.invalid, "list threads", "the list was begun anew since", help: "start again from the first page")
    }
}
