/// A place in the bucket of a test server, and how tests reach it without the engine.
public struct TestBucket: Sendable {
    public let server: TestServer
    public let endpoint: String
    public let name: String
    public let prefix: String
    public let keyID: String
    public let secret: String

    public init(_ server: TestServer, below: String = "") throws {
        self.server = server
        endpoint = try server.value("_ENDPOINT")
        name = try server.value("_BUCKET")
        keyID = try server.value("_ACCESS_KEY")
        secret = try server.value("_SECRET_KEY")
        prefix = "test-\(UInt64.random(in: 0...UInt64.max))/" + below
    }

    public func put(_ key: [UInt8], _ bytes: [UInt8], contentType: String = "application/octet-stream") throws {
        let directory = try TemporaryDirectory()
        try RawFiles.write(directory.path("body"), bytes)
        let answer = try curl(
            key, ["-X", "PUT", "--data-binary", "@" + directory.path("body"), "-H", "Content-Type: \(contentType)"],
            hash: "UNSIGNED-PAYLOAD")
        guard answer.lines.last == "200" else { throw BucketFailure(description: "PUT: \(answer.text)") }
    }

    /// The headers of an object, in lines.
    public func headers(_ key: [UInt8]) throws -> [String] {
        try curl(key, ["-I"], hash: "UNSIGNED-PAYLOAD").text.split(whereSeparator: \.isNewline).map(String.init)
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

public struct BucketFailure: Error, CustomStringConvertible {
    public var description: String
}
