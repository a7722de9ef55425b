internal import EngineCore
public import StoredRecords

/// Tells by content which layouts a source holds.
public enum LayoutDetection {
    /// The layouts found, most specific first, and the raw layout for what
    /// none of them has taken.
    ///
    /// Looks at a bounded number of objects, however many there are. Where
    /// the options name layouts, only those are looked for, and the raw one
    /// shows everything if it is among them.
    public static func detect(
        _ access: EngineAccess, _ context: LayoutContext
    ) async throws(StorageError) -> [any RecordLayout] {
        let found: [any RecordLayout]
        switch access {
        case .objects(let engine): found = try await known(engine, context)
        case .rows(let engine): found = try await known(engine, context)
        case .keys(let engine): found = try await known(engine, context)
        }
        return try await found + raw(access, context, besides: found)
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
        try await LooopyLayout.detect(engine, context) + ConnectorsObjectsLayout.detect(engine, context)
    }

    private static func known(
        _ engine: any RowEngine, _ context: LayoutContext
    ) async throws(StorageError) -> [any RecordLayout] {
        try await MemexRowsLayout.detect(engine, context) + ConnectorsRowsLayout.detect(engine, context)
    }

    private static func known(
        _ engine: any KeyspaceEngine, _ context: LayoutContext
    ) async throws(StorageError) -> [any RecordLayout] {
        try await MemexKeysLayout.detect(engine, context) + ConnectorsKeysLayout.detect(engine, context)
    }

    /// Of a database, the tables that are left; of objects and keys, all or nothing.
    private static func raw(
        _ access: EngineAccess, _ context: LayoutContext, besides found: [any RecordLayout]
    ) async throws(StorageError) -> [any RecordLayout] {
        let wanted = context.options.layouts
        let isNamed = wanted.contains(rawLayoutName)
        guard wanted.isEmpty || isNamed else { return [] }
        switch access {
        case .objects(let engine):
            return found.isEmpty || isNamed ? [RawObjectsLayout(engine: engine, context: context)] : []
        case .keys(let engine):
            return found.isEmpty || isNamed ? [RawKeysLayout(engine: engine, context: context)] : []
        case .rows(let engine):
            if found.isEmpty || isNamed { return [RawRowsLayout(engine: engine, context: context)] }
            let raw = RawRowsLayout(engine: engine, context: context, hiding: Set(found.flatMap(tables)))
            return try await raw.tables().isEmpty ? [] : [raw]
        }
    }

    /// The tables a layout has taken.
    private static func tables(of layout: any RecordLayout) -> [String] {
        switch layout {
        case let layout as MemexRowsLayout: layout.tableNames
        case let layout as ConnectorsRowsLayout: layout.tableNames
        default: []
        }
    }
}
