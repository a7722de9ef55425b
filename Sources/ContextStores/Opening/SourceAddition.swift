internal import EngineCore
public import StoredRecords

/// A source that is opened beside those a program began with.
public struct SourceAddition: Sendable {
    public var spec: SourceSpec
    /// How it is written in a configuration; `nil` for what is gone when the
    /// program ends.
    public var written: String?
    /// Whether its location, as it was given, holds a password.
    public var holdsSecret: Bool

    /// Finds what the text names, as on the command line; `${NAME}` stands for
    /// an environment variable. What is open already is left out.
    public static func resolve(
        _ text: String, name: String?, beside library: StoreLibrary, configuration: Configuration,
        environment: ProcessEnvironment, readOnly: Bool
    ) throws(StorageError) -> [SourceAddition] {
        var expanded: String
        do throws(VariableText.Problem) {
            expanded = try VariableText.expanded(text, environment)
        } catch {
            throw StorageError(.invalid, operation: "add a source", place: "", reason: error.sentence)
        }
        if expanded == "~" || expanded.hasPrefix("~/") { expanded = environment.home + expanded.dropFirst() }
        let found = SourceResolution.resolve(
            arguments: [expanded], configuration: configuration, environment: environment, readOnly: readOnly)
        if let problem = found.problems.first { throw problem }
        let taken = library.specs
        let new = found.specs.filter { spec in
            !taken.contains { $0.location == spec.location && $0.prefix == spec.prefix }
        }
        var names = Set(taken.map(\.name))
        return new.map { spec in
            var spec = spec
            if let name, new.count == 1 { spec.name = name }
            spec.name = unused(spec.name, names)
            names.insert(spec.name)
            return SourceAddition(
                spec: spec, written: written(spec, text), holdsSecret: holdsSecret(text))
        }
    }

    private static func unused(_ name: String, _ taken: Set<String>) -> String {
        if !taken.contains(name) { return name }
        var number = 2
        while taken.contains("\(name) (\(number))") { number += 1 }
        return "\(name) (\(number))"
    }

    private static func written(_ spec: SourceSpec, _ text: String) -> String? {
        if spec.origin == .configured { return nil }
        switch spec.location {
        case .memory: return nil
        case .server: return text
        // A path in the file has no directory that it begins in.
        case .path, .sqlite: return text.hasPrefix("~/") ? text : spec.displayLocation
        }
    }

    /// Whether something in the location is a password; variables in it are none.
    static func holdsSecret(_ text: String) -> Bool {
        let plain = VariableText.withoutVariables(text)
        guard let url = ServerURL(plain) else { return false }
        return url.holdsSecret
    }
}
