internal import EngineCore
internal import StoredRecords

/// A directory that several steps of one call use.
final class OpenedDirectory {
    let key: ObjectKey
    let descriptor: Descriptor

    init(_ key: ObjectKey, _ descriptor: consuming Descriptor) {
        self.key = key
        self.descriptor = descriptor
    }

    /// Whether the key names something right in this directory.
    func holds(_ other: ObjectKey) -> Bool {
        let slash = UInt8(ascii: "/")
        guard !key.bytes.isEmpty else { return !other.bytes.contains(slash) }
        let end = key.bytes.count
        return other.bytes.count > end && other.bytes[end] == slash && other.bytes.starts(with: key.bytes)
            && !other.bytes[(end + 1)...].contains(slash)
    }
}

/// Opens the directories of one call's keys, the same one in a row only once:
/// most calls with many keys stay in one directory.
final class DirectoryOpener {
    private let tree: FileTree
    private var latest: OpenedDirectory?

    init(_ tree: FileTree) {
        self.tree = tree
    }

    /// The directory a key lies in; `nil` when there is none.
    func directory(
        of key: ObjectKey, _ operation: String, place: String
    ) throws(StorageError) -> OpenedDirectory? {
        if let latest, latest.holds(key) { return latest }
        let parent = key.parent
        guard let opened = try tree.openDirectory(FileTree.parts(parent), operation, place: place) else { return nil }
        let directory = OpenedDirectory(parent, opened)
        latest = directory
        return directory
    }
}
