public import EngineCore
public import S3Engine

/// A place in the bucket of a test server, and how tests reach it without the
/// engine: by the program `curl`, which has a signer of its own.
public struct TestBucket: Sendable {
    public let server: TestServer
    public let endpoint: String
    public let name: String
    public let prefix: String
    public let keyID: String
    public let secret: String

    /// A prefix that no other test has.
    public init(_ server: TestServer, below: String = "") throws {
        self.server = server
        endpoint = try server.value("_ENDPOINT")
        name = try server.value("_BUCKET")
        keyID = try server.value("_ACCESS_KEY")
        secret = try server.value("_SECRET_KEY")
        prefix = "test-\(UInt64.random(in: 0...UInt64.max))/" + below
    }

    /// With time enough for a machine that runs every other test as well.
    public func engine(_ options: EngineOptions = EngineOptions(deadline: .seconds(300))) async throws -> S3Engine {
        try await S3Engine(
            S3Location(bucket: name, prefix: prefix, region: "us-east-1", endpoint: endpoint, usesPathStyle: true),
            credentials: S3Credentials(keyID: keyID, secret: secret), options: options)
    }

    public func put(_ key: [UInt8], _ bytes: [UInt8]) throws {
        try putAll([(key, bytes)])
    }

    /// Writes all objects by one run of the program.
    public func putAll(_ objects: [(key: [UInt8], bytes: [UInt8])]) throws {
        if objects.isEmpty { return }
        let directory = try TemporaryDirectory()
        var orders: [String] = []
        for (number, object) in objects.enumerated() {
            let body = directory.path("body\(number)")
            try RawFiles.write(body, object.bytes)
            orders.append(
                order(object.key) + "request = \"PUT\"\ndata-binary = \"@\(body)\"\noutput = \"\(body).answer\"\n"
                    + "header = \"Content-Type: application/octet-stream\"\n")
        }
        let run = try carryOut(orders, in: directory)
        guard run.code == 0, run.lines == objects.map({ _ in "200" }) else {
            throw BucketFailure(description: "cannot fill the bucket: \(run.text.prefix(200)) \(run.errors)")
        }
    }

    /// The lines before the body of an answer.
    public func headers(_ key: [UInt8]) throws -> [String] {
        let directory = try TemporaryDirectory()
        return try carryOut([order(key) + "head\n"], in: directory).text.split(whereSeparator: \.isNewline)
            .map(String.init)
    }

    /// Every object with its tag, which is the digest of its bytes; of a place with at most 1000.
    public func listing() throws -> [String] {
        let directory = try TemporaryDirectory()
        let query = "list-type=2&prefix=" + prefix.replacing("/", with: "%2F")
        let text = try carryOut([order(url: "\(endpoint)/\(name)/?\(query)")], in: directory).text
        guard text.contains("<IsTruncated>false<") else {
            throw BucketFailure(description: "cannot list the bucket: \(text.prefix(200))")
        }
        return text.split(separator: "<Contents>").dropFirst().map { entry in
            ["Key", "ETag"].map { name in
                let rest = entry.split(separator: "<\(name)>", omittingEmptySubsequences: false).last ?? ""
                return String(rest.prefix { $0 != "<" })
            }.joined(separator: " ")
        }.sorted()
    }

    private func carryOut(_ orders: [String], in directory: TemporaryDirectory) throws -> ProgramRun {
        // In a file, since everybody can read arguments.
        try RawFiles.write(directory.path("orders"), orders.joined(separator: "next\n"))
        return try ProgramRun.run(
            "/usr/bin/curl", ["--parallel", "--parallel-max", "8", "-K", directory.path("orders")])
    }

    private func order(_ key: [UInt8]) -> String {
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
        return order(url: url)
    }

    private func order(url: String) -> String {
        """
        url = "\(url)"
        silent
        show-error
        path-as-is
        globoff
        max-time = 60
        write-out = "%{http_code}\\n"
        user = "\(keyID):\(secret)"
        aws-sigv4 = "aws:amz:us-east-1:s3"
        header = "x-amz-content-sha256: UNSIGNED-PAYLOAD"

        """
    }
}

public struct BucketFailure: Error, CustomStringConvertible {
    public var description: String
}
