internal import StoredRecords

/// Looks for the place of a record far down a list, without reading what stands above it.
///
/// Of each source it is found by halving how many of its records stand before
/// the one that is looked for; then the records around that place are read.
struct RecordSeek: Sendable, Equatable {
    /// What is asked for on the way.
    enum Step: Sendable, Equatable {
        /// Whether the record is still there, and what the list is ordered by.
        case summary
        /// The one record at a position.
        case probe(source: String, position: Int)
        case page(source: String, PageRequest)
    }

    /// What is known of one source.
    private struct Place: Sendable, Equatable {
        /// So many of its records stand before the one that is looked for, or more.
        var low = 0
        /// No more than so many; `nil` while that is not known.
        var high: Int?
        var isAsking = false
        /// It did not answer, and takes no part.
        var isLeftOut = false
        var window: PageWindow<RecordSummary>?
    }

    /// Records between which nothing is halved any more: one page has them all.
    private static let near = 100
    private static let margin = RecordList.pageSize / 2
    /// Milliseconds after which it is given up: a store that has to look through its records for each
    /// position is not kept busy for what nobody asked for.
    private static let patience: Int64 = 20_000

    let screen: ScreenID
    let wanted: RecordID
    private let begun: Timestamp
    private var record: RecordSummary?
    private var places: [String: Place] = [:]
    /// Whether it is known that there is nothing to be found; then it is not tried again.
    private(set) var hasEnded = false

    init(_ wanted: RecordID, on screen: ScreenID, now: Timestamp) {
        self.wanted = wanted
        begun = now
        self.screen = screen
    }

    /// Takes the record as it is stored now.
    mutating func take(_ summary: RecordSummary?) {
        record = summary
        if summary == nil { end() }
    }

    mutating func end() {
        hasEnded = true
        places = [:]
    }

    /// What to ask next: nothing while answers are awaited, and nothing when all is there.
    mutating func next(_ list: RecordList, now: Timestamp) -> [Step] {
        if now.milliseconds(since: begun) > Self.patience { end() }
        guard let record, !hasEnded else { return [] }
        var steps: [Step] = []
        for window in list.windows where window.isAnswered && window.error == nil {
            var place = places[window.source] ?? Self.place(of: record, in: window.window, list.order)
            // What was put in order here is there as a whole; its places are not those of the source.
            if window.ownSort != nil, !window.standsApart { place.window = window.window }
            if !place.isAsking, !place.isLeftOut, place.window == nil {
                place.isAsking = true
                steps.append(Self.step(window.source, place))
            }
            places[window.source] = place
        }
        return steps
    }

    /// What the pages that are there already tell.
    private static func place(
        of record: RecordSummary, in window: PageWindow<RecordSummary>, _ order: RecordOrder
    ) -> Place {
        guard window.isAtStart else { return Place() }
        let items = window.items
        if let first = items.firstIndex(where: { !order.isBefore($0, record) }) {
            return Place(low: first, high: first)
        }
        if window.isAtEnd { return Place(low: items.count, high: items.count) }
        if case .exact(let total) = window.total { return Place(low: items.count, high: max(items.count, total)) }
        return Place(low: items.count)
    }

    private static func step(_ source: String, _ place: Place) -> Step {
        guard let high = place.high else {
            return .probe(source: source, position: place.low * 2 + near)
        }
        if high - place.low > near { return .probe(source: source, position: place.low + (high - place.low) / 2) }
        let request = PageRequest(.position(max(0, place.low - margin)), limit: near + 2 * margin)
        return .page(source: source, request)
    }

    /// Takes an answer; a source that failed takes no part.
    mutating func take(_ page: Page<RecordSummary>?, for step: Step, _ order: RecordOrder) {
        switch step {
        case .summary: break
        case .probe(let source, let position):
            guard let page, let record else { return leaveOut(source) }
            places[source]?.isAsking = false
            if let item = page.items.first, order.isBefore(item, record) {
                places[source]?.low = position + 1
            } else {
                places[source]?.high = position
            }
        case .page(let source, let request):
            guard let page else { return leaveOut(source) }
            var window = PageWindow<RecordSummary>()
            window.insert(page, for: request)
            places[source]?.isAsking = false
            places[source]?.window = window
        }
    }

    private mutating func leaveOut(_ source: String) {
        if source == wanted.source { return end() }
        places[source] = Place(isLeftOut: true)
    }

    /// The list around the record, as soon as all is read; `nil` before, and where it is not in it after all.
    mutating func found(_ list: RecordList, height: Int) -> RecordList? {
        guard !hasEnded, places[wanted.source]?.window != nil,
            places.values.allSatisfy({ $0.window != nil || $0.isLeftOut })
        else { return nil }
        var list = list
        for index in list.windows.indices {
            guard let window = places[list.windows[index].source]?.window else {
                list.windows[index].isJoined = false
                continue
            }
            list.windows[index] = SourceWindow(
                source: list.windows[index].source, window: window, ownSort: list.windows[index].ownSort)
        }
        list.show(wanted, height: height)
        guard list.selectedRecord?.id == wanted else {
            end()
            return nil
        }
        return list
    }

    /// The sources of which all is read.
    var sources: [String] { places.filter { $0.value.window != nil }.map(\.key) }
}

extension RecordList {
    /// Puts a record in focus that the windows hold, some lines below the top.
    fileprivate mutating func show(_ id: RecordID, height: Int) {
        anchor = .record
        sought = nil
        selected = id
        top = 0
        cursor = height / 3
        merge(height: height)
    }
}
