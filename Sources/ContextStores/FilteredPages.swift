internal import StoredRecords

/// Pages of records that sums decide on, which some layouts know only of the
/// records of a page: they are asked for all and what does not match is left out.
///
/// A page may be short or empty with more behind it, so that whoever reads on
/// hears of it and can stop.
struct FilteredPages {
    /// Records looked at before what was found so far is handed over.
    private static let patience = 2000

    private let sums: RecordFilter
    private let query: RecordQuery

    init(_ sums: RecordFilter, _ query: RecordQuery) {
        self.sums = sums
        self.query = query
    }

    func page(
        _ read: (RecordQuery) async throws(StorageError) -> Page<RecordSummary>
    ) async throws(StorageError) -> Page<RecordSummary> {
        var part = query
        part.filter = query.filter?.withoutSums
        let isBackward: Bool
        switch query.page.start {
        case .before, .last: isBackward = true
        case .first, .after: isBackward = false
        case .position:
            throw StorageError(
                .unsupported, operation: "list \(query.kind.plural)", place: "",
                reason: "with this filter rows are not reached by number")
        }
        var looked = 0
        var found: Page<RecordSummary>?
        while true {
            let page = try await read(part)
            looked += page.items.count
            let items = page.items.filter(sums.matches)
            if var sofar = found {
                sofar.items = isBackward ? items + sofar.items : sofar.items + items
                if isBackward { sofar.previous = page.previous } else { sofar.next = page.next }
                sofar.notes += page.notes
                found = sofar
            } else {
                found = Page(items: items, next: page.next, previous: page.previous, notes: page.notes)
            }
            guard let sofar = found else { continue }
            let further = isBackward ? page.previous : page.next
            let isEnough = !sofar.items.isEmpty || looked >= Self.patience
            guard let further, !isEnough else { return finished(sofar) }
            part.page.start = isBackward ? .before(further) : .after(further)
            guard !Task.isCancelled else {
                throw StorageError(
                    .cancelled, operation: "list \(query.kind.plural)", place: "", reason: "it was cancelled")
            }
        }
    }

    private func finished(_ page: Page<RecordSummary>) -> Page<RecordSummary> {
        var page = page
        page.total = page.next == nil && page.previous == nil ? .exact(page.items.count) : .unknown
        return page
    }
}
