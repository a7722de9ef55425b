internal import ContextStores
internal import JSONText
internal import StoredRecords
internal import Synchronization
internal import TerminalSurface

/// `search`: hits as they are found, over all sources at once.
struct SearchVerb {
    private let session: Session

    init(_ session: Session) {
        self.session = session
    }

    func run() async throws(Failure) -> ExitCode {
        let read: TextFilter?
        do throws(FilterProblem) {
            read = try session.ids.first.flatMap { text throws(FilterProblem) in try TextFilter.read(text) }
        } catch {
            throw Failure(.wrongUsage, error.reason)
        }
        guard let filter = read else { throw Failure(.wrongUsage, "search needs at least one word") }
        // One that follows the text without being a source belongs to the text.
        if let word = session.sources.first, !session.isSource(word) {
            throw Failure(
                .wrongUsage,
                "'\(word)' is no source; several words to search for stand in quotes: '\(session.ids[0]) \(word)'")
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
        let row =
            [hit.record.id.kind.rawValue, hit.record.id.key] + (showsSource ? [hit.record.id.source] : [])
            + [place, hit.excerpt]
        if let width = console.width {
            console.output.write(line: Self.line(row, width))
        } else {
            var table = Table(Array(repeating: Table.Column(title: ""), count: row.count))
            table.add(row)
            for line in table.lines(width: nil) { console.output.write(line: line) }
        }
        // Hits are shown as they come, also when the next one is far away.
        if console.outputIsTerminal { console.output.flush() }
    }

    /// A hit on one line of a terminal. Hits to come are not known, so columns have shares of the width;
    /// only the id, which the next command needs, is whole.
    private static func line(_ row: [String], _ width: Int) -> String {
        let cells = row.map { Sanitizer.visible($0, tabWidth: 1) }
        var line = TextFit.padded(cells[0], to: 8) + "  " + cells[1]
        for cell in cells.dropFirst(2).dropLast() {
            let room = max(8, width / 8)
            line += "  " + TextFit.padded(TextFit.truncatedMiddle(cell, to: room), to: room)
        }
        line += "  " + (cells.last ?? "")
        return TextFit.truncated(line, to: max(1, width))
    }
}
