internal import Glibc
internal import JSONText
public import StoredRecords

/// The user's configuration file, where a source is added to it: all else in it
/// stays byte for byte as the user wrote it.
public struct ConfigurationFile: Sendable {
    public let path: String
    private let environment: ProcessEnvironment

    public init(_ path: String, environment: ProcessEnvironment) {
        self.path = path
        self.environment = environment
    }

    /// Writes the source into the file, which is made when it is not there.
    /// Readers see the old file or the new.
    ///
    /// - Parameter location: as it is to be written; `${NAME}` stays so.
    public func add(source name: String, location: String) throws(StorageError) {
        let operation = "add \(name) to the configuration"
        guard !SourceAddition.holdsSecret(location) else {
            throw StorageError(
                .invalid, operation: operation, place: path, reason: "its location holds a password",
                help: "write ${NAME} in its place and set that environment variable")
        }
        let target = resolved
        let before = try PosixFile.read(target, operation: operation)
        let after = ConfigurationText(before ?? []).adding(source: name, location: location)
        guard let after, isRight(after, name, location) else {
            throw StorageError(
                .conflict, operation: operation, place: path,
                reason: before.map { named(name, in: $0) }
                    ?? false ? "it has a source of that name already" : "the file cannot be understood",
                help: "write it there by hand: \(JSONValue.text(name).serialized(.compact)): "
                    + JSONValue.text(location).serialized(.compact) + " among \"sources\"")
        }
        if before == nil, let slash = target.lastIndex(of: "/") {
            try PosixFile.makeDirectory(String(target[..<slash]), operation: operation)
        }
        try PosixFile.replace(target, with: after, operation: operation, isShared: true, mode: mode(of: target))
    }

    /// The file itself, where the path leads to it through links.
    private var resolved: String { PosixFile.resolved(path) }

    private func mode(of path: String) -> UInt32 {
        var info = stat()
        return stat(path, &info) == 0 ? info.st_mode & 0o777 : 0o600
    }

    private func named(_ name: String, in bytes: [UInt8]) -> Bool {
        Configuration.parse(bytes, path: path, environment: environment).sources.contains { $0.name == name }
    }

    /// Whether the new text is read as the old one and the source.
    private func isRight(_ bytes: [UInt8], _ name: String, _ location: String) -> Bool {
        guard let root = try? JSONValue.parse(RelaxedJSON.plain(bytes)), let sources = root["sources"] else {
            return false
        }
        return sources.all(name) == [.text(location)]
    }
}
