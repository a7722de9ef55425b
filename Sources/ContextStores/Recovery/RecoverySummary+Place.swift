internal import EngineCore
internal import Glibc
internal import StoredRecords

extension RecoverySummary {
    /// How the place of an entry lies to that of a source.
    enum Relation: Sendable {
        case same, overlapping, apart
    }

    /// The source the entry was made on.
    var ownSource: SourceSpec {
        SourceSpec(
            name: record.source, location: StoreLocation(location, relativeTo: "/"), prefix: prefix)
    }

    /// Told by the directories and files themselves, so that a link or another
    /// spelling of a path makes no difference.
    func relation(to source: SourceSpec) async -> Relation {
        if location.isExactly(source.displayLocation) { return .same }
        if case .server(let own) = ownSource.location, case .server(let other) = source.location {
            return Self.relation(of: own.places, to: other.places)
        }
        guard let own = Self.path(ownSource.location), let other = Self.path(source.location) else { return .apart }
        let lane = BlockingLane(place: own, deadline: .seconds(2))
        defer { lane.close() }
        // A place that does not answer is no place of an open source.
        let real = try? await lane.run("look at \(own)") { _ throws(StorageError) in
            (Self.resolved(own), Self.resolved(other))
        }
        guard let real else { return .apart }
        if real.0.isExactly(real.1) { return .same }
        return real.0.hasPrefix(real.1 + "/") || real.1.hasPrefix(real.0 + "/") ? .overlapping : .apart
    }

    private static func relation(of own: [String], to other: [String]) -> Relation {
        if own == other { return .same }
        return own.starts(with: other) || other.starts(with: own) ? .overlapping : .apart
    }

    private static func path(_ location: StoreLocation) -> String? {
        switch location {
        case .path(let path), .sqlite(let path): path
        case .memory, .server: nil
        }
    }

    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }
}
