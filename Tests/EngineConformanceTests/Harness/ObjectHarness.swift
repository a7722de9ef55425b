import EngineCore
import FileEngine
import StoredRecords
import TestSupport
import Testing

/// One storage of objects under test: engines on it, and content put there
/// without them.
protocol ObjectHarness: Sendable {
    /// Another engine on the same storage.
    func engine(_ options: EngineOptions) async throws -> any ObjectEngine
    func seed(_ key: ObjectKey, _ bytes: [UInt8]) throws
    func seedAll(_ objects: [(key: ObjectKey, bytes: [UInt8])]) throws
    /// The most bytes a part of a name may have; `nil` without a limit.
    var longestPart: Int? { get }
    /// Whether there can be an object of this name.
    func canHold(_ key: ObjectKey) -> Bool
    /// Why this server, unlike others, does not keep an object of this name
    /// rightly; `nil` where it does.
    func mismatch(_ key: ObjectKey) -> String?
    /// Whether a tag belongs to the content, so that writing it again does not change it.
    var hasContentTags: Bool { get }
}

extension ObjectHarness {
    func canHold(_ key: ObjectKey) -> Bool { true }
    func mismatch(_ key: ObjectKey) -> String? { nil }
    var hasContentTags: Bool { false }

    func engine() async throws -> any ObjectEngine { try await engine(EngineOptions()) }

    func seedAll(_ objects: [(key: ObjectKey, bytes: [UInt8])]) throws {
        for (key, bytes) in objects { try seed(key, bytes) }
    }

    func seed(_ keys: [String]) throws {
        try seedAll(keys.map { (ObjectKey($0), Array("content of \($0)".utf8)) })
    }
}

/// Every backend that the object suite runs on.
enum ObjectBackend: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case memory
    case files
    case filesBelowStrangeName
    case moto
    case motoBelowStrangeName
    case seaweedfs

    /// Without the servers that are not there and not required.
    static var allCases: [ObjectBackend] {
        let servers: [ObjectBackend] = [.moto, .motoBelowStrangeName, .seaweedfs]
        return [.memory, .files, .filesBelowStrangeName] + servers.filter { $0.server?.isWanted ?? true }
    }

    /// The server it runs on, if it needs one.
    var server: TestServer? {
        switch self {
        case .memory, .files, .filesBelowStrangeName: nil
        case .moto, .motoBelowStrangeName: .moto
        case .seaweedfs: .seaweedfs
        }
    }

    var testDescription: String { rawValue }

    func harness() throws -> any ObjectHarness {
        switch self {
        case .memory: MemoryObjectHarness()
        case .files: try FileHarness(below: nil)
        case .filesBelowStrangeName: try FileHarness(below: "a b/%2e%2e/-\n'\"日本 🙂")
        case .moto: try S3Harness(.moto)
        case .motoBelowStrangeName: try S3Harness(.moto, below: "a b/%2e%2e/-'\"日本 🙂+=&/")
        case .seaweedfs: try S3Harness(.seaweedfs)
        }
    }
}

struct MemoryObjectHarness: ObjectHarness {
    private let first = MemoryObjectEngine()
    let longestPart: Int? = nil

    func engine(_ options: EngineOptions) async throws -> any ObjectEngine { first.another(options: options) }
    func seed(_ key: ObjectKey, _ bytes: [UInt8]) throws { first.seed(key, StoredBytes(bytes)) }
}

struct FileHarness: ObjectHarness {
    let directory: TemporaryDirectory
    let root: String
    let longestPart: Int? = 255

    init(below: String?) throws {
        let directory = try TemporaryDirectory()
        self.directory = directory
        root = below.map { directory.path($0) } ?? directory.path
        try RawFiles.makeDirectory(root)
        if below != nil {
            // What is beside the root must never be seen.
            try RawFiles.write(directory.path("beside"), "beside")
        }
    }

    func engine(_ options: EngineOptions) async throws -> any ObjectEngine {
        try FileEngine(root: root, options: options)
    }

    func seed(_ key: ObjectKey, _ bytes: [UInt8]) throws {
        try RawFiles.write(root: root, key.bytes, bytes)
    }
}
