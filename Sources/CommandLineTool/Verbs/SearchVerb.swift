internal import ContextStores
internal import JSONText
internal import StoredRecords
internal import Synchronization

/// `search`: hits as they are found, over all sources at once.
struct SearchVerb {
    private let session: Session

    init(_ session: Session) {
        self.session = session
    }

    func run() async throws(Failure) -> ExitCode {
        guard let text = session.ids.first, let filter = TextFilter(text) else {
            throw Failure(.wrongUsage, "search needs at least one word")
        }
        var (library, outcome) = try session.openLibrary()
        let query = SearchQuery(filter, kinds: session.options.kind.map { [$0] } ?? [])
        let showsSource = library.specs.count > 1
        let printer = HitPrinter(session, showsSource: showsSource)
        let failures = await withTaskGroup(of: StorageError?.self) { group in
            for spec in library.specs {
                group.addTask { [library, session, printer] in
                    do throws(StorageError) {
                        try await library.search(spec.name, query) { hit in
                            printer.print(hit)
                            return session.console.output.isBroken ? .stop : .more
                        }
                        return nil
                    } catch {
                        return error
                    }
                }
            }
            var failures: [StorageError?] = []
            for await failure in group { failures.append(failure) }
            return failures
        }
        for failure in failures {
            if let failure { outcome.add(failure, session.console) } else { outcome.succeed() }
        }
        if session.console.outputIsTerminal, printer.count == 0 { session.console.tell("nothing found") }
        await library.close()
        return outcome.code
    }
}

/// Prints hits one at a time, whichever source they come from.
private final class HitPrinter: Sendable {
    private let session: Session
    private let showsSource: Bool
    private let printed = Mutex(0)

    init(_ session: Session, showsSource: Bool) {
        self.session = session
        self.showsSource = showsSource
    }

    var count: Int { printed.withLock { $0 } }

    func print(_ hit: SearchHit) {
        printed.withLock { count in
            count += 1
            write(hit)
        }
    }

    private func write(_ hit: SearchHit) {
        let console = session.console
        if session.options.form == .json {
            var value = hit.record.json
            if let message = hit.message { value.set(.integer(message), for: "message") }
            if let document = hit.document { value.set(.text(document), for: "document") }
            value.set(.text(hit.excerpt), for: "excerpt")
            console.write(json: value)
            return
        }
        var place = hit.message.map { "message \($0 + 1)" } ?? ""
        if let document = hit.document { place = document }
        var table = Table(Array(repeating: Table.Column(title: ""), count: showsSource ? 5 : 4))
        table.add(
            [hit.record.id.kind.rawValue, hit.record.id.key] + (showsSource ? [hit.record.id.source] : [])
                + [place, hit.excerpt])
        for line in table.lines(width: nil) { console.output.write(line: line) }
        // Hits are shown as they come, also when the next one is far away.
        if console.outputIsTerminal { console.output.flush() }
    }
}
