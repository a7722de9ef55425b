import EngineCore
import S3Engine
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
        try await S3Engine(bucket.location(), credentials: bucket.credentials, options: options)
    }

    func seed(_ key: ObjectKey, _ bytes: [UInt8]) throws { try bucket.put(key.bytes, bytes) }

    var hasContentTags: Bool { true }

    /// S3 keeps names that are UTF-8.
    func canHold(_ key: ObjectKey) -> Bool { String(validating: key.bytes, as: UTF8.self) != nil }

    func mismatch(_ key: ObjectKey) -> String? {
        switch bucket.server {
        case .moto where key.bytes.contains(UInt8(ascii: "\n")): "moto has no page for a path with a line feed"
        case .seaweedfs where key.bytes.contains(UInt8(ascii: "\\")): "SeaweedFS takes a backslash for a slash"
        default: nil
        }
    }
}

/// A place in the bucket of a test server, and how tests reach it without the engine.
struct TestBucket: Sendable {
    let server: TestServer
    let endpoint: String
    let name: String
    let prefix: String
    let keyID: String
    let secret: String

    init(_ server: TestServer, below: String = "") throws {
        self.server = server
        endpoint = try server.value("_ENDPOINT")
        name = try server.value("_BUCKET")
        keyID = try server.value("_ACCESS_KEY")
        secret = try server.value("_SECRET_KEY")
        prefix = "test-\(UInt64.random(in: 0...UInt64.max))/" + below
    }

    var credentials: S3Credentials { S3Credentials(keyID: keyID, secret: secret) }

    func location() throws -> S3Location {
        try S3Location(bucket: name, prefix: prefix, region: "us-east-1", endpoint: endpoint, usesPathStyle: true)
    }

    func put(_ key: [UInt8], _ bytes: [UInt8], contentType: String = "application/octet-stream") throws {
        let directory = try TemporaryDirectory()
        try RawFiles.write(directory.path("body"), bytes)
        let answer = try curl(
            key, ["-X", "PUT", "--data-binary", "@" + directory.path("body"), "-H", "Content-Type: \(contentType)"],
            hash: "UNSIGNED-PAYLOAD")
        guard answer.lines.last == "200" else { throw BucketFailure(description: "PUT: \(answer.text)") }
    }

    /// The headers of an object, in lines.
    func headers(_ key: [UInt8]) throws -> [String] {
        try curl(key, ["-I"], hash: "UNSIGNED-PAYLOAD").lines
    }

    private func curl(_ key: [UInt8], _ arguments: [String], hash: String) throws -> ProgramRun {
        var url = "\(endpoint)/\(name)/"
        for byte in Array(prefix.utf8) + key {
            let scalar = UnicodeScalar(byte)
            if byte < 0x80,
                scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                    || "-._~/".unicodeScalars.contains(scalar)
            {
                url.unicodeScalars.append(scalar)
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                url += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return try ProgramRun.run(
            "/usr/bin/curl",
            [
                "-s", "-S", "--path-as-is", "--globoff", "--max-time", "20", "-w", "\n%{http_code}\n",
                "--aws-sigv4", "aws:amz:us-east-1:s3", "-K", "-", "-H", "x-amz-content-sha256: \(hash)",
            ] + arguments + [url],
            input: "user = \"\(keyID):\(secret)\"\n")
    }
}

struct BucketFailure: Error, CustomStringConvertible {
    var description: String
}
