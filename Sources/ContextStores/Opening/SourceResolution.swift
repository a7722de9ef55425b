internal import Glibc
internal import EngineCore
public import StoredRecords

/// Which sources a program was pointed at: what was named, else what is
/// configured, else what is found.
public struct SourceResolution: Sendable {
    public var specs: [SourceSpec]
    /// Named sources that cannot be what they were meant to be.
    public var problems: [StorageError]
    /// Without named and configured sources: every place looked at, and
    /// whether something is there.
    public var lookedFor: [LookedFor]

    public struct LookedFor: Sendable, Hashable {
        public var place: String
        public var isFound: Bool
    }

    /// - Parameter arguments: the sources as given on the command line.
    public static func resolve(
        arguments: [String], configuration: Configuration, environment: ProcessEnvironment, readOnly: Bool = false
    ) -> SourceResolution {
        var resolution = SourceResolution(specs: [], problems: [], lookedFor: [])
        if !arguments.isEmpty {
            for argument in arguments {
                resolution.add(argument, configuration: configuration, environment: environment)
            }
        } else if !configuration.sources.isEmpty {
            resolution.specs = configuration.sources
        } else {
            resolution.find(environment)
        }
        resolution.nameUniquely()
        resolution.protect(configuration)
        if readOnly {
            for index in resolution.specs.indices { resolution.specs[index].engineOptions.readOnly = true }
        }
        return resolution
    }

    /// The source that a copy goes to: as `resolve` finds it, or a place where
    /// nothing is yet, which the copy makes, written as a path with a `/` or
    /// as `sqlite:PATH`.
    public static func destination(
        _ argument: String, configuration: Configuration, environment: ProcessEnvironment
    ) -> Result<SourceSpec, StorageError> {
        let resolution = resolve(arguments: [argument], configuration: configuration, environment: environment)
        if let spec = resolution.specs.first { return .success(spec) }
        let location = StoreLocation(argument, relativeTo: environment.currentDirectory)
        switch location {
        case .sqlite: return .success(SourceSpec(name: argument, location: location))
        case .path where argument.contains("/"): return .success(SourceSpec(name: argument, location: location))
        case .path where StoreLocation.foreignScheme(of: argument) == nil:
            return .failure(
                StorageError(
                    .notFound, operation: "open \(argument)", place: "", reason: "there is no such source",
                    help: "for a new directory write ./\(argument), for a new database sqlite:\(argument)"))
        default: break
        }
        return .failure(
            resolution.problems.first
                ?? StorageError(.notFound, operation: "open \(argument)", place: "", reason: "there is no such source"))
    }

    /// Whether a command line word means a source: a configured name, a form
    /// only sources have, or a path that exists.
    public static func isSource(
        _ text: String, configuration: Configuration, environment: ProcessEnvironment
    ) -> Bool {
        if configuration.sources.contains(where: { $0.name == text }) || StoreLocation.looksLikeSource(text) {
            return true
        }
        return fileExists(StoreLocation.absolute(text, from: environment.currentDirectory))
    }

    private mutating func add(
        _ argument: String, configuration: Configuration, environment: ProcessEnvironment
    ) {
        if let configured = configuration.sources.first(where: { $0.name == argument }) {
            append(configured)
            return
        }
        let location = StoreLocation(argument, relativeTo: environment.currentDirectory)
        switch location {
        case .path(let path), .sqlite(let path):
            if let scheme = StoreLocation.foreignScheme(of: argument), !Self.fileExists(path) {
                problems.append(StoreLocation.unknown(scheme))
                return
            }
            guard Self.fileExists(path) else {
                problems.append(
                    StorageError(
                        .notFound, operation: "open \(argument)", place: "",
                        reason: "there is no such file or directory",
                        help:
                            "name a directory, a database file, a source of the configuration or a location such as sqlite:PATH"
                    ))
                return
            }
        case .memory, .server: break
        }
        guard case .path(let path) = location, case let inner = path + "/memexllm.db", Self.fileExists(inner) else {
            append(SourceSpec(name: argument, location: location))
            return
        }
        // Where the tools run, their stores lie side by side: the database is
        // a source of its own, the directory one where it holds a store too.
        if ["_agent_store", "indexes", "state.json", "search.json"].contains(where: { Self.fileExists(path + "/" + $0) }
        ) {
            append(SourceSpec(name: argument, location: location))
        }
        append(SourceSpec(name: inner, location: .path(inner)))
    }

    /// Files and directories that the configuration says are only read stay so
    /// where they are named by a path. A server's location that is written out
    /// says by its user what may be done.
    private mutating func protect(_ configuration: Configuration) {
        let protected = configuration.sources.filter { $0.isReadOnly && $0.prefix.isEmpty }
            .compactMap { Self.parts(of: $0.location) }
        for index in specs.indices where specs[index].origin != .configured {
            guard let parts = Self.parts(of: specs[index].location) else { continue }
            if protected.contains(where: { parts.starts(with: $0) }) {
                specs[index].engineOptions.readOnly = true
            }
        }
    }

    /// The path as names, links followed; `nil` where there is none.
    private static func parts(of location: StoreLocation) -> [String]? {
        switch location {
        case .memory, .server: return nil
        case .path(let path), .sqlite(let path):
            return PosixFile.resolved(path).split(separator: "/").map(String.init)
        }
    }

    private mutating func append(_ spec: SourceSpec) {
        if !specs.contains(where: { $0.location == spec.location && $0.prefix == spec.prefix }) { specs.append(spec) }
    }

    private mutating func find(_ environment: ProcessEnvironment) {
        let current = environment.currentDirectory
        var places: [(label: String, path: String)] = []
        if let path = environment.value("CONTEXT_CONNECTORS_STORE_PATH") {
            places.append(("CONTEXT_CONNECTORS_STORE_PATH (\(path))", StoreLocation.absolute(path, from: current)))
        } else {
            lookedFor.append(LookedFor(place: "CONTEXT_CONNECTORS_STORE_PATH (not set)", isFound: false))
        }
        places.append(("~/.augment/context-connectors", environment.home + "/.augment/context-connectors"))
        places.append(("./_agent_store", current + "/_agent_store"))
        places.append(("./indexes", current + "/indexes"))
        places.append(("./memexllm.db", current + "/memexllm.db"))
        for place in places {
            let isFound = Self.fileExists(place.path)
            lookedFor.append(LookedFor(place: place.label, isFound: isFound))
            guard isFound else { continue }
            let location = StoreLocation(place.path, relativeTo: current)
            append(SourceSpec(name: place.path, location: location, origin: .found))
        }
        for variable in ServerVariables(environment: environment).all {
            lookedFor.append(LookedFor(place: variable.label, isFound: variable.location != nil))
            guard let location = variable.location else { continue }
            append(SourceSpec(name: location.display, location: location, origin: .found))
        }
    }

    /// Names paths by their last parts, as many as it takes to tell them apart.
    private mutating func nameUniquely() {
        let isNamedByPath = specs.map { $0.origin != .configured }
        for index in specs.indices where isNamedByPath[index] {
            guard case .path(let path) = Self.pathForm(specs[index].location) else {
                specs[index].name = shortName(of: index)
                continue
            }
            let parts = path.split(separator: "/")
            var count = 1
            while count < parts.count {
                let name = parts.suffix(count).joined(separator: "/")
                let isTaken = specs.indices.contains { other in
                    guard other != index else { return false }
                    if !isNamedByPath[other] { return specs[other].name == name }
                    return Self.pathForm(specs[other].location).display.hasSuffix("/" + name)
                }
                if !isTaken { break }
                count += 1
            }
            specs[index].name = parts.isEmpty ? "/" : parts.suffix(count).joined(separator: "/")
        }
    }

    /// A server's location without its parameters where no other source has
    /// that name, else with the endpoint if that tells them apart.
    private func shortName(of index: Int) -> String {
        guard case .server(let url) = specs[index].location else { return specs[index].location.display }
        let short = Self.withoutParameters(url)
        let alike = specs.indices.filter { other in
            guard other != index else { return false }
            guard case .server(let url) = specs[other].location else { return specs[other].name == short }
            return specs[other].name == short || Self.withoutParameters(url) == short
        }
        if alike.isEmpty { return short }
        let isAlone = !alike.contains { other in
            guard case .server(let twin) = specs[other].location else { return false }
            return twin.endpoint == url.endpoint
        }
        guard let endpoint = url.endpoint, isAlone else { return url.display }
        return "\(short) at \(endpoint)"
    }

    private static func withoutParameters(_ url: ServerURL) -> String {
        String(url.display.prefix { $0 != "?" })
    }

    private static func pathForm(_ location: StoreLocation) -> StoreLocation {
        if case .sqlite(let path) = location { .path(path) } else { location }
    }

    static func fileExists(_ path: String) -> Bool {
        var info = stat()
        return stat(path, &info) == 0
    }
}
