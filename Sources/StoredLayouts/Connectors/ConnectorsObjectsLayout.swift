public import EngineCore
internal import StoredRecords

/// Context-connectors' indexes on objects: files, or a bucket's prefix.
///
/// Two forms are known. Released packages write `BASE/indexes/KEY/state.json`
/// and `search.json`; the documented stores (custom files, S3) write
/// `BASE/KEY/...`. In both the documents of key `.` lie in BASE itself, which
/// also is what one index directory opened on its own looks like. Where both
/// forms hold the same key, the flat one is listed as `./KEY`.
public struct ConnectorsObjectsLayout: ConnectorsLayout {
    /// Where named indexes are kept below the base.
    public enum Form: String, Sendable, Hashable, CaseIterable {
        /// `BASE/indexes/KEY/`.
        case released
        /// `BASE/KEY/`; also the `indexes` directory opened on its own.
        case flat

        func directory(in base: ObjectKey) -> ObjectKey {
            self == .released ? base.appending("indexes") : base
        }
    }

    public let source: String
    let shelf: IndexObjects

    /// - Parameters:
    ///   - base: the directory the tool calls its store path.
    ///   - forms: where indexes are looked for; new ones go to the first. `nil`
    ///     means both, with the one of the context's options first.
    public init(
        engine: any ObjectEngine, context: LayoutContext, base: ObjectKey = .root, forms: [Form]? = nil
    ) {
        let first = context.options.indexForm
        let forms = forms ?? [first] + Form.allCases.filter { $0 != first }
        source = context.source
        shelf = IndexObjects(
            engine: engine, base: base, forms: forms, known: KnownIndexes(freshness: context.freshness))
    }
}
