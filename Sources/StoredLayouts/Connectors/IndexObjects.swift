internal import EngineCore
internal import StoredRecords

/// The indexes' documents as objects: `DIRECTORY/state.json`, `DIRECTORY/search.json`.
struct IndexObjects: IndexShelf {
    /// The directory of an index: empty for the root, else without `/` at its end.
    typealias Address = ObjectKey

    let engine: any ObjectEngine
    let base: ObjectKey
    /// Where named indexes are looked for; new ones go to the first.
    let forms: [ConnectorsObjectsLayout.Form]
    let known: KnownIndexes

    var place: String { engine.place }
    var capabilities: EngineCapabilities { engine.capabilities }

    func label(_ part: IndexPart) -> String { part.fileName }

    // MARK: Finding

    func entries() async throws(StorageError) -> (entries: [Entry], notes: [String]) {
        try await entries(byNames: false)
    }

    func entries(byNames: Bool) async throws(StorageError) -> (entries: [Entry], notes: [String]) {
        var found: [Entry] = []
        var notes: [String] = []
        if let own = try await entry(at: base, key: IndexKey.base) { found.append(own) }
        var taken: Set<ExactText> = [ExactText(IndexKey.base)]
        // The released form comes first, so that its keys are the plain ones.
        for form in ConnectorsObjectsLayout.Form.allCases where forms.contains(form) {
            let parent = form.directory(in: base)
            let (named, more) = byNames ? try await names(below: parent) : try await directories(below: parent)
            notes += more
            for (name, entry) in named {
                var entry = entry
                entry.key = taken.insert(ExactText(name)).inserted ? name : Self.flatMark + name
                found.append(entry)
            }
        }
        return (found, notes)
    }

    /// Stands before the key of an index in the flat form when the released
    /// form has one of the same name; no stored name holds a `/`.
    private static let flatMark = "./"

    func entry(_ key: String) async throws(StorageError) -> Entry? {
        if key == IndexKey.base { return try await entry(at: base, key: key) }
        let isMarked = key.hasPrefix(Self.flatMark)
        let name = ObjectKey(description: isMarked ? String(key.dropFirst(Self.flatMark.count)) : key)
        guard Self.isName(name.bytes) else { return nil }
        for form in ConnectorsObjectsLayout.Form.allCases where forms.contains(form) {
            if isMarked, form != .flat { continue }
            if let entry = try await entry(at: form.directory(in: base).appending(name), key: key) { return entry }
        }
        return nil
    }

    func entry(at directory: ObjectKey, key: String) async throws(StorageError) -> Entry? {
        var entry = Entry(key: key, address: directory)
        for part in IndexPart.allCases {
            entry[part] = try await engine.stat(directory.appending(part.fileName)).map(Self.piece)
        }
        return entry.parts.isEmpty ? nil : entry
    }

    private static func piece(_ info: ObjectInfo) -> IndexPiece {
        IndexPiece(size: info.size, tag: info.tag, modified: info.modified)
    }

    /// Whether the bytes can be one part of an object's name.
    static func isName(_ bytes: [UInt8]) -> Bool {
        let dot = UInt8(ascii: ".")
        return !bytes.isEmpty && bytes != [dot] && bytes != [dot, dot]
            && !bytes.contains { $0 == UInt8(ascii: "/") || $0 == 0 }
    }

    /// Every directory right below `parent` that holds one of the documents,
    /// by name.
    ///
    /// One listing of everything below costs far less than a question for
    /// each directory; a directory of many other objects is jumped over.
    func directories(
        below parent: ObjectKey
    ) async throws(StorageError) -> (found: [(name: String, entry: Entry)], notes: [String]) {
        var found: [(name: String, entry: Entry)] = []
        var notes: [String] = []
        var after: ObjectKey?
        let prefix = parent.bytes.isEmpty ? ObjectKey.root : ObjectKey(bytes: parent.bytes + [UInt8(ascii: "/")])
        repeat {
            let page = try await engine.list(ObjectListing(prefix: prefix, after: after, limit: Self.pageSize))
            notes += page.notes
            after = page.next
            for case .object(let info) in page.entries {
                guard let (name, part) = Self.document(info.key, below: prefix) else { continue }
                let directory = parent.appending(ObjectKey(bytes: name))
                if found.last?.entry.address != directory {
                    found.append((ObjectKey(bytes: name).description, Entry(key: "", address: directory)))
                }
                found[found.count - 1].entry[part] = Self.piece(info)
            }
            guard let next = after, let first = page.entries.first?.key, let last = page.entries.last?.key,
                let directory = Self.directory(of: first, below: prefix),
                directory == Self.directory(of: last, below: prefix)
            else { continue }
            // A whole page of one directory: ask for its documents and go on behind it.
            let address = parent.appending(ObjectKey(bytes: directory))
            if found.last?.entry.address == address { found.removeLast() }
            if let entry = try await entry(at: address, key: "") {
                found.append((ObjectKey(bytes: directory).description, entry))
            }
            after = max(next, ObjectKey(bytes: prefix.bytes + directory + [UInt8(ascii: "/"), 0xFF]))
        } while after != nil
        return (found, notes)
    }

    static let pageSize = 1000

    /// The name of the directory right below the prefix that the key is in.
    private static func directory(of key: ObjectKey, below prefix: ObjectKey) -> [UInt8]? {
        let rest = key.bytes.dropFirst(prefix.bytes.count)
        return rest.firstIndex(of: UInt8(ascii: "/")).map { Array(rest[..<$0]) }
    }

    private static func document(_ key: ObjectKey, below prefix: ObjectKey) -> (name: [UInt8], part: IndexPart)? {
        guard let name = directory(of: key, below: prefix), isName(name) else { return nil }
        let file = key.bytes.dropFirst(prefix.bytes.count + name.count + 1)
        guard let part = IndexPart.allCases.first(where: { file.elementsEqual($0.fileName.utf8) }) else { return nil }
        return (name, part)
    }

    // MARK: Reading and writing

    func read(
        _ part: IndexPart, of entries: [Entry]
    ) async throws(StorageError) -> [Result<StoredBytes?, StorageError>] {
        try await engine.readMany(entries.map { $0.address.appending(part.fileName) })
            .map { $0.map { $0?.bytes } }
    }

    func read(
        _ part: IndexPart, of entry: Entry, range: Range<Int64>
    ) async throws(StorageError) -> StoredBytes? {
        try await engine.read(entry.address.appending(part.fileName), range: range)?.bytes
    }

    /// Writes the search document first: an index is listed by the tool from
    /// the moment its full document is there.
    func write(_ key: String, full: StoredBytes, search: StoredBytes) async throws(StorageError) {
        defer { known.forget() }
        var directory = base
        if key != IndexKey.base {
            directory = (forms.first ?? .released).directory(in: base).appending(key)
            // An index that is there already stays in the form it has.
            if let entry = try await entry(key) { directory = entry.address }
        }
        for (part, bytes) in [(IndexPart.search, search), (.state, full)] {
            try await engine.write(
                directory.appending(part.fileName), bytes, condition: .none, contentType: "application/json")
        }
    }

    func remove(_ entry: Entry) async throws(StorageError) {
        defer { known.forget() }
        // The full document goes first: without it the tool does not list the index.
        let keys = entry.parts.map { entry.address.appending($0.fileName) }
        let deletions = try await engine.delete(keys, pruning: pruning(entry.address))
        for deletion in deletions {
            if let failure = deletion.failure { throw failure }
        }
    }

    /// The directory that goes with its documents; never the base's own.
    func pruning(_ directory: ObjectKey) -> ObjectKey? {
        directory == base ? nil : directory
    }
}
