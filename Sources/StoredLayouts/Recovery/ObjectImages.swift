internal import EngineCore
internal import StoredRecords

/// The objects of a recovery entry, seen in one direction.
///
/// The bytes are the entry's own, which the journal maps: many or large images
/// cost no memory.
struct ObjectImages: Sendable {
    enum Direction: Sendable {
        case after, before
    }

    struct Image: Sendable {
        var key: ObjectKey
        /// What was there when the act began; `nil` for no object.
        var origin: StoredBytes?
        /// What is there when the act is done.
        var target: StoredBytes?
        /// What the engine shall keep beside `target`.
        var attributes: [String: String]?

        /// Brings the object from what is there now under this tag to `target`.
        func change(from tag: String?) -> ObjectChange {
            ObjectChange(key, tag: tag, result: target.map { .bytes($0, attributes: attributes) } ?? .absent)
        }
    }

    /// Where an object stands between the two.
    enum Place: Sendable {
        case origin, target
        /// Neither: somebody else changed it.
        case foreign
    }

    struct Found: Sendable {
        var place: Place
        /// The tag of what is there now.
        var tag: String?
    }

    private(set) var images: [Image] = []
    private(set) var pruning: [ObjectKey] = []
    /// Directories that went with the objects, outer ones first, with what they had beside their names.
    private var removed: [(key: ObjectKey, attributes: [String: String])] = []

    init(_ entry: any RecoveryEntry, toward direction: Direction) throws(StorageError) {
        var images: [Image] = []
        var pruning: [ObjectKey] = []
        var removed: [(key: ObjectKey, attributes: [String: String])] = []
        var attributes: (key: [UInt8], values: [String: String])?
        try entry.items { item in
            switch item {
            case .object(let key, let before, let after) where before != after:
                images.append(
                    Image(
                        key: ObjectKey(bytes: key), origin: direction == .after ? before : after,
                        target: direction == .after ? after : before,
                        attributes: attributes.flatMap { $0.key == key ? $0.values : nil }))
            case .attributes(let key, let before, _) where key.last == UInt8(ascii: "/"):
                if direction == .before { removed.append((ObjectKey(bytes: key), before)) }
            case .attributes(let key, let before, let after):
                attributes = (key, direction == .after ? after : before)
            case .fact(ObjectChanges.pruningFact, .bytes(let key)):
                pruning.append(ObjectKey(bytes: key))
            default: break
            }
            return .more
        }
        self.images = images
        self.pruning = pruning
        self.removed = removed
    }

    /// Makes the directories again that went, as they were; those that are there stay as they are.
    func makeDirectories(on engine: any ObjectEngine) async throws(StorageError) {
        for directory in removed.sorted(by: { $0.key < $1.key }) {
            try await engine.makeDirectory(directory.key, directory.attributes)
        }
    }

    /// Those that hold the objects.
    var directories: [ObjectKey] { Array(Set(images.map(\.key.parent))) }

    /// Compares what is stored now with the images, a batch at a time.
    func look(_ engine: any ObjectEngine) async throws(StorageError) -> [Found] {
        var found: [Found] = []
        found.reserveCapacity(images.count)
        var at = 0
        while at < images.count {
            let end = min(at + ObjectChanges.batch, images.count)
            let objects = try await engine.readMany(images[at..<end].map(\.key))
            for (image, result) in zip(images[at..<end], objects) {
                let object = try result.get()
                let place: Place =
                    if object?.bytes == image.target {
                        .target
                    } else if object?.bytes == image.origin {
                        .origin
                    } else {
                        .foreign
                    }
                found.append(Found(place: place, tag: object?.info.tag))
            }
            at = end
        }
        return found
    }

    /// What is left to do, for objects that are still as when the act began.
    func changes(_ found: [Found]) -> [ObjectChange] {
        zip(images, found).compactMap { image, found in
            guard found.place == .origin else { return nil }
            return image.change(from: found.tag)
        }
    }

    /// - Parameter isRestoring: whether what somebody deleted comes back.
    func notesOnForeign(_ found: [Found], isRestoring: Bool = false) -> [String] {
        zip(images, found).compactMap { image, found in
            found.place == .foreign && !(isRestoring && found.tag == nil)
                ? "\(image.key) was changed by another program and is left as it is" : nil
        }
    }
}
