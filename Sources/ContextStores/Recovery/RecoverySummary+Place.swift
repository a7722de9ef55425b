internal import EngineCore
internal import StoredRecords

extension RecoverySummary {
    /// How the place of an entry lies to that of a source.
    enum Relation: Sendable {
        case same
        /// It is a part of the source's place, or has that as a part.
        case within, around
        case apart
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
        let lane = BlockingLane(place: own, deadline: .seconds(5))
        defer { lane.close() }
        // A place that does not answer is no place of an open source.
        let real = try? await lane.run("look at \(own)") { _ throws(StorageError) in
            (PosixFile.resolved(own), PosixFile.resolved(other))
        }
        guard let real else { return .apart }
        if real.0.isExactly(real.1) { return .same }
        if real.0.hasPrefix(real.1 + "/") { return .within }
        return real.1.hasPrefix(real.0 + "/") ? .around : .apart
    }

    /// Whether the entry's place is that of the source, or a part of it.
    func isWithin(_ source: SourceSpec) async -> Bool {
        switch await relation(to: source) {
        case .same: prefix.hasPrefix(source.prefix)
        case .within: true
        case .around, .apart: false
        }
    }

    private static func relation(of own: [String], to other: [String]) -> Relation {
        if own == other { return .same }
        if own.starts(with: other) { return .within }
        return other.starts(with: own) ? .around : .apart
    }

    private static func path(_ location: StoreLocation) -> String? {
        switch location {
        case .path(let path), .sqlite(let path): path
        case .memory, .server: nil
        }
    }
}
