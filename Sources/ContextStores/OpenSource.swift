internal import EngineCore
public import StoredLayouts
public import StoredRecords

/// A source that is open: its engine and what was detected in it.
public struct OpenSource: Sendable {
    public var spec: SourceSpec
    public var accesses: [EngineAccess]
    public var layouts: [any RecordLayout]
    public var status: SourceStatus

    public init(spec: SourceSpec, engine: String, accesses: [EngineAccess], layouts: [any RecordLayout]) {
        self.spec = spec
        self.accesses = accesses
        self.layouts = layouts
        var kinds: Set<RecordKind> = []
        var names: [String] = []
        for layout in layouts where !layout.isPossible {
            kinds.formUnion(layout.kinds)
            if !names.contains(layout.name) { names.append(layout.name) }
        }
        var possible: [PossibleLayout] = []
        for layout in layouts where layout.isPossible && !names.contains(layout.name) {
            possible.append(PossibleLayout(name: layout.name, kinds: layout.kinds.filter { !kinds.contains($0) }))
        }
        kinds.formUnion(possible.flatMap(\.kinds))
        status = SourceStatus(
            name: spec.name, engine: engine, place: spec.displayLocation, layouts: names, possible: possible,
            kinds: kinds.sorted(), write: accesses.first?.engine.capabilities.write ?? .readOnly)
    }

    /// Opens the location with the engine its form names and detects its layouts.
    public static func open(_ spec: SourceSpec, clock: Clock) async throws(StorageError) -> OpenSource {
        let opened = try await EngineCatalogue.open(spec)
        do throws(StorageError) {
            return try await open(spec, engine: opened.engine, accesses: opened.accesses, clock: clock)
        } catch {
            for access in opened.accesses { await access.engine.close() }
            throw error
        }
    }

    /// Detects the layouts on engines that are open already, such as a
    /// program's own store in memory.
    ///
    /// - Parameter engine: the engine's name for people.
    public static func open(
        _ spec: SourceSpec, engine: String, accesses: [EngineAccess], clock: Clock
    ) async throws(StorageError) -> OpenSource {
        let context = LayoutContext(source: spec.name, options: spec.placedLayoutOptions, clock: clock)
        var layouts: [any RecordLayout] = []
        for access in accesses { layouts += try await LayoutDetection.detect(access, context) }
        return OpenSource(spec: spec, engine: engine, accesses: accesses, layouts: layouts)
    }

    public func layouts(of kind: RecordKind) -> [any RecordLayout] {
        layouts.filter { $0.kinds.contains(kind) }
    }

    /// The layout of this name, also when nothing of it is left to be detected.
    func layout(named name: String, clock: Clock) async throws(StorageError) -> (any RecordLayout)? {
        if let layout = layouts.first(where: { $0.name == name }) { return layout }
        let context = LayoutContext(source: spec.name, options: spec.placedLayoutOptions, clock: clock)
        for access in accesses {
            if let layout = try await LayoutDetection.layout(named: name, on: access, context) { return layout }
        }
        return nil
    }

    func close() async {
        for access in accesses { await access.engine.close() }
    }
}

/// What is known of an open source.
public struct SourceStatus: Sendable, Hashable {
    public var name: String
    /// "files", "SQLite", "memory".
    public var engine: String
    /// For people; never a password.
    public var place: String
    public var layouts: [String]
    /// Those of which opening has not told whether anything is there.
    public var possible: [PossibleLayout]
    /// Also those of the possible layouts.
    public var kinds: [RecordKind]
    /// Whether anything may be changed, and if not, why.
    public var write: Availability
    /// What happened on opening: an interrupted trim that was finished.
    public var notes: [String]

    public init(
        name: String, engine: String, place: String, layouts: [String], possible: [PossibleLayout] = [],
        kinds: [RecordKind], write: Availability = .available, notes: [String] = []
    ) {
        self.name = name
        self.engine = engine
        self.place = place
        self.layouts = layouts
        self.possible = possible
        self.kinds = kinds
        self.write = write
        self.notes = notes
    }

    public var isReadOnly: Bool { !write.isAvailable }

    /// Whether nothing but raw contents was recognised.
    public var isUnknown: Bool { kinds.allSatisfy { $0 == .raw } }

    /// The status as the counts of all its kinds make it: of the possible
    /// layouts those that are there, and none of the others' kinds.
    public func told(by counts: [RecordKind: Total]) -> SourceStatus {
        var status = self
        status.possible = []
        for layout in possible {
            if layout.isThere(by: counts) {
                status.layouts.append(layout.name)
            } else {
                status.kinds.removeAll(where: layout.kinds.contains)
            }
        }
        return status
    }
}
