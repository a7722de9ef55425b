internal import ContextStores
internal import JSONText
internal import StoredRecords
internal import TerminalSurface

/// `undo`: brings back what a trim or delete removed, or lists what can be.
struct UndoVerb {
    private let session: Session
    private var console: Console { session.console }

    init(_ session: Session) {
        self.session = session
    }

    func run() async throws(Failure) -> ExitCode {
        // The journal knows where each entry's source is, but no password.
        let resolution = SourceResolution.resolve(
            arguments: session.sources, configuration: session.configuration, environment: session.environment,
            readOnly: session.options.isReadOnly)
        let library = session.library(resolution.specs)
        let entries: [RecoverySummary]
        do throws(StorageError) {
            entries = try library.recoveryEntries()
            for name in try library.unreadableRecoveryEntries() {
                console.complain("recovery entry \(name) cannot be read; it is left where it is")
            }
        } catch {
            throw Failure(error)
        }
        var outcome = Outcome()
        for problem in resolution.problems { outcome.add(problem, console) }
        if session.options.listsEntries {
            list(entries.filter { $0.state != .undone })
            return outcome.code
        }
        if session.options.isReadOnly {
            throw Failure(.refused, "cannot undo with --read-only; leave it out to change anything")
        }
        guard outcome.isClean else { return outcome.code }
        let here = session.sources.isEmpty ? entries : await library.entriesHere(among: entries)
        guard let entry = session.ids.first ?? here.first(where: { $0.state == .done })?.id else {
            let place = session.sources.isEmpty ? "" : " in \(session.sources.joined(separator: ", "))"
            throw Failure(.notFound, "there is nothing to undo\(place)")
        }
        for entry in act(of: entry, entries) {
            await session.interruption.holding { await undo(entry, entries, library, &outcome) }
        }
        await library.close()
        return outcome.code
    }

    /// The entries to undo, newest first: that one, or with `--group` all that its act left and that is not undone.
    private func act(of entry: String, _ entries: [RecoverySummary]) -> [String] {
        guard session.options.undoesGroup, let group = entries.first(where: { $0.id == entry })?.group else {
            return [entry]
        }
        return entries.filter { $0.group == group && ($0.state == .done || $0.id == entry) }.map(\.id)
    }

    private func undo(
        _ entry: String, _ entries: [RecoverySummary], _ library: StoreLibrary, _ outcome: inout Outcome
    ) async {
        do throws(StorageError) {
            let undone = try await library.undo(entry, inexactly: session.options.isConfirmed)
            console.output.write(line: Sanitizer.visible("undid \(Self.what(entry, entries, undone.notes))"))
            console.output.flush()
            outcome.succeed()
        } catch {
            var refusal = error
            // Layouts say what an inexact undo would do where one is possible.
            if refusal.kind == .conflict, refusal.help.contains("inexact undo") {
                refusal.help += " (ctxbrowse undo \(entry) --yes)"
            }
            if refusal.kind == .denied, session.sources.isEmpty {
                refusal.help = "name the source with what it asks for: ctxbrowse undo \(entry) SOURCE"
            }
            outcome.add(refusal, console)
        }
    }

    /// - Parameter notes: what the layout says of the undo; the entry's own count where it says nothing.
    private static func what(_ entry: String, _ entries: [RecoverySummary], _ notes: [String]) -> String {
        guard let summary = entries.first(where: { $0.id == entry }) else {
            return ([entry] + notes).joined(separator: "; ")
        }
        let record = "\(summary.record.kind.rawValue) \(summary.record.key) in \(summary.record.source)"
        let back = notes.isEmpty ? back(summary) : notes.joined(separator: "; ")
        return "\(entry): \(summary.act) of \(record); \(back)"
    }

    /// "1 file is back", "3 messages are back".
    private static func back(_ entry: RecoverySummary) -> String {
        guard entry.dropped == 1 else { return "\(entry.dropped) \(entry.unit) are back" }
        let one =
            entry.unit == "indexes" ? "index" : entry.unit.hasSuffix("s") ? String(entry.unit.dropLast()) : entry.unit
        return "1 \(one) is back"
    }

    private func list(_ entries: [RecoverySummary]) {
        if session.options.form == .json {
            for entry in entries { console.write(json: Self.json(entry)) }
            return
        }
        var table = Table([
            // The entry's name tells when it was made.
            .init(title: "ENTRY"), .init(title: "MADE", isOptional: true), .init(title: "STATE"), .init(title: "ACT"),
            .init(title: "KIND", isOptional: true), .init(title: "ID", isFlexible: true, keepsEnds: true),
            .init(title: "REMOVED", isNumber: true), .init(title: "BYTES", isNumber: true, isOptional: true),
            .init(title: "LOCATION", isFlexible: true, isOptional: true, keepsEnds: true),
            .init(title: "TITLE", isFlexible: true), .init(title: "GROUP", isOptional: true),
        ])
        for entry in entries {
            table.add([
                entry.id, entry.made.iso8601, entry.state.rawValue, entry.act, entry.record.kind.rawValue,
                entry.record.key, "\(entry.dropped) \(entry.unit)", String(entry.bytes), entry.location, entry.title,
                entry.group ?? "",
            ])
        }
        for line in table.lines(width: console.width) where !table.isEmpty { console.output.write(line: line) }
        if table.isEmpty, console.outputIsTerminal { console.tell("nothing to undo") }
    }

    private static func json(_ entry: RecoverySummary) -> JSONValue {
        var value = JSONValue(members: [
            ("entry", .text(entry.id)), ("made", .text(entry.made.iso8601)),
            ("state", .text(entry.state.rawValue)), ("act", .text(entry.act)),
            ("kind", .text(entry.record.kind.rawValue)), ("id", .text(entry.record.key)),
            ("source", .text(entry.record.source)), ("layout", .text(entry.record.layout)),
            ("title", .text(entry.title)), ("location", .text(entry.location)),
            ("removed", .integer(entry.dropped)), ("unit", .text(entry.unit)), ("bytes", .integer(entry.bytes)),
        ])
        if let group = entry.group { value.set(.text(group), for: "group") }
        return value
    }
}
