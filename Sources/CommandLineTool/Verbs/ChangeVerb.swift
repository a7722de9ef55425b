internal import ContextStores
internal import StoredRecords
internal import TerminalSurface

/// `trim` and `delete`: plan, print, ask, carry out.
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
        let plans = await plans(request, kind, library, &outcome)
        if session.options.isDryRun {
            for plan in plans {
                outcome.succeed()
                for line in PlanText(plan).lines { console.output.write(line: Sanitizer.visible(line)) }
            }
        } else if try confirm(plans) {
            for plan in plans {
                await session.interruption.holding { await carryOut(plan, library, &outcome) }
            }
        }
        await library.close()
        return outcome.code
    }

    /// The plans that can be carried out; for the others it is told why not.
    private func plans(
        _ request: ChangeRequest, _ kind: RecordKind, _ library: StoreLibrary, _ outcome: inout Outcome
    ) async -> [ChangePlan] {
        var plans: [ChangePlan] = []
        for id in session.ids {
            do throws(Failure) {
                let found = try await session.locate(kind, id, in: library, &outcome)
                let plan: ChangePlan
                do throws(StorageError) {
                    plan = try await library.plan(request, found)
                } catch {
                    throw Failure(error)
                }
                if let refusal = plan.refusal {
                    throw Failure(
                        .refused,
                        "cannot \(session.verb.rawValue) \(kind.rawValue) \(id) in \(found.source): \(refusal)")
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
        return plans
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

    private func carryOut(_ plan: ChangePlan, _ library: StoreLibrary, _ outcome: inout Outcome) async {
        do throws(StorageError) {
            let receipt = try await library.carryOut(plan)
            outcome.succeed()
            console.output.write(line: Sanitizer.visible(PlanText(plan).done(receipt)))
            console.output.flush()
            for note in receipt.outcome.notes + receipt.journalNotes { console.tell("note: \(note)") }
        } catch {
            outcome.add(error, console)
        }
    }
}
