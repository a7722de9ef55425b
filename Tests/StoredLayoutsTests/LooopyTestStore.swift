import EngineCore
import FileEngine
import JSONText
import StoredRecords
import Synchronization
import TestSupport

@testable import StoredLayouts

/// A looopy store of a test's own on one of the object engines.
struct LooopyTestStore: Sendable {
    typealias Kind = ObjectPlace.Kind

    static let now = Timestamp(seconds: 1_795_300_000)

    let engine: any ObjectEngine

    init(_ kind: Kind, _ objects: [String: [UInt8]] = [:]) async throws {
        switch kind {
        case .moto, .seaweedfs:
            engine = try await ObjectPlace(kind, objects.map { ($0.key, $0.value) }).engine
        case .memory:
            engine = MemoryObjectEngine()
            for (key, bytes) in objects { try await engine.write(ObjectKey(description: key), StoredBytes(bytes)) }
        case .files:
            let made = try TemporaryDirectory()
            for (key, bytes) in objects {
                let path = made.path(key)
                try RawFiles.makeDirectory(String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]))
                try RawFiles.write(path, bytes)
            }
            engine = DyingEngine(try FileEngine(root: made.path), after: nil, keeping: made)
        }
    }

    /// The store the tool wrote, as it is.
    static func fixture(_ kind: Kind) async throws -> LooopyTestStore {
        try await LooopyTestStore(kind, try fixtureObjects())
    }

    static func fixtureObjects() throws -> [String: [UInt8]] {
        let file = #filePath
        let folder = file[..<(file.lastIndex(of: "/") ?? file.endIndex)]
        var objects: [String: [UInt8]] = [:]
        try collect("\(folder)/Fixtures/looopy/_agent_store", below: "", into: &objects)
        return objects
    }

    private static func collect(_ path: String, below key: String, into objects: inout [String: [UInt8]]) throws {
        for name in RawFiles.names(path) {
            let inner = key.isEmpty ? name : "\(key)/\(name)"
            if name.contains(".") {
                objects[inner] = try RawFiles.read("\(path)/\(name)")
            } else {
                try collect("\(path)/\(name)", below: inner, into: &objects)
            }
        }
    }

    /// A thread of messages as the tool writes them; `roles` has one letter each.
    static func thread(_ roles: String, agent: String = "bot", context: String = "c1") -> [String: [UInt8]] {
        var objects: [String: [UInt8]] = [:]
        for (index, letter) in roles.enumerated() {
            objects["agent=\(agent)/context=\(context)/messages/\(fileName(index))"] = Array(
                message(letter, index, context: context).utf8)
        }
        return objects
    }

    static func fileName(_ index: Int, sequence: Int? = nil) -> String {
        LooopyMessageName(
            time: Timestamp(seconds: 1_795_228_545 + Int64(index)), index: index, sequence: sequence ?? index
        ).text
    }

    /// `s`, `u`, `a`, `c` for an assistant message with a call, `t` for the answer to the call before it.
    static func message(_ letter: Character, _ index: Int, context: String = "c1") -> String {
        let time = Timestamp(seconds: 1_795_228_545 + Int64(index)).iso8601Milliseconds
        let head: String
        switch letter {
        case "s": head = "\"role\": \"system\",\n  \"content\": \"rules\""
        case "u": head = "\"role\": \"user\",\n  \"content\": \"question \(index)\""
        case "c":
            head =
                "\"role\": \"assistant\",\n  \"content\": \"\",\n  \"toolCalls\": [{\"id\": \"call_\(index)\", "
                + "\"type\": \"function\", \"function\": {\"name\": \"lookup\", \"arguments\": {\"q\": 1.50}}}]"
        case "t": head = "\"role\": \"tool\",\n  \"toolCallId\": \"call_\(index - 1)\",\n  \"content\": \"42\""
        default: head = "\"role\": \"assistant\",\n  \"content\": \"answer \(index)\""
        }
        return "{\n  \(head),\n  \"id\": \"\(context)-\(index)\",\n  \"contextId\": \"\(context)\",\n"
            + "  \"index\": \(index),\n  \"timestamp\": \"\(time)\"\n}"
    }

    // MARK: Looking and changing

    /// Every object with its bytes.
    func contents() async throws -> [String: [UInt8]] {
        var contents: [String: [UInt8]] = [:]
        for entry in try await engine.listAll(.root).entries {
            contents[entry.key.description] = try await engine.read(entry.key)?.bytes.array
        }
        return contents
    }

    func put(_ key: String, _ text: String) async throws {
        try await engine.write(ObjectKey(description: key), StoredBytes(text))
    }

    /// The layout, opened anew each time as by another process.
    func layout(
        on engine: (any ObjectEngine)? = nil, now: Timestamp = LooopyTestStore.now
    ) -> LooopyLayout {
        LooopyLayout(
            engine ?? self.engine, LayoutContext(source: "test", clock: Clock(now: { now })))
    }

    /// Appends by the tool's own rule: the next index is the number of `.json` files.
    func append(_ text: String, to key: String, at seconds: Int64 = 1_795_290_000) async throws {
        let parts = key.split(separator: "/")
        _ = try await layout().addMessage(
            ["role": "user", "content": .text(text)], agent: String(parts[0]), context: String(parts[1]),
            at: Timestamp(seconds: seconds))
    }

    /// The thread's messages in reading order.
    func messages(_ key: String) async throws -> [StoredMessage] {
        try await layout().messages(key, PageRequest(.first, limit: 10_000)).items
    }

    /// The indexes inside the messages, in reading order.
    func indexes(_ key: String) async throws -> [Int] {
        try await messages(key).map { message in
            guard case .bytes(let bytes) = message.raw else { return -1 }
            return LooopyFields(bytes, [["index"]]).integer("index") ?? -1
        }
    }
}

/// A recovery entry kept in memory.
final class LooopyJournal: RecoveryRecorder, RecoveryEntry {
    let record: RecordID
    let request: ChangeRequest
    private let state = Mutex<(items: [RecoveryItem], isSealed: Bool)>(([], false))

    init(_ plan: ChangePlan) {
        record = plan.target.id
        request = plan.request
    }

    init(_ key: String = "k") {
        record = RecordID(source: "test", layout: "looopy", kind: .thread, key: key)
        request = .delete(.record)
    }

    var isSealed: Bool { state.withLock { $0.isSealed } }

    func record(_ item: RecoveryItem) throws(StorageError) { state.withLock { $0.items.append(item) } }

    func seal() throws(StorageError) { state.withLock { $0.isSealed = true } }

    func items(_ receive: (RecoveryItem) throws(StorageError) -> StreamControl) throws(StorageError) {
        for item in state.withLock({ $0.items }) where try receive(item) == .stop { return }
    }
}

/// An engine that dies when one change more than allowed is tried: that call
/// and every later one fail, as if the process had been killed. Each deleted
/// object is a change of its own.
final class DyingEngine: ObjectEngine {
    private let engine: any ObjectEngine
    private let left: Mutex<Int?>
    private let made = Mutex(0)
    private let isDead = Mutex(false)

    private let kept: TemporaryDirectory?

    /// - Parameters:
    ///   - changes: how many changes are still made; `nil` for no end.
    ///   - kept: what the engine is on, to live as long as it.
    init(_ engine: any ObjectEngine, after changes: Int?, keeping kept: TemporaryDirectory? = nil) {
        self.engine = engine
        self.kept = kept
        left = Mutex(changes)
    }

    /// How many changes were made.
    var changes: Int { made.withLock { $0 } }
    var place: String { engine.place }
    var capabilities: EngineCapabilities { engine.capabilities }

    private func live() throws(StorageError) {
        if isDead.withLock({ $0 }) {
            throw StorageError(.failed, operation: "go on", place: place, reason: "the process is dead")
        }
    }

    private func change() throws(StorageError) {
        if left.withLock({ $0 == 0 }) { isDead.withLock { $0 = true } }
        try live()
        left.withLock { left in left = left.map { $0 - 1 } }
        made.withLock { $0 += 1 }
    }

    func list(_ listing: ObjectListing) async throws(StorageError) -> ObjectPage {
        try live()
        return try await engine.list(listing)
    }

    func stat(_ key: ObjectKey) async throws(StorageError) -> ObjectInfo? {
        try live()
        return try await engine.stat(key)
    }

    func read(_ key: ObjectKey, range: Range<Int64>?) async throws(StorageError) -> StoredObject? {
        try live()
        return try await engine.read(key, range: range)
    }

    func readMany(_ keys: [ObjectKey]) async throws(StorageError) -> [Result<StoredObject?, StorageError>] {
        try live()
        return try await engine.readMany(keys)
    }

    @discardableResult
    func write(_ write: ObjectWrite) async throws(StorageError) -> ObjectInfo {
        try change()
        return try await engine.write(write)
    }

    func delete(_ keys: [ObjectKey], pruning: ObjectKey?) async throws(StorageError) -> [ObjectDeletion] {
        var deletions: [ObjectDeletion] = []
        for key in keys {
            try change()
            deletions += try await engine.delete([key], pruning: pruning)
        }
        return deletions
    }

    func close() async {}
}
