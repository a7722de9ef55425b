internal import EngineCore
internal import StoredRecords
internal import Synchronization

/// Removes the directories that deleted objects leave empty, on servers that
/// keep directories.
///
/// S3 has none: a group of keys is gone with its last key. Servers that keep
/// keys as a directory tree go on listing the group. Which it is shows at the
/// first directory that a delete leaves empty, and is asked only then.
final class DirectoryPruning: Sendable {
    private enum Knowledge {
        case unknown, hasDirectories, hasNone
    }

    private let transfer: ObjectTransfer
    private let listing: BucketListing
    private let knowledge = Mutex(Knowledge.unknown)

    init(_ transfer: ObjectTransfer, _ listing: BucketListing) {
        self.transfer = transfer
        self.listing = listing
    }

    /// Removes what is empty from the keys' directories upwards to `top`,
    /// itself included. What cannot be removed stays: no object is in it.
    func prune(_ keys: [ObjectKey], below top: ObjectKey, _ deadline: CallDeadline) async {
        guard knowledge.withLock({ $0 != .hasNone }) else { return }
        for directory in Self.directories(of: keys, below: top) {
            do throws(StorageError) {
                guard try await isEmpty(directory, deadline) else { continue }
                if knowledge.withLock({ $0 == .unknown }) {
                    let remains = try await isListed(directory, deadline)
                    knowledge.withLock { $0 = remains ? .hasDirectories : .hasNone }
                    if !remains { return }
                }
                guard let whole = transfer.wholeKey(Self.prefix(directory)) else { continue }
                // Such a server removes a directory by this name only when nothing is in it.
                _ = try await transfer.session.send(
                    S3Request(method: .delete, key: whole, accepted: [404, 409]), deadline)
            } catch {
                return
            }
        }
    }

    /// Every directory on the way to a key, the deepest first.
    private static func directories(of keys: [ObjectKey], below top: ObjectKey) -> [ObjectKey] {
        let top = top.bytes.last == UInt8(ascii: "/") ? ObjectKey(bytes: top.bytes.dropLast()) : top
        var found: Set<ObjectKey> = []
        for key in keys where key.problem == nil {
            var directory = key.parent
            while directory != .root, directory == top || top == .root || directory.hasPrefix(prefix(top)),
                found.insert(directory).inserted
            {
                directory = directory.parent
            }
        }
        return found.sorted { $0.bytes.count > $1.bytes.count }
    }

    private static func prefix(_ directory: ObjectKey) -> ObjectKey {
        ObjectKey(bytes: directory.bytes + [UInt8(ascii: "/")])
    }

    private func isEmpty(_ directory: ObjectKey, _ deadline: CallDeadline) async throws(StorageError) -> Bool {
        let page = try await listing.page(ObjectListing(prefix: Self.prefix(directory), limit: 1), deadline)
        return page.entries.isEmpty && page.notes.isEmpty
    }

    /// Whether the server still lists the directory or something in it,
    /// although there is no object.
    private func isListed(_ directory: ObjectKey, _ deadline: CallDeadline) async throws(StorageError) -> Bool {
        guard let whole = transfer.wholeKey(Self.prefix(directory)) else { return false }
        let query = [
            (name: "list-type", value: "2"), ("delimiter", "/"), ("encoding-type", "url"), ("max-keys", "2"),
            ("prefix", String(decoding: whole, as: UTF8.self)),
        ]
        let response = try await transfer.session.send(S3Request(method: .get, query: query), deadline)
        let page = response.body.withBytes { ListingPage($0) }
        return page.map { !$0.items.isEmpty || !$0.prefixes.isEmpty } ?? false
    }
}
