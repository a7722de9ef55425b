internal import EngineCore
internal import StoredRecords
internal import Synchronization

/// Lists the objects below the location's prefix in byte order.
///
/// S3 lists in byte order of the whole key, and from any key on. Servers that
/// keep keys as a directory tree list `a/b` before `a!` and go on in that
/// order. There is no way to ask which it is, so it is learned: from the
/// first answer that contradicts byte order, every listing is read whole and
/// put in order here.
final class BucketListing: Sendable {
    private let session: S3Session
    private let base: [UInt8]
    private let isOutOfOrder = Atomic(false)

    init(_ session: S3Session) {
        self.session = session
        base = Array(session.location.prefix.utf8)
    }

    /// What a server answers at most.
    private static let largestPage = 1000

    func page(_ listing: ObjectListing, _ deadline: CallDeadline) async throws(StorageError) -> ObjectPage {
        // No key begins with bytes that are not UTF-8, which the server may not be sent.
        guard String(validating: listing.prefix.bytes, as: UTF8.self) != nil else { return ObjectPage(entries: []) }
        var late: [ObjectEntry] = []
        if !isOutOfOrder.load(ordering: .relaxed) {
            var gathered = Gathering(base: base, listing: listing)
            if try await gather(&gathered, from: listing.after, limit: listing.limit, deadline) {
                return gathered.page
            }
            isOutOfOrder.store(true, ordering: .relaxed)
            late = gathered.late
        }
        var gathered = Gathering(base: base, listing: listing)
        gathered.mayBeOutOfOrder = true
        _ = try await gather(&gathered, from: nil, limit: nil, deadline)
        gathered.putInOrder(before: late)
        return gathered.page
    }

    /// Reads answers until there are enough entries, or all for `nil`; false
    /// when an answer is not in byte order.
    private func gather(
        _ gathering: inout Gathering, from after: ObjectKey?, limit: Int?, _ deadline: CallDeadline
    ) async throws(StorageError) -> Bool {
        var token: String?
        repeat {
            let wanted = limit.map { min(Self.largestPage, $0 - gathering.entries.count) } ?? Self.largestPage
            let page = try await ask(gathering.listing, after: after, token: token, count: wanted, deadline)
            guard gathering.add(page) else { return false }
            token = page.token
            if let limit, gathering.entries.count >= limit {
                gathering.hasMore = token != nil || gathering.entries.count > limit
                return true
            }
        } while token != nil
        return true
    }

    private func ask(
        _ listing: ObjectListing, after: ObjectKey?, token: String?, count: Int, _ deadline: CallDeadline
    ) async throws(StorageError) -> ListingPage {
        var query = [
            ("list-type", "2"), ("encoding-type", "url"), ("max-keys", String(count)),
            ("prefix", String(decoding: base + listing.prefix.bytes, as: UTF8.self)),
        ]
        if listing.isDelimited { query.append(("delimiter", "/")) }
        if let token {
            query.append(("continuation-token", token))
        } else if let after {
            query.append(("start-after", start(after, isDelimited: listing.isDelimited)))
        }
        let response = try await session.send(
            S3Request(method: .get, query: query.map { (name: $0.0, value: $0.1) }), deadline)
        guard let page = response.body.withBytes({ ListingPage($0) }) else {
            throw deadline.error(
                .corrupt, "the server's answer is not a list of objects",
                help: "check that the endpoint is an S3 server")
        }
        return page
    }

    /// The key after which the server begins: after all of a group, and only what is UTF-8.
    private func start(_ after: ObjectKey, isDelimited: Bool) -> String {
        var bytes = after.bytes
        while String(validating: bytes, as: UTF8.self) == nil { bytes.removeLast() }
        let key = String(decoding: base + bytes, as: UTF8.self)
        return isDelimited && after.bytes.last == UInt8(ascii: "/") ? key + "\u{10FFFF}" : key
    }
}

/// The entries of one listing as they come in.
private struct Gathering {
    let base: [UInt8]
    let listing: ObjectListing
    var mayBeOutOfOrder = false
    private(set) var entries: [ObjectEntry] = []
    /// What came although it is before the place that was asked for.
    private(set) var late: [ObjectEntry] = []
    private var notes: [String] = []
    private var last: ObjectKey?
    var hasMore = false

    init(base: [UInt8], listing: ObjectListing) {
        self.base = base
        self.listing = listing
    }

    var page: ObjectPage {
        let shown = Array(entries.prefix(listing.limit))
        let isCut = hasMore || entries.count > shown.count
        return ObjectPage(entries: shown, next: isCut ? shown.last?.key ?? listing.after : nil, notes: notes)
    }

    /// False, with nothing of the page taken but what is late, when it is not in byte order.
    mutating func add(_ page: ListingPage) -> Bool {
        let objects = page.items.compactMap { entry($0) }
        let groups = page.prefixes.compactMap { entry($0) }
        if !mayBeOutOfOrder {
            late = (objects + groups).filter { isLate($0.key) }
            guard late.isEmpty, isRising(objects), isRising(groups) else { return false }
        }
        let sorted = (objects + groups).sorted { $0.key < $1.key }
        if !mayBeOutOfOrder, let last, let first = sorted.first, first.key <= last, !last.hasPrefix(first.key) {
            return false
        }
        last = sorted.last?.key ?? last
        entries += sorted.filter { entry in listing.after.map { entry.key > $0 } ?? true }
        return true
    }

    mutating func putInOrder(before: [ObjectEntry]) {
        // A group may come in two answers.
        var seen: Set<ObjectKey> = []
        entries = (before + entries).filter { seen.insert($0.key).inserted }.sorted { $0.key < $1.key }
    }

    private func isRising(_ entries: [ObjectEntry]) -> Bool {
        zip(entries, entries.dropFirst()).allSatisfy { $0.key < $1.key }
    }

    /// Whether a list that begins after `listing.after` cannot hold the key; the group it is in may.
    private func isLate(_ key: ObjectKey) -> Bool {
        listing.after.map { key < $0 && !$0.hasPrefix(key) } ?? false
    }

    private mutating func entry(_ item: ListingPage.Item) -> ObjectEntry? {
        guard let key = relative(item.key) else { return nil }
        if let problem = key.problem {
            // An empty object whose name ends in "/" stands for a directory and holds nothing.
            if item.size > 0 || key.prefixProblem != nil { note(key, problem) }
            return nil
        }
        return .object(ObjectInfo(key: key, size: item.size, modified: item.modified, tag: item.tag))
    }

    private mutating func entry(_ group: [UInt8]) -> ObjectEntry? {
        guard let key = relative(group), key != listing.prefix else { return nil }
        if let problem = key.prefixProblem {
            note(key, problem)
            return nil
        }
        return .prefix(key)
    }

    /// Without the location's own prefix; `nil` for what is not below the listing's.
    private func relative(_ key: [UInt8]) -> ObjectKey? {
        guard key.starts(with: base) else { return nil }
        let key = ObjectKey(bytes: Array(key.dropFirst(base.count)))
        return key.hasPrefix(listing.prefix) && !key.bytes.isEmpty ? key : nil
    }

    private mutating func note(_ key: ObjectKey, _ problem: String) {
        notes.append("the object \"\(key)\" is left out: \(problem)")
    }
}
