internal import ContextStores
internal import StoredLayouts
internal import StoredRecords

/// `list`: the records of one kind, merged over all sources: newest first, or
/// in the first order that every source has where one of them has no times.
///
/// In an order that is asked for, the records of a source that does not have it
/// come behind all others, as they do in the browser; those of one that has few
/// are put in order here.
///
/// Every source is read a page at a time, so that memory follows the number
/// of sources and not the number of records. Pages are large, as some stores
/// have to be looked through from their beginning for each of them.
struct ListVerb {
    private let session: Session

    init(_ session: Session) {
        self.session = session
    }

    func run() async throws(Failure) -> ExitCode {
        guard let kind = session.options.kind else { throw Failure(.wrongUsage, "list needs a kind") }
        var (library, outcome) = try session.openLibrary()
        let filter: RecordFilter?
        do throws(FilterProblem) {
            filter = try session.options.filter.flatMap { text throws(FilterProblem) in
                try RecordFilter.read(text, now: Clock.system.now())
            }
        } catch {
            throw Failure(.wrongUsage, error.reason)
        }
        if let filter, let names = filter.unknownNamesSentence { session.console.tell("note: \(names)") }
        var streams = await withTaskGroup(of: (Int, RecordStream).self) { group in
            for (index, spec) in library.specs.enumerated() {
                group.addTask { [library] in
                    var stream = RecordStream(library, spec.name, kind, filter, limit: session.options.limit)
                    await stream.open()
                    return (index, stream)
                }
            }
            var streams: [Int: RecordStream] = [:]
            for await (index, stream) in group { streams[index] = stream }
            return library.specs.indices.compactMap { streams[$0] }
        }
        let sort: RecordSort
        do throws(Failure) {
            sort = try order(&streams, kind)
        } catch {
            await library.close()
            throw error
        }
        streams = await withTaskGroup(of: (Int, RecordStream).self) { [streams] group in
            for (index, stream) in streams.enumerated() {
                group.addTask {
                    var stream = stream
                    await stream.start(mergedBy: sort)
                    return (index, stream)
                }
            }
            var started = streams
            for await (index, stream) in group { started[index] = stream }
            return started
        }
        for stream in streams where stream.rank > 0 && stream.failure == nil {
            session.console.complain(
                "\(stream.source) cannot sort \(kind.plural) by \(sort.field.word(of: kind)); they come last, by \(stream.sort.field.word(of: kind))"
            )
        }
        await print(&streams, sort, kind, &outcome, showsSource: library.specs.count > 1)
        for stream in streams {
            for note in stream.notes { session.console.complain("\(stream.source): \(note)") }
            if let failure = stream.failure { outcome.add(failure, session.console) } else { outcome.succeed() }
        }
        await library.close()
        return outcome.code
    }

    /// Tells each source its order, and returns that of those which are merged.
    private func order(_ streams: inout [RecordStream], _ kind: RecordKind) throws(Failure) -> RecordSort {
        let options = session.options
        let sort = options.sortField.map { RecordSort.usual($0) } ?? Self.commonSort(streams)
        let wanted = options.isReversed ? sort.reversed : sort
        let able = streams.compactMap(\.sortFields)
        if let field = options.sortField, !able.isEmpty, !able.contains(where: { $0.contains(field) }) {
            let there = RecordSort.Field.allCases.filter { field in able.contains { $0.contains(field) } }
            throw Failure(
                .wrongUsage,
                "no source here sorts \(kind.plural) by \(field.word(of: kind)); they are sorted by \(ArgumentParser.alternatives(there.map { $0.word(of: kind) }))"
            )
        }
        for index in streams.indices {
            streams[index].sort = wanted
            guard options.sortField != nil, let fields = streams[index].sortFields, !fields.contains(wanted.field),
                let own = [RecordSort.newest, RecordSort(.key, descending: false)].first(where: {
                    fields.contains($0.field)
                })
            else { continue }
            streams[index].sort = own
            streams[index].rank = index + 1
        }
        return wanted
    }

    /// The order in which every source can hand over its records, so that they can be merged.
    private static func commonSort(_ streams: [RecordStream]) -> RecordSort {
        let able = streams.compactMap(\.sortFields)
        let common = (able.first ?? []).filter { field in able.allSatisfy { $0.contains(field) } }
        guard let first = common.first, !common.contains(RecordSort.newest.field) else { return .newest }
        return RecordSort(first, descending: false)
    }

    private func print(
        _ streams: inout [RecordStream], _ sort: RecordSort, _ kind: RecordKind, _ outcome: inout Outcome,
        showsSource: Bool
    ) async {
        let console = session.console
        var table = RecordTable.make(kind, showsSource: showsSource)
        let order = RecordOrder(sort)
        var count = 0
        while count < session.options.limit ?? .max, !console.output.isBroken {
            var first: Int?
            for index in streams.indices {
                guard let candidate = streams[index].current else { continue }
                if let best = first, let chosen = streams[best].current {
                    let (rank, other) = (streams[index].rank, streams[best].rank)
                    if rank == other ? !order.precedes(candidate, chosen) : rank > other { continue }
                }
                first = index
            }
            guard let first, let record = streams[first].current else { break }
            if session.options.form == .json {
                console.write(json: record.json)
            } else {
                table.add(RecordTable.row(record, showsSource: showsSource, isBrief: console.width != nil))
            }
            // Without a terminal no column has to be measured: rows go out as they come.
            if session.options.form != .json, console.width == nil {
                for line in table.lines(width: nil) { console.output.write(line: line) }
                table = RecordTable.make(kind, showsSource: showsSource)
            }
            count += 1
            // The page behind the last record that is asked for is not read.
            if count < session.options.limit ?? .max { await streams[first].advance() }
        }
        guard session.options.form != .json, console.width != nil else { return }
        if table.isEmpty {
            console.tell(session.options.filter == nil ? "no \(kind.plural)" : "no \(kind.plural) match the filter")
            return
        }
        for line in table.lines(width: console.width) { console.output.write(line: line) }
    }
}

/// The records of one source in order, a page held at a time.
private struct RecordStream: Sendable {
    private static let largestPage = 20_000
    /// So many records are read at once and put in order here where the source cannot.
    private static let few = 1000

    let source: String
    private let library: StoreLibrary
    private var query: RecordQuery
    private var page: [RecordSummary] = []
    private var at = 0
    private var next: PageCursor?
    private(set) var notes: [String] = []
    private(set) var failure: StorageError?
    /// What the source can sort the kind by; `nil` when it holds none or failed.
    private(set) var sortFields: [RecordSort.Field]?
    /// Its place behind the sources that are merged, which have 0.
    var rank = 0

    init(_ library: StoreLibrary, _ source: String, _ kind: RecordKind, _ filter: RecordFilter?, limit: Int?) {
        self.library = library
        self.source = source
        query = RecordQuery(
            kind, filter: filter, page: PageRequest(limit: min(limit ?? Self.largestPage, Self.largestPage)))
    }

    var sort: RecordSort {
        get { query.sort }
        set { query.sort = newValue }
    }

    var current: RecordSummary? { at < page.count ? page[at] : nil }

    mutating func open() async {
        do throws(StorageError) {
            let status = try await library.open(source)
            if query.kind != .raw, status.isUnknown {
                // Of a place that nobody named, or where there is nothing, nothing is missing.
                if library.specs.first(where: { $0.name == source })?.origin == .found { return }
                if status.kinds.contains(.raw), try await library.count(source, .raw) == .exact(0) { return }
                failure = StorageError(
                    .notFound, operation: "list \(query.kind.plural)", place: status.place,
                    reason: "nothing in it is of a known layout", help: "ctxbrowse list raw shows what is there")
                return
            }
            sortFields = try await library.capabilities(source, query.kind)?.sortFields
        } catch {
            failure = error
        }
    }

    /// Reads the first page; all of a source that has another order, when it has few records that tell what is
    /// sorted by, and then takes part in the merge.
    mutating func start(mergedBy sort: RecordSort) async {
        guard failure == nil else { return }
        let isSmall = rank > 0 ? await hasFew : false
        if isSmall { query.page.limit = Self.few }
        await read(.first)
        let order = RecordOrder(sort)
        guard isSmall, next == nil, page.contains(where: order.hasValue) else { return }
        page.sort(by: order.precedes)
        rank = 0
    }

    /// Whether all its records can be read at once; a source that fails says so where it is read.
    private var hasFew: Bool {
        get async {
            guard case .exact(let count)? = try? await library.count(source, query.kind) else { return false }
            return count <= Self.few
        }
    }

    mutating func advance() async {
        at += 1
        if at >= page.count, let next { await read(.after(next)) }
    }

    private mutating func read(_ start: PageRequest.Start) async {
        var query = query
        query.page.start = start
        do throws(StorageError) {
            repeat {
                let result = try await library.list(source, query)
                page = result.items
                at = 0
                next = result.next
                for note in result.notes where !notes.contains(note) { notes.append(note) }
                // A filter may leave a page empty before the end is reached.
                if let next { query.page.start = .after(next) }
            } while page.isEmpty && next != nil
        } catch {
            page = []
            at = 0
            next = nil
            failure = error
        }
    }
}
