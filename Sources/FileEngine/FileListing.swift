internal import EngineCore
internal import Glibc
internal import StoredRecords

/// One page of the files below a prefix.
///
/// A directory sorts as its name with `/`, which puts whole trees in byte
/// order of their keys: `a-b` before `a/x`, and `a/x` before `a0`.
struct FileListing {
    /// Deeper trees are left out with a note: each level holds a descriptor open.
    private static let deepest = 200

    private let tree: FileTree
    private let listing: ObjectListing
    private let memory: DirectoryMemory
    private let job: LaneJob
    private let operation = "list files"
    private var entries: [ObjectEntry] = []
    private var notes: [String] = []
    /// The cursor of the next page, once this one is full.
    private var next: ObjectKey?
    private var latest: ObjectKey?

    static func page(
        _ tree: FileTree, _ listing: ObjectListing, _ memory: DirectoryMemory, _ job: LaneJob
    ) throws(StorageError) -> ObjectPage {
        var walk = FileListing(tree: tree, listing: listing, memory: memory, job: job)
        try walk.start()
        return ObjectPage(entries: walk.entries, next: walk.next, notes: walk.notes)
    }

    /// So many names are looked at, whatever the directory holds.
    private static let mostLookedAt = 10_000

    /// Some of the entries right below a directory, told without reading all of it.
    static func look(
        _ tree: FileTree, _ prefix: ObjectKey, limit: Int, _ job: LaneJob
    ) throws(StorageError) -> [ObjectEntry] {
        let operation = "list files"
        let end = prefix.bytes.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
        let directory = ObjectKey(bytes: Array(prefix.bytes[..<end]))
        let beginning = prefix.bytes[end...]
        let opened: Descriptor?
        do throws(StorageError) {
            opened = try tree.openDirectory(FileTree.parts(directory), operation, place: tree.place(directory))
        } catch  where end > 0 && error.kind == .denied {
            return []
        }
        guard let opened else { return [] }
        var entries: [ObjectEntry] = []
        var seen = 0
        let failure = DirectoryEntry.forEach(in: opened) { name, kind in
            seen += 1
            if name.starts(with: beginning) {
                let key = ObjectKey(bytes: directory.bytes + Array(name))
                switch kind {
                case .directory: entries.append(.prefix(key.appending("")))
                case .regular:
                    if let status = FileStatus(in: opened, FileName(name)), status.kind == .regular {
                        entries.append(.object(status.info(key)))
                    }
                case .link, .special: break
                }
            }
            return entries.count < limit && seen < mostLookedAt && !job.isAbandoned
        }
        if let failure, end == 0 { throw StorageError.posix(failure.code, operation, place: tree.root) }
        return entries
    }

    private init(tree: FileTree, listing: ObjectListing, memory: DirectoryMemory, job: LaneJob) {
        self.tree = tree
        self.listing = listing
        self.memory = memory
        self.job = job
    }

    private mutating func start() throws(StorageError) {
        let prefix = listing.prefix.bytes
        let directoryEnd = prefix.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
        let directory = ObjectKey(bytes: Array(prefix[..<directoryEnd]))
        let opened: Descriptor?
        do throws(StorageError) {
            opened = try tree.openDirectory(FileTree.parts(directory), operation, place: tree.place(directory))
        } catch  where directoryEnd > 0 && error.kind == .denied {
            // The root answered, so the source as a whole works and this part of it is a note.
            notes.append("\(directory): \(error.reason)")
            return
        }
        guard let opened else { return }
        try visit(opened, key: directory, beginning: prefix[directoryEnd...], depth: 0)
    }

    /// Takes in what is in a directory; false once the page is full.
    @discardableResult
    private mutating func visit(
        _ directory: consuming Descriptor, key: ObjectKey, beginning: ArraySlice<UInt8>, depth: Int
    ) throws(StorageError) -> Bool {
        try job.check(operation, place: tree.place(key))
        let names: DirectoryEntries
        switch memory.entries(directory) {
        case .success(let found): names = found
        case .failure(let failure):
            if key.bytes.isEmpty { throw StorageError.posix(failure.code, operation, place: tree.root) }
            return note("\(key) cannot be read: \(reason(failure.code))", at: key)
        }
        var first = names.firstPosition { !$0.lexicographicallyPrecedes(beginning) }
        if let after = listing.after {
            let unseen = names.firstPosition { name in
                let own = key.bytes + name
                return ObjectKey(bytes: own) > after || after.bytes.starts(with: own)
            }
            first = max(first, unseen)
        }
        for position in first..<max(first, names.count) {
            guard names.sortName(position).starts(with: beginning) else { break }
            guard try take(names[position], in: directory, key: key, depth: depth) else { return false }
        }
        return true
    }

    private mutating func take(
        _ entry: DirectoryEntry, in directory: borrowing Descriptor, key parent: ObjectKey, depth: Int
    ) throws(StorageError) -> Bool {
        let key = ObjectKey(bytes: parent.bytes + entry.sortName)
        let isAfter = listing.after.map { key > $0 } ?? true
        switch entry.kind {
        case .directory where listing.isDelimited:
            return isAfter ? add(.prefix(key)) : true
        case .directory:
            if depth == Self.deepest {
                return isAfter ? note("\(key) is nested too deep and is left out", at: key) : true
            }
            let below: Descriptor?
            do throws(StorageError) {
                below = try FileTree.openDirectory(entry.name, in: directory, operation, place: tree.place(key))
            } catch {
                return isAfter ? note("\(key) cannot be read: \(error.reason)", at: key) : true
            }
            guard let below else { return true }
            return try visit(below, key: key, beginning: [], depth: depth + 1)
        case .regular:
            guard isAfter else { return true }
            guard let status = FileStatus(in: directory, entry.name) else {
                let code = errno
                if code == ENOENT { return true }
                return note("\(key) cannot be looked up: \(reason(code))", at: key)
            }
            // What is no longer a file was replaced since the directory was read.
            return status.kind == .regular ? add(.object(status.info(key))) : true
        case .link:
            return isAfter ? note("\(key) is a symbolic link and is not followed", at: key) : true
        case .special:
            return isAfter ? note("\(key) is not a regular file and is left out", at: key) : true
        }
    }

    private func reason(_ code: Int32) -> String {
        StorageError.posix(code, operation, place: tree.root).reason
    }

    private mutating func add(_ entry: ObjectEntry) -> Bool {
        if isFull { return false }
        entries.append(entry)
        latest = entry.key
        return true
    }

    private mutating func note(_ text: String, at key: ObjectKey) -> Bool {
        if isFull { return false }
        notes.append(text)
        latest = key
        return true
    }

    /// Whether the page holds all it may; then what comes now begins the next one.
    private var isFull: Bool {
        mutating get {
            guard entries.count >= listing.limit || notes.count >= max(listing.limit, 1000) else { return false }
            next = latest
            return true
        }
    }
}
