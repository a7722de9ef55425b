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
        let sorting = OperandSorting {
            SourceResolution.isSource($0, configuration: configuration, environment: environment)
        }
        let sorted = sorting.sort(options.operands, for: verb.operands)
        ids = sorted.ids
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
        if found.ids.count == 1 { return found.ids[0] }
        let word = kind.rawValue
        if found.ids.isEmpty {
            if !found.failures.isEmpty, found.failures.count == library.specs.count { throw Failure(outcome.code, "") }
            let names = library.specs.map(\.name).joined(separator: ", ")
            throw Failure(
                .notFound,
                "there is no \(word) '\(key)' in \(names); ctxbrowse list \(kind.plural) shows what is there")
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
