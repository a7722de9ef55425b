internal import EngineCore
public import StoredRecords

/// Tells by content which layouts a source holds.
public enum LayoutDetection {
    /// The layouts found, most specific first, and the raw layout for what
    /// none of them has taken.
    ///
    /// Looks at a bounded number of objects, however many there are. Where
    /// the options name layouts, only those are looked for.
    public static func detect(
        _ access: EngineAccess, _ context: LayoutContext
    ) async throws(StorageError) -> [any RecordLayout] {
        let names = context.options.layouts
        func isWanted(_ name: String) -> Bool { names.isEmpty || names.contains(name) }
        var found: [any RecordLayout] = []
        switch access {
        case .objects(let engine):
            if isWanted(connectorsLayoutName) {
                found += try await ConnectorsObjectsLayout.detect(engine, context)
            }
            if isWanted(rawLayoutName), found.isEmpty || names.contains(rawLayoutName) {
                found.append(RawObjectsLayout(engine: engine, context: context))
            }
        case .rows(let engine):
            var taken: Set<String> = []
            if isWanted(connectorsLayoutName) {
                let layouts = try await ConnectorsRowsLayout.detect(engine, context)
                taken.formUnion(layouts.compactMap { ($0 as? ConnectorsRowsLayout)?.tableName })
                found += layouts
            }
            if isWanted(rawLayoutName) {
                let raw = RawRowsLayout(engine: engine, context: context, hiding: taken)
                if found.isEmpty || names.contains(rawLayoutName) {
                    found.append(raw)
                } else if try await !raw.tables().isEmpty {
                    found.append(raw)
                }
            }
        case .keys(let engine):
            if isWanted(connectorsLayoutName) {
                found += try await ConnectorsKeysLayout.detect(engine, context)
            }
            if isWanted(rawLayoutName), found.isEmpty || names.contains(rawLayoutName) {
                found.append(RawKeysLayout(engine: engine, context: context))
            }
        }
        return found
    }
}
