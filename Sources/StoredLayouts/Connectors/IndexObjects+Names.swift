internal import EngineCore
internal import StoredRecords

extension IndexObjects {
    /// Where every look travels and one page of names is not all, entries
    /// beyond those of key `.` are unseen: a name costs a thousandth of a
    /// request, its two documents two.
    func names(isBegun: Bool) async throws(StorageError) -> (entries: [Entry], notes: [String]) {
        guard engine.capabilities.looksTravel else { return try await entries() }
        if let entries = known.entries(evenIfOld: isBegun) { return entries }
        let found = try await entries(byNames: true)
        if found.entries.contains(where: \.isUnseen) { known.keep(found) }
        return found
    }

    /// Looks at both documents of each unseen entry, several at once.
    func look(at entries: [Entry]) async throws(StorageError) -> [Entry] {
        var seen: [Entry] = []
        for part in entries.runs(of: Self.looks) {
            let results = await withTaskGroup(of: (Int, Result<Entry?, StorageError>).self) { group in
                for (index, entry) in part.enumerated() {
                    group.addTask { (index, await result(of: entry)) }
                }
                return await group.reduce(into: [Int: Result<Entry?, StorageError>]()) { $0[$1.0] = $1.1 }
            }
            for index in part.indices {
                if let entry = try results[index]?.get() { seen.append(entry) }
            }
            try requireNotCancelled("list indexes", place: place)
        }
        return seen
    }

    private static let looks = 32

    private func result(of entry: Entry) async -> Result<Entry?, StorageError> {
        guard entry.isUnseen else { return .success(entry) }
        do throws(StorageError) {
            return .success(try await self.entry(at: entry.address, key: entry.key))
        } catch {
            return .failure(error)
        }
    }

    /// The directories right below `parent` by name; all of them seen, and
    /// without those that hold no document, where one page has them.
    func names(
        below parent: ObjectKey
    ) async throws(StorageError) -> (found: [(name: String, entry: Entry)], notes: [String]) {
        var found: [(name: String, entry: Entry)] = []
        var notes: [String] = []
        var after: ObjectKey?
        let prefix = parent.bytes.isEmpty ? ObjectKey.root : ObjectKey(bytes: parent.bytes + [UInt8(ascii: "/")])
        repeat {
            let listing = ObjectListing(prefix: prefix, isDelimited: true, after: after, limit: Self.pageSize)
            let page = if let page = known.page(listing) { page } else { try await engine.list(listing) }
            if after == nil, page.next == nil {
                return page.entries.isEmpty ? ([], page.notes) : try await directories(below: parent)
            }
            notes += page.notes
            after = page.next
            for case .prefix(let key) in page.entries {
                let name = Array(key.bytes.dropFirst(prefix.bytes.count).dropLast())
                guard Self.isName(name) else { continue }
                let address = parent.appending(ObjectKey(bytes: name))
                if forms.contains(where: { $0.directory(in: base) == address }) { continue }
                found.append(
                    (ObjectKey(bytes: name).description, Entry(key: "", address: address, isUnseen: true)))
            }
        } while after != nil
        return (found, notes)
    }
}
