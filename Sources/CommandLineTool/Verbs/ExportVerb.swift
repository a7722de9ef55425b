internal import ContextStores
internal import StoredRecords
internal import TerminalSurface

/// `export`: records into files, a directory or standard output.
struct ExportVerb {
    private let session: Session
    private var console: Console { session.console }

    init(_ session: Session) {
        self.session = session
    }

    func run() async throws(Failure) -> ExitCode {
        guard let kind = session.options.kind, let path = session.options.target else {
            throw Failure(.wrongUsage, "export needs a kind and --to PATH")
        }
        if let word = session.options.format, ExportFormat(word: word) == nil {
            let known = ExportFormat.words.map(\.rawValue)
            throw Failure(
                .wrongUsage,
                "unknown format '\(word)': it is json, jsonl, md, txt, csv or html\(Suggestion.clause(for: word, among: known))"
            )
        }
        if session.options.last != nil, kind != .thread {
            throw Failure(.wrongUsage, "--last counts messages, and only threads have them")
        }
        if path == "-", session.ids.count > 1 {
            throw Failure(.wrongUsage, "only one record can go to standard output; name a directory for several")
        }
        if session.ids.count > 1, ExportFormat(ending: path) != nil, !ExportTarget.isDirectory(path) {
            throw Failure(
                .wrongUsage, "\(session.ids.count) records do not go into one file '\(path)'; name a directory for them"
            )
        }
        var (library, outcome) = try session.openLibrary()
        do throws(Failure) {
            var records: [RecordSummary] = []
            for id in session.ids {
                do throws(Failure) {
                    records.append(try await session.find(kind, id, in: library, &outcome))
                } catch {
                    outcome.add(error, console)
                }
            }
            if records.isEmpty { throw Failure(outcome.code, "") }
            if path == "-" {
                try await print(records[0], library)
                outcome.succeed()
            } else {
                try await write(records, to: path, library, &outcome)
            }
        } catch {
            outcome.add(error, console)
        }
        await library.close()
        return outcome.code
    }

    private func print(_ record: RecordSummary, _ library: StoreLibrary) async throws(Failure) {
        do throws(StorageError) {
            let format = try ExportFormat.choose(word: session.options.format, path: "-", for: record)
            let sink = ConsoleSink(console)
            let notes = try await library.export(record.id, as: format, last: session.options.last, to: sink)
            sink.finish()
            for note in notes { console.complain(note) }
        } catch {
            // Nobody reads on: that is no failure.
            if error.kind == .cancelled, console.output.isBroken { return }
            throw Failure(error)
        }
    }

    private func write(
        _ records: [RecordSummary], to path: String, _ library: StoreLibrary, _ outcome: inout Outcome
    ) async throws(Failure) {
        let export: FileExport
        do throws(StorageError) {
            export = try FileExport(library, to: Self.target(path, records, of: session.ids.count))
        } catch {
            throw Failure(error)
        }
        for record in records {
            do throws(StorageError) {
                let format = try ExportFormat.choose(word: session.options.format, path: path, for: record)
                let receipt = try await writeAsking(record, format, export)
                for file in receipt.files { console.output.write(line: Sanitizer.visible("wrote \(file)")) }
                for note in receipt.notes { console.complain(note) }
                outcome.succeed()
            } catch {
                outcome.add(error, console)
            }
        }
    }

    /// An index is two documents: unless one JSON file is named, they go into a directory.
    ///
    /// - Parameter count: of the records that were asked for, so that one that
    ///   is missing does not make a file of the directory.
    private static func target(_ path: String, _ records: [RecordSummary], of count: Int) -> ExportTarget {
        let target = ExportTarget(path: path, records: count)
        if case .file = target, records[0].id.kind == .index, ExportFormat(ending: path) == nil {
            return .directory(path)
        }
        return target
    }

    private func writeAsking(
        _ record: RecordSummary, _ format: ExportFormat, _ export: FileExport
    ) async throws(StorageError) -> ExportReceipt {
        let progress = Progress("export \(record.id.key)", console: console)
        defer { progress.finish() }
        let report: @Sendable (ExportProgress) -> Void = { progress.report($0.done, of: $0.total) }
        do throws(StorageError) {
            return try await write(record, format, export, replacing: session.options.isConfirmed, report)
        } catch {
            guard error.kind == .conflict, console.canAsk else { throw error }
            guard console.confirm("\(error.operation): \(error.reason); replace it?") else {
                throw StorageError(
                    .conflict, operation: error.operation, place: error.place,
                    reason: "it is there already and was not replaced")
            }
            return try await write(record, format, export, replacing: true, report)
        }
    }

    /// A signal cancels it, which removes what was written so far.
    private func write(
        _ record: RecordSummary, _ format: ExportFormat, _ export: FileExport, replacing: Bool,
        _ report: @escaping @Sendable (ExportProgress) -> Void
    ) async throws(StorageError) -> ExportReceipt {
        let last = session.options.last
        return try await session.interruption.cancelling { () async -> Result<ExportReceipt, StorageError> in
            do throws(StorageError) {
                return .success(
                    try await export.write(record, as: format, last: last, replacing: replacing, progress: report))
            } catch {
                return .failure(error)
            }
        }.get()
    }
}

/// Sends an export to standard output: exactly, or on a terminal in visible form.
private final class ConsoleSink: ExportSink {
    private let console: Console
    private let lines = LineKeeper()

    init(_ console: Console) {
        self.console = console
    }

    func write(_ bytes: [UInt8]) async throws(StorageError) {
        if console.outputIsTerminal {
            for line in lines.take(bytes) { console.output.write(line: Sanitizer.visible(bytes: line)) }
        } else {
            console.output.write(bytes: bytes)
        }
        if console.output.isBroken {
            throw StorageError(.cancelled, operation: "export", place: "standard output", reason: "nobody reads it")
        }
    }

    func finish() {
        if let rest = lines.rest() { console.output.write(line: Sanitizer.visible(bytes: rest)) }
    }
}
