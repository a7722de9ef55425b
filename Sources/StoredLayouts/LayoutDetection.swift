internal import EngineCore
public import StoredRecords

/// Tells by content which layouts a source holds.
public enum LayoutDetection {
    /// Every layout by the name that options call it.
    public static let names = [
        connectorsLayoutName, MemexRowsLayout.layoutName, LooopyLayout.layoutName, rawLayoutName,
    ]

    /// The tables that options may give other names, by the usual ones.
    public static let tables = ["threads", "messages", "indexes"]

    /// The layouts found, most specific first, and the raw layout for what
    /// none of them has taken.
    ///
    /// Looks at a bounded number of objects, however many there are; where that
    /// cannot tell, a layout comes as `isPossible`. Where the options name
    /// layouts, only those are looked for, and the raw one shows everything if
    /// it is among them.
    public static func detect(
        _ access: EngineAccess, _ context: LayoutContext
    ) async throws(StorageError) -> [any RecordLayout] {
        switch access {
        case .objects(let engine):
            let found = try await known(engine, context)
            return showsAll(context, besides: found)
                ? found + [RawObjectsLayout(engine: engine, context: context)] : found
        case .rows(let engine): return try await known(engine, context)
        case .keys(let engine):
            let found = try await KeysDetection.layouts(engine, context)
            return showsAll(context, besides: found)
                ? found + [RawKeysLayout(engine: engine, context: context)] : found
        }
    }

    /// The layout of this name whether or not anything of it is left to be
    /// detected: what undoes the delete of a store's last record. `nil` when
    /// the engine cannot hold it, as without its tables.
    public static func layout(
        named name: String, on access: EngineAccess, _ context: LayoutContext
    ) async throws(StorageError) -> (any RecordLayout)? {
        var context = context
        context.options.layouts = [name]
        let found = try await detect(access, context)
        if let layout = found.first(where: { $0.name == name }) { return layout }
        switch access {
        case .objects(let engine):
            let layouts: [any RecordLayout] = [
                LooopyLayout(engine, context), ConnectorsObjectsLayout(engine: engine, context: context),
            ]
            return layouts.first { $0.name == name }
        case .keys(let engine):
            let layouts: [any RecordLayout] = [
                MemexKeysLayout(engine: engine, context: context),
                ConnectorsKeysLayout(engine: engine, context: context),
            ]
            return layouts.first { $0.name == name }
        case .rows: return nil
        }
    }

    private static func known(
        _ engine: any ObjectEngine, _ context: LayoutContext
    ) async throws(StorageError) -> [any RecordLayout] {
        let looks = try await DetectionLooks(engine)
        return try await LooopyLayout.detect(looks, context) + ConnectorsObjectsLayout.detect(looks, context)
    }

    /// The layouts of a database and, as raw, the tables that are left; from one look at its schema.
    private static func known(
        _ engine: any RowEngine, _ context: LayoutContext
    ) async throws(StorageError) -> [any RecordLayout] {
        let tables = try await engine.tables()
        let threads = MemexRowsLayout.detect(engine, context, tables)
        let indexes = ConnectorsRowsLayout.detect(engine, context, tables)
        let found: [any RecordLayout] = threads + indexes
        if showsAll(context, besides: found) { return found + [RawRowsLayout(engine: engine, context: context)] }
        let taken = Set(threads.flatMap(\.tableNames) + indexes.flatMap(\.tableNames))
        guard context.options.layouts.isEmpty, tables.contains(where: { !taken.contains($0.name) }) else {
            return found
        }
        return found + [RawRowsLayout(engine: engine, context: context, hiding: taken)]
    }

    /// Whether the raw layout shows everything: it is asked for, or nothing else is known to be there.
    private static func showsAll(_ context: LayoutContext, besides found: [any RecordLayout]) -> Bool {
        let wanted = context.options.layouts
        return wanted.isEmpty ? found.allSatisfy(\.isPossible) : wanted.contains(rawLayoutName)
    }
}
