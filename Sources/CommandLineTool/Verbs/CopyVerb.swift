internal import ContextStores
internal import StoredRecords
internal import TerminalSurface

/// `copy`: records into another source.
struct CopyVerb {
    private let session: Session

    init(_ session: Session) {
        self.session = session
    }

    func run() async throws(Failure) -> ExitCode {
        guard let kind = session.options.kind, let destination = session.options.destination else {
            throw Failure(.wrongUsage, "copy needs a kind and --into SOURCE")
        }
        if session.options.isReadOnly {
            throw Failure(.refused, "cannot copy with --read-only; leave it out to change anything")
        }
        var (library, outcome) = try session.openLibrary()
        // The destination is opened apart, so that ids are never looked for in it.
        let into: SourceSpec
        switch SourceResolution.destination(
            destination, configuration: session.configuration, environment: session.environment)
        {
        case .success(let spec): into = spec
        case .failure(let problem): throw Failure(problem)
        }
        let targetLibrary = session.library([into])
        for id in session.ids {
            do throws(Failure) {
                let record = try await session.find(
                    kind, id, in: Self.without(into, library, session) ?? library, &outcome)
                await session.interruption.holding {
                    await copy(record.id, into: into, of: targetLibrary, library, &outcome)
                }
            } catch {
                outcome.add(error, session.console)
            }
        }
        await targetLibrary.close()
        await library.close()
        return outcome.code
    }

    private func copy(
        _ id: RecordID, into target: SourceSpec, of targetLibrary: StoreLibrary, _ library: StoreLibrary,
        _ outcome: inout Outcome
    ) async {
        do throws(StorageError) {
            let receipt = try await library.copy(id, into: target.name, of: targetLibrary)
            session.console.output.write(
                line: Sanitizer.visible(
                    "copied \(id.kind.rawValue) \(id.key) from \(id.source) into \(target.displayLocation)"))
            session.console.output.flush()
            for note in receipt.notes { session.console.tell("note: \(note)") }
            outcome.succeed()
        } catch {
            outcome.add(error, session.console)
        }
    }

    /// The sources to look for ids in when none is named: all but the destination.
    private static func without(
        _ destination: SourceSpec, _ library: StoreLibrary, _ session: Session
    ) -> StoreLibrary? {
        let others = library.specs.filter { $0.location != destination.location || $0.prefix != destination.prefix }
        guard session.sources.isEmpty, !others.isEmpty, others.count < library.specs.count else { return nil }
        return session.library(others)
    }
}
