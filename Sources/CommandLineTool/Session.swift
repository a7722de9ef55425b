internal import ContextStores
internal import Glibc
internal import StoredRecords

/// What every verb starts from: options, configuration, sources, streams.
struct Session: Sendable {
    let verb: Verb
    let options: CommandLineOptions
    let environment: ProcessEnvironment
    let configuration: Configuration
    let console: Console
    let interruption: Interruption
    /// The words told apart as ids (or the one text or entry).
    let ids: [String]
    let sources: [String]
    private let sorting: OperandSorting

    init(
        _ options: CommandLineOptions, verb: Verb, environment: ProcessEnvironment, console: Console,
        interruption: Interruption
    ) throws(Failure) {
        self.verb = verb
        self.options = options
        self.environment = environment
        self.console = console
        self.interruption = interruption
        if let path = options.configuration, access(path, F_OK) != 0 {
            throw Failure(.notFound, "there is no configuration file \(path)")
        }
        let configuration = Configuration.read(
            options.configuration ?? environment.configurationFile, isRequired: options.configuration != nil,
            environment: environment)
        self.configuration = configuration
        for problem in configuration.problems { console.complain(problem) }
        if !configuration.isCertainOfSources, verb.changesSources, !options.isDryRun, !options.listsEntries {
            throw Failure(
                .refused,
                "nothing is changed while the configuration has mistakes, since it may protect a source; correct it, or name another one with --config"
            )
        }
        sorting = OperandSorting {
            SourceResolution.isSource($0, configuration: configuration, environment: environment)
        }
        let sorted = sorting.sort(options.operands, for: verb.operands)
        var known: Set<[UInt8]> = []
        ids = sorted.ids.filter { known.insert(Array($0.utf8)).inserted }
        sources = sorted.sources
    }

    /// Finds the sources and tells which of the named ones are not there.
    ///
    /// Throws when none is left.
    func openLibrary(adding extra: [String] = []) throws(Failure) -> (library: StoreLibrary, outcome: Outcome) {
        let resolution = SourceResolution.resolve(
            arguments: sources.isEmpty ? [] : sources + extra, configuration: configuration, environment: environment,
            readOnly: options.isReadOnly)
        var specs = resolution.specs
        var outcome = Outcome()
        for problem in resolution.problems { outcome.add(problem, console) }
        if sources.isEmpty, !extra.isEmpty {
            let added = SourceResolution.resolve(
                arguments: extra, configuration: configuration, environment: environment, readOnly: options.isReadOnly)
            for problem in added.problems { outcome.add(problem, console) }
            for spec in added.specs where !specs.contains(where: { $0.location == spec.location }) {
                specs.append(spec)
            }
        }
        if specs.isEmpty {
            if outcome.isClean {
                if let mistaken { throw mistaken }
                let places = resolution.lookedFor.map(\.place).joined(separator: ", ")
                throw Failure(
                    .notFound,
                    "no source was named or configured and none was found (looked for \(places)); name a directory or file"
                )
            }
            throw Failure(outcome.code, "")
        }
        return (library(specs), outcome)
    }

    /// What to say when the one word there was names a source, and nothing
    /// is found under it: then it was meant as that.
    private var mistaken: Failure? {
        guard sources.isEmpty, ids.count == 1, let word = ids.first, isSource(word) else { return nil }
        guard case .one(let name) = verb.operands else {
            return Failure(.wrongUsage, "an id is missing: '\(word)' was taken for one; write the id before the source")
        }
        let missing = verb == .search ? "the words to search for are missing" : "an id is missing"
        return Failure(
            .wrongUsage, "\(missing): '\(word)' was taken for \(name); write it before the source")
    }

    func isSource(_ word: String) -> Bool { sorting.namesSource(word) }

    /// So many ids of a source are compared with one that is not there.
    private static let compared = 500

    /// `; did you mean 'agent/x'?` for an id that differs little or lacks its
    /// beginning, or nothing.
    private func suggestion(_ kind: RecordKind, _ key: String, in library: StoreLibrary) async -> String {
        var keys: [String] = []
        for spec in library.specs {
            // What fails has been told, or is no reason to say more of a word that was mistyped.
            let page = try? await library.list(
                spec.name, RecordQuery(kind, page: PageRequest(limit: Self.compared), isBrief: true))
            keys += page?.items.map(\.id.key) ?? []
        }
        let ends = keys.filter { $0.hasSuffix("/" + key) }
        if ends.count == 1 { return "; did you mean '\(ends[0])'?" }
        return Suggestion.clause(for: key, among: keys)
    }

    func library(_ specs: [SourceSpec]) -> StoreLibrary {
        StoreLibrary(specs: specs, stateDirectory: environment.stateDirectory, limits: configuration.recovery)
    }

    /// The one record with this kind and id, with every field filled.
    ///
    /// Throws `notFound` when no source has it and `wrongUsage` when several have.
    func find(
        _ kind: RecordKind, _ key: String, in library: StoreLibrary, _ outcome: inout Outcome
    ) async throws(Failure) -> RecordSummary {
        let id = try await locate(kind, key, in: library, &outcome)
        do throws(StorageError) {
            if let record = try await library.summary(id) { return record }
        } catch {
            throw Failure(error)
        }
        throw Failure(.notFound, "the \(kind.rawValue) '\(key)' in \(id.source) has just gone")
    }

    /// The id of the one record with this kind and id; for verbs that need no more of it.
    ///
    /// Throws `notFound` when no source has it and `wrongUsage` when several have.
    func locate(
        _ kind: RecordKind, _ key: String, in library: StoreLibrary, _ outcome: inout Outcome
    ) async throws(Failure) -> RecordID {
        let found = await library.find(kind, key)
        for failure in found.failures { outcome.add(failure, console) }
        if !found.failures.isEmpty { outcome.lacksSource = true }
        if found.ids.count == 1 { return found.ids[0] }
        let word = kind.rawValue
        if found.ids.isEmpty {
            if !found.failures.isEmpty, found.failures.count == library.specs.count { throw Failure(outcome.code, "") }
            let names = library.specs.map(\.name).joined(separator: ", ")
            if let mistaken { throw mistaken }
            let near = await suggestion(kind, key, in: library)
            throw Failure(
                .notFound,
                "there is no \(word) '\(key)' in \(names)\(near); ctxbrowse list \(kind.plural) shows what is there")
        }
        var places: [String] = []
        for id in found.ids where !places.contains(id.source) { places.append(id.source) }
        if places.count == 1 {
            let layouts = found.ids.map(\.layout).joined(separator: " and ")
            throw Failure(
                .wrongUsage,
                "\(word) '\(key)' is there more than once in \(places[0]) (\(layouts)); name one layout in the configuration"
            )
        }
        throw Failure(
            .wrongUsage,
            "\(word) '\(key)' is in several sources (\(places.joined(separator: ", "))); name the source after the id")
    }
}

/// What failed on the way, each told once on standard error.
struct Outcome: Sendable {
    private var codes: [ExitCode] = []
    private var didSucceed = false
    /// Whether a source could not be looked into for an id.
    var lacksSource = false
    private var told: Set<String> = []

    var isClean: Bool { codes.isEmpty }

    /// Something was done or printed, so that failures are partial.
    mutating func succeed() { didSucceed = true }

    mutating func add(_ error: StorageError, _ console: Console) {
        add(Failure(error), console)
    }

    mutating func add(_ failure: Failure, _ console: Console) {
        // One source that cannot be opened fails for every id that is looked up.
        if told.insert(failure.sentence).inserted, !failure.sentence.isEmpty { console.complain(failure.sentence) }
        codes.append(failure.code)
    }

    /// Done without failures; the failures' own code when nothing else was
    /// done and all agree; else 1.
    var code: ExitCode {
        guard let first = codes.first else { return .done }
        return !didSucceed && codes.allSatisfy { $0 == first } ? first : .failed
    }
}
