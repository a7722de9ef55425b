internal import ContextStores
internal import JSONText
internal import StoredRecords

/// `sources`: where they come from, what is in them and how they are.
struct SourcesVerb {
    private let session: Session

    init(_ session: Session) {
        self.session = session
    }

    private struct Report: Sendable {
        var spec: SourceSpec
        var status: SourceStatus?
        var counts: [(kind: RecordKind, total: Total)] = []
        var failure: StorageError?
    }

    func run() async throws(Failure) -> ExitCode {
        var (library, outcome) = try session.openLibrary()
        let reports = await withTaskGroup(of: (Int, Report).self) { group in
            for (index, spec) in library.specs.enumerated() {
                group.addTask { [library] in (index, await Self.look(at: spec, library)) }
            }
            var reports: [Int: Report] = [:]
            for await (index, report) in group { reports[index] = report }
            return library.specs.indices.compactMap { reports[$0] }
        }
        var table = Table([
            .init(title: "SOURCE", isFlexible: true, keepsEnds: true), .init(title: "ENGINE"),
            .init(title: "LAYOUTS"), .init(title: "COUNTS", isFlexible: true), .init(title: "STATE", isFlexible: true),
            .init(title: "LOCATION", isFlexible: true, keepsEnds: true),
        ])
        for report in reports {
            if let failure = report.failure { outcome.add(failure, session.console) } else { outcome.succeed() }
            if session.options.form == .json {
                session.console.write(json: Self.json(report))
            } else {
                table.add(Self.row(report))
            }
        }
        for line in table.lines(width: session.console.width) where session.options.form != .json {
            session.console.output.write(line: line)
        }
        await library.close()
        return outcome.code
    }

    private static func look(at spec: SourceSpec, _ library: StoreLibrary) async -> Report {
        var report = Report(spec: spec)
        do throws(StorageError) {
            let status = try await library.open(spec.name)
            report.status = status
            var counts: [RecordKind: Total] = [:]
            for kind in status.kinds { counts[kind] = try await library.count(spec.name, kind) }
            let told = status.told(by: counts)
            report.status = told
            report.counts = told.kinds.compactMap { kind in counts[kind].map { (kind, $0) } }
        } catch {
            report.failure = error
        }
        return report
    }

    private static func state(_ report: Report) -> String {
        guard let status = report.status, report.failure == nil else { return "failed" }
        if status.isUnknown { return report.counts.allSatisfy { $0.total == .exact(0) } ? "empty" : "unknown contents" }
        return status.isReadOnly ? "read-only" : "ok"
    }

    private static func row(_ report: Report) -> [String] {
        let counts = report.counts.map { "\($0.kind.plural) \(text($0.total))" }.joined(separator: ", ")
        let notes = report.status?.notes ?? []
        return [
            report.spec.name, report.status?.engine ?? "", report.status?.layouts.joined(separator: ", ") ?? "", counts,
            ([state(report)] + notes).joined(separator: "; "), report.spec.displayLocation,
        ]
    }

    private static func text(_ total: Total) -> String {
        switch total {
        case .exact(let number): String(number)
        case .atLeast(let number): ">= \(number)"
        case .estimated(let number): "about \(number)"
        case .unknown: "?"
        }
    }

    /// With the members that every line of `--json` has, so that a script need not tell verbs apart.
    private static func json(_ report: Report) -> JSONValue {
        var members: [(String, JSONValue)] = [
            ("kind", "source"), ("id", .text(report.spec.name)), ("source", .text(report.spec.name)),
            ("layout", .text(report.status?.layouts.joined(separator: ",") ?? "")),
            ("title", .text(report.spec.displayLocation)), ("location", .text(report.spec.displayLocation)),
            ("origin", .text(report.spec.origin.rawValue)), ("state", .text(state(report))),
        ]
        if let status = report.status {
            members.append(("engine", .text(status.engine)))
            members.append(("layouts", .array(status.layouts.map { .text($0) })))
            members.append(("read_only", .bool(status.isReadOnly)))
            let counts = report.counts.map { ($0.kind.plural, $0.total.number.map { JSONValue.integer($0) } ?? .null) }
            members.append(("counts", JSONValue(members: counts)))
            let inexact = report.counts.filter { if case .exact = $0.total { false } else { true } }
            if !inexact.isEmpty {
                members.append(("inexact", .array(inexact.map { .text($0.kind.plural) })))
            }
            if !status.notes.isEmpty { members.append(("notes", .array(status.notes.map { .text($0) }))) }
        }
        if let failure = report.failure { members.append(("error", .text(failure.description))) }
        return JSONValue(members: members)
    }
}
