internal import EngineCore
internal import StoredRecords

/// Makes one page of threads.
///
/// First the places of the page's threads are found, then the rows and message
/// counts of these only. Orphans are mixed in where the order puts them.
struct ThreadListing: Sendable {
    let layout: MemexRowsLayout
    let query: RecordQuery

    private var order: ThreadOrder { ThreadOrder(sort: query.sort) }
    private var tables: MemexTables { layout.tables }
    /// One more than the page holds, to see whether there is a next page.
    private var need: Int { query.page.limit == .max ? .max : query.page.limit + 1 }

    func page() async throws(StorageError) -> Page<RecordSummary> {
        var isForward = true
        var start: ThreadPlace?
        var skip = 0
        switch query.page.start {
        case .first: break
        case .last: isForward = false
        case .position(let position): skip = max(0, position)
        case .after(order.end):
            let isEmpty = try await layout.count(.thread) == .exact(0)
            return Page(items: [], previous: isEmpty ? nil : order.end, notes: tables.notes)
        case .before(order.end): isForward = false
        case .after(let cursor): start = try place(cursor)
        case .before(let cursor):
            start = try place(cursor)
            isForward = false
        }
        var (places, leavesOrphans) = try await self.places(isForward: isForward, start: start, skip: skip)
        let hasMore = places.count > query.page.limit
        if hasMore { places.removeLast(places.count - query.page.limit) }
        if !isForward { places.reverse() }

        var page = Page(items: try await summaries(places), notes: tables.notes)
        let isBehindSomething = isForward ? start != nil || skip > 0 : hasMore
        let isBeforeSomething = isForward ? hasMore : start != nil || leavesOrphans
        if isBehindSomething { page.previous = places.first.map(order.cursor) ?? start.map(order.cursor) }
        if isBeforeSomething { page.next = places.last.map(order.cursor) ?? start.map(order.cursor) }
        // A page that was asked for beyond the end leads back to the last one.
        if isBehindSomething && page.previous == nil { page.previous = order.end }
        page.total = try await total(of: page)
        return page
    }

    private func place(_ cursor: PageCursor) throws(StorageError) -> ThreadPlace {
        guard let place = order.place(cursor) else {
            throw layout.error(
                .invalid, "list threads", "the page cursor was not made for this order",
                help: "start again from the first page")
        }
        return place
    }

    private func total(of page: Page<RecordSummary>) async throws(StorageError) -> Total {
        if query.filter != nil {
            return page.next == nil && page.previous == nil ? .exact(page.items.count) : .unknown
        }
        let threads = try await layout.countThreadRows()
        if let orphans = try await layout.cheapOrphans() { return .exact(threads + orphans.count) }
        return .atLeast(threads)
    }

    // MARK: Places

    /// The next `need` places in the direction, beginning `skip` behind the start.
    ///
    /// Orphans stand behind all threads with times. Where finding them costs
    /// more than a page, the places before the end are those of threads, and
    /// `leavesOrphans` says that the page behind them has to look for more.
    private func places(
        isForward: Bool, start: ThreadPlace?, skip: Int
    ) async throws(StorageError) -> (places: [ThreadPlace], leavesOrphans: Bool) {
        let selection = ThreadSelection(
            tables: tables, sort: query.sort, isForward: isForward, start: start,
            hasMissingIDs: try await hasMissingIDs())
        if query.filter != nil || query.sort.field == .title {
            // All threads before the page are passed by anyway, so that orphans
            // are mixed in before the first `skip` are dropped.
            let wanted = need.addingReportingOverflow(skip)
            let found = try await chosen(selection, count: wanted.overflow ? .max : wanted.partialValue)
            let mixed = try await mixed(
                found, isForward: isForward, start: start, count: wanted.overflow ? .max : wanted.partialValue)
            return (Array(mixed.dropFirst(skip)), false)
        }
        guard skip > 0 else {
            let found = try await selected(selection)
            if orphansComeLast, !isForward, start == nil, found.first?.value.isNull == false,
                try await layout.cheapOrphans() == nil
            {
                return (found, true)
            }
            return (try await mixed(found, isForward: isForward, start: start, count: need), false)
        }
        return (try await places(selection, from: skip), false)
    }

    /// The places from a position on; orphans standing before them are counted.
    private func places(_ selection: ThreadSelection, from position: Int) async throws(StorageError) -> [ThreadPlace] {
        let orphans = try await orphanPlaces(isForward: true, start: nil)
        let offset = max(0, position - orphans.count)
        let more = need.addingReportingOverflow(position - offset)
        let found = try await query(
            selection.places(limit: more.overflow ? .max : more.partialValue, offset: offset))
        guard let first = found.first else {
            let threads = try await layout.countThreadRows()
            return Array(orphans.dropFirst(max(0, position - threads)).prefix(need))
        }
        let before = offset == 0 ? 0 : orphans.count { order.precedes($0, first) }
        let merged = merge(found, Array(orphans.dropFirst(before)), isForward: true)
        return Array(merged.dropFirst(position - offset - before).prefix(need))
    }

    /// The next places by SQL alone.
    private func selected(_ selection: ThreadSelection) async throws(StorageError) -> [ThreadPlace] {
        if need < 100_000, let statement = selection.boundStatement(count: need),
            let bound = try await layout.engine.query(statement).first?[0], !bound.isNull
        {
            let found = try await query(selection.places(limit: need, bound: bound))
            if found.count >= need { return found }
        }
        return try await query(selection.places(limit: need))
    }

    private func query(_ statement: SQLStatement) async throws(StorageError) -> [ThreadPlace] {
        try await layout.engine.query(statement).map { row in
            ThreadPlace(
                value: row[1], id: row[2], identity: row[0],
                messages: query.sort.field == .messages ? row[1].integer.map { Int($0) } : nil)
        }
    }

    /// The next `count` places of threads that the filter lets through, from
    /// one pass over the rows that ends as soon as they are found.
    private func chosen(_ selection: ThreadSelection, count: Int) async throws(StorageError) -> [ThreadPlace] {
        let isTitle = query.sort.field == .title
        let isForward = selection.isForward
        let start = selection.start
        let order = order
        let filter = query.filter
        let layout = layout
        let found = Collected<[ThreadPlace]>([])
        try await layout.engine.stream(selection.rows(isOrdered: !isTitle)) { row throws(StorageError) in
            let id = row["id"] ?? .null
            let whole = Row(columns: Array(row.columns.dropFirst(1)), values: Array(row.values.dropFirst(1)))
            let summary = MemexThreadDecoding.summary(
                whole, messages: nil, id: layout.recordID(.thread, ThreadID(whole).key))
            guard filter?.matches(summary) ?? true else { return .more }
            var place = ThreadPlace(value: row[0], id: id, identity: row[1])
            guard isTitle else {
                return found.update { places in
                    places.append(place)
                    return places.count < count ? .more : .stop
                }
            }
            place.value = Self.titleValue(summary.title)
            let isBefore = { (left: ThreadPlace, right: ThreadPlace) in
                isForward ? order.precedes(left, right) : order.precedes(right, left)
            }
            if let start, !isBefore(start, place) { return .more }
            found.update { $0.insertKeepingFirst(count, place, isBefore) }
            return .more
        }
        return found.value
    }

    /// Titles are compared without regard to case; a thread without one has no value.
    private static func titleValue(_ title: String) -> StoredValue {
        title.isEmpty ? .null : .text(title.lowercased())
    }

    /// Whether some thread's id is NULL, which SQLite allows in a text key.
    private func hasMissingIDs() async throws(StorageError) -> Bool {
        guard query.sort.field == .key else { return false }
        return try await layout.threadRow(ThreadID(.null)) != nil
    }

    // MARK: Orphans

    /// Orphans have neither times nor a title.
    private var orphansComeLast: Bool { query.sort.field != .key && query.sort.field != .messages }

    /// The found places with the orphans among them, cut to `count`.
    ///
    /// Orphans have no times: where the page is full of threads that do, they
    /// are not looked for.
    private func mixed(
        _ found: [ThreadPlace], isForward: Bool, start: ThreadPlace?, count: Int
    ) async throws(StorageError) -> [ThreadPlace] {
        if orphansComeLast, isForward, found.count >= count, found.last?.value.isNull != true { return found }
        if orphansComeLast, !isForward, let start, !start.value.isNull { return found }
        let orphans = try await orphanPlaces(isForward: isForward, start: start)
        return Array(merge(found, orphans, isForward: isForward).prefix(count))
    }

    private func orphanPlaces(isForward: Bool, start: ThreadPlace?) async throws(StorageError) -> [ThreadPlace] {
        var places: [ThreadPlace] = []
        for orphan in try await layout.orphans() {
            if let filter = query.filter, !filter.matches(layout.summary(orphan)) { continue }
            let value: StoredValue =
                switch query.sort.field {
                case .key: orphan.id
                case .messages: .integer(Int64(orphan.messages))
                default: .null
                }
            let place = ThreadPlace(value: value, id: orphan.id, identity: .null, messages: orphan.messages)
            if let start, isForward ? !order.precedes(start, place) : !order.precedes(place, start) { continue }
            places.append(place)
        }
        return places.sorted { isForward ? order.precedes($0, $1) : order.precedes($1, $0) }
    }

    private func merge(_ left: [ThreadPlace], _ right: [ThreadPlace], isForward: Bool) -> [ThreadPlace] {
        guard !right.isEmpty else { return left }
        return (left + right).sorted { isForward ? order.precedes($0, $1) : order.precedes($1, $0) }
    }

    // MARK: Summaries

    /// The summaries of these places; one whose row went meanwhile is left out.
    private func summaries(_ places: [ThreadPlace]) async throws(StorageError) -> [RecordSummary] {
        let rows = try await layout.threadRows(places.filter { !$0.isOrphan }.map(\.identity))
        let counts = try await layout.messageCounts(places.filter { $0.messages == nil }.map(\.id))
        return places.compactMap { place in
            let messages = place.messages ?? counts[ThreadID(place.id).bytes] ?? 0
            if place.isOrphan { return layout.summary(OrphanThread(id: place.id, messages: messages)) }
            return rows[place.identity].map { layout.summary($0, messages: messages) }
        }
    }
}

extension [ThreadPlace] {
    /// Inserts in order and keeps only the first `count`.
    fileprivate mutating func insertKeepingFirst(
        _ count: Int, _ place: ThreadPlace, _ isBefore: (ThreadPlace, ThreadPlace) -> Bool
    ) {
        if self.count >= count, let last, !isBefore(place, last) { return }
        var low = 0
        var high = self.count
        while low < high {
            let middle = (low + high) / 2
            if isBefore(place, self[middle]) { high = middle } else { low = middle + 1 }
        }
        insert(place, at: low)
        if self.count > count { removeLast() }
    }
}
