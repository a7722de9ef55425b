internal import ContextStores
internal import StoredRecords
internal import TerminalSurface

/// `trim` and `delete`: plan, print, ask, carry out.
///
/// Nothing is changed where a named source does not answer, nor where none is
/// named and a word is no id: it may be a mistyped source, and then the others
/// were found where they were not meant.
struct ChangeVerb {
    private let session: Session
    private var console: Console { session.console }

    init(_ session: Session) {
        self.session = session
    }

    func run() async throws(Failure) -> ExitCode {
        let request: ChangeRequest
        let kind: RecordKind
        if session.verb == .trim {
            guard let keep = session.options.keep else { throw Failure(.wrongUsage, "trim needs --keep N") }
            request = .trim(keep: keep, snap: session.options.snaps)
            kind = .thread
        } else {
            guard let named = session.options.kind else { throw Failure(.wrongUsage, "delete needs a kind") }
            request = .delete(.record)
            kind = named
        }
        if session.options.isReadOnly, !session.options.isDryRun {
            throw Failure(.refused, "cannot \(session.verb.rawValue) with --read-only; leave it out to change anything")
        }
        if !session.options.isConfirmed, !session.options.isDryRun, !console.canAsk {
            throw Failure(
                .refused,
                "\(session.verb.rawValue) needs --yes where there is no terminal to ask on; --dry-run shows what it would do"
            )
        }
        var (library, outcome) = try session.openLibrary()
        let (plans, isWhole) = await plans(request, kind, library, &outcome)
        if session.options.isDryRun {
            for plan in plans {
                outcome.succeed()
                for line in PlanText(plan).lines { console.output.write(line: Sanitizer.visible(line)) }
            }
        } else if !isWhole {
            if !plans.isEmpty { console.tell("nothing was changed; leave out what cannot be done, and try again") }
        } else if try confirm(plans) {
            var entries: [String] = []
            for var plan in plans {
                if plans.count > 1 { plan.group = entries.first.map { .of(entry: $0) } ?? .first }
                await session.interruption.holding {
                    if let entry = await carryOut(plan, library, &outcome) { entries.append(entry) }
                }
            }
            if entries.count > 1 {
                console.tell("note: ctxbrowse undo --group \(entries[0]) brings back all \(entries.count)")
            }
        }
        await library.close()
        return outcome.code
    }

    /// The plans that can be carried out, and whether they may be; for the others it is told why not.
    private func plans(
        _ request: ChangeRequest, _ kind: RecordKind, _ library: StoreLibrary, _ outcome: inout Outcome
    ) async -> (plans: [ChangePlan], isWhole: Bool) {
        var plans: [ChangePlan] = []
        var isWhole = session.sources.isEmpty || outcome.isClean
        for id in session.ids {
            do throws(Failure) {
                let found: RecordID
                do throws(Failure) {
                    found = try await session.locate(kind, id, in: library, &outcome)
                } catch {
                    if session.sources.isEmpty { isWhole = false }
                    throw error
                }
                let plan: ChangePlan
                do throws(StorageError) {
                    plan = try await library.plan(request, found)
                } catch {
                    throw Failure(error)
                }
                if let refusal = plan.refusal {
                    let isOpenedSo = Availability.unavailable(refusal) == .readOnly
                    throw Failure(
                        .refused,
                        "cannot \(session.verb.rawValue) \(kind.rawValue) \(id) in \(found.source): \(refusal)"
                            + (isOpenedSo ? "; open it without --read-only or \"readOnly\"" : ""))
                }
                if plan.isEmpty {
                    console.output.write(line: Sanitizer.visible(PlanText(plan).nothingToDo))
                    outcome.succeed()
                } else {
                    plans.append(plan)
                }
            } catch {
                outcome.add(error, console)
            }
        }
        return (plans, isWhole && (session.sources.isEmpty || !outcome.lacksSource))
    }

    /// Whether to go on. Dangers that ask again are asked about apart.
    private func confirm(_ plans: [ChangePlan]) throws(Failure) -> Bool {
        if plans.isEmpty { return false }
        if session.options.isConfirmed {
            for plan in plans { for warning in plan.warnings { console.tell("warning: \(warning.text)") } }
            return true
        }
        for plan in plans { for line in PlanText(plan).lines { console.tell(line) } }
        let what = plans.count == 1 ? "this \(plans[0].target.id.kind.rawValue)" : "these \(plans.count) records"
        guard console.confirm("\(session.verb.rawValue) \(what)?") else {
            throw Failure(.refused, "nothing was changed")
        }
        for plan in plans {
            for warning in plan.warnings where warning.asksAgain {
                guard console.confirm("\(warning.text); go on all the same?") else {
                    throw Failure(.refused, "nothing was changed")
                }
            }
        }
        return true
    }

    /// - Returns: the recovery entry; `nil` when the change failed.
    private func carryOut(_ plan: ChangePlan, _ library: StoreLibrary, _ outcome: inout Outcome) async -> String? {
        do throws(StorageError) {
            let receipt = try await library.carryOut(plan)
            outcome.succeed()
            console.output.write(line: Sanitizer.visible(PlanText(plan).done(receipt)))
            console.output.flush()
            for note in receipt.outcome.notes + receipt.journalNotes { console.tell("note: \(note)") }
            return receipt.entry
        } catch {
            outcome.add(error, console)
            return nil
        }
    }
}
