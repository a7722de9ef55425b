public import EngineCore
public import StoredRecords

extension ConnectorsObjectsLayout {
    /// The layout for the base found: the root itself, or the tool's own
    /// directory below it.
    ///
    /// A base is told by a document that names what an index has, or by both
    /// documents in one directory below `indexes`, whatever they hold; where
    /// the options name this layout, an empty root is one. Looks at a bounded
    /// number of objects.
    public static func detect(
        _ engine: any ObjectEngine, _ context: LayoutContext
    ) async throws(StorageError) -> [any RecordLayout] {
        try await detect(try await DetectionLooks(engine), context)
    }

    static func detect(
        _ looks: DetectionLooks, _ context: LayoutContext
    ) async throws(StorageError) -> [any RecordLayout] {
        guard context.options.wants(connectorsLayoutName) else { return [] }
        // A base right below the root holds the documents of its key `.`, which
        // would pass for a flat index of the root; so the released form comes first.
        for base in [ObjectKey.root, ObjectKey("context-connectors"), ObjectKey(".augment/context-connectors")]
        where try await holdsReleased(looks, base) {
            let forms: [Form] = try await holdsFlat(looks, base) ? [.released, .flat] : [.released]
            return [ConnectorsObjectsLayout(looks, context, base: base, forms: forms)]
        }
        if try await holdsFlat(looks, .root) {
            return [ConnectorsObjectsLayout(looks, context, forms: [.flat])]
        }
        // Where the tool puts indexes in a bucket, when nothing else is said.
        let base = ObjectKey("context-connectors")
        if context.options.indexForm == .flat, try await holdsFlat(looks, base) {
            return [ConnectorsObjectsLayout(looks, context, base: base, forms: [.flat])]
        }
        if try await holdsIndex(looks, .root) {
            return [ConnectorsObjectsLayout(looks, context, forms: [.released])]
        }
        // Named and empty: the first save makes it.
        guard context.options.layouts.contains(connectorsLayoutName),
            try await looks.isEmpty()
        else { return [] }
        return [ConnectorsObjectsLayout(engine: looks.engine, context: context)]
    }

    /// A list that is begun next goes on with what detection has listed of very many names.
    private init(_ looks: DetectionLooks, _ context: LayoutContext, base: ObjectKey = .root, forms: [Form]) {
        self.init(engine: looks.engine, context: context, base: base, forms: forms)
        shelf.known.keep(looks.pages)
    }

    /// So many directories of one form are looked into, and so many objects listed.
    private static let probes = 64
    private static let headSize: Int64 = 64 * 1024

    private static func holdsReleased(_ looks: DetectionLooks, _ base: ObjectKey) async throws(StorageError) -> Bool {
        for directory in try await directories(looks, Form.released.directory(in: base)) {
            if try await holdsIndex(looks, directory) { return true }
            // Both documents, though damaged: the tool's directory all the same.
            var count = 0
            for part in IndexPart.allCases
            where try await looks.stat(directory.appending(part.fileName)) != nil {
                count += 1
            }
            if count == IndexPart.allCases.count { return true }
        }
        return false
    }

    private static func holdsFlat(_ looks: DetectionLooks, _ base: ObjectKey) async throws(StorageError) -> Bool {
        for directory in try await directories(looks, base) where try await holdsIndex(looks, directory) {
            return true
        }
        return false
    }

    /// The first directories right below this one.
    private static func directories(
        _ looks: DetectionLooks, _ parent: ObjectKey
    ) async throws(StorageError) -> [ObjectKey] {
        let prefix = parent.bytes.isEmpty ? ObjectKey.root : ObjectKey(bytes: parent.bytes + [UInt8(ascii: "/")])
        let found = try await looks.look(prefix, limit: 1000).compactMap { entry -> ObjectKey? in
            guard case .prefix(let key) = entry else { return nil }
            return ObjectKey(bytes: Array(key.bytes.dropLast()))
        }
        return Array(found.sorted().prefix(probes))
    }

    /// Whether one of the documents is here and names what an index has.
    private static func holdsIndex(_ looks: DetectionLooks, _ directory: ObjectKey) async throws(StorageError)
        -> Bool
    {
        for part in IndexPart.allCases {
            // A document that cannot be read tells nothing; another may.
            guard let object = try? await looks.read(directory.appending(part.fileName), range: 0..<headSize) else {
                continue
            }
            if IndexFacts.looksLikeIndex(head: object.bytes) { return true }
        }
        return false
    }
}
