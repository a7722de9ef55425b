import EngineCore
import StoredRecords
import TestSupport

/// A prefix of its own in the bucket of a test server, filled by the program
/// `curl` with its own signer.
struct S3Harness: ObjectHarness {
    let bucket: TestBucket
    /// With the prefix, a name may have 1024 bytes.
    let longestPart: Int?

    init(_ server: TestServer, below: String = "") throws {
        bucket = try TestBucket(server, below: below)
        longestPart = 1024 - bucket.prefix.utf8.count
    }

    func engine(_ options: EngineOptions) async throws -> any ObjectEngine {
        var options = options
        options.deadline = .seconds(300)
        return try await bucket.engine(options)
    }

    func seed(_ key: ObjectKey, _ bytes: [UInt8]) throws { try bucket.put(key.bytes, bytes) }

    func seedAll(_ objects: [(key: ObjectKey, bytes: [UInt8])]) throws {
        try bucket.putAll(objects.map { ($0.key.bytes, $0.bytes) })
    }

    var hasContentTags: Bool { true }

    /// S3 keeps names that are UTF-8.
    func canHold(_ key: ObjectKey) -> Bool { String(validating: key.bytes, as: UTF8.self) != nil }

    func mismatch(_ key: ObjectKey) -> String? { bucket.server.mismatch(key.bytes) }
}
