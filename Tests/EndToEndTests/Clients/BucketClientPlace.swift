import JSONText
import TestSupport

/// A prefix of a bucket with boto3 and ctxbrowse at it.
struct BucketClientPlace {
    static var servers: [TestServer] { [.moto, .seaweedfs].filter(\.isWanted) }

    let server: TestServer
    let bucket: TestBucket
    let url: String
    let client: Client
    let program: Program

    init(_ server: TestServer, below: String = "") throws {
        self.server = server
        bucket = try TestBucket(server, below: below)
        url = "s3://\(bucket.name)/\(bucket.prefix)?endpoint=\(bucket.endpoint)&region=us-east-1&path-style=true"
        let credentials = ["AWS_ACCESS_KEY_ID": bucket.keyID, "AWS_SECRET_ACCESS_KEY": bucket.secret]
        client = Client(.s3, url, credentials)
        program = try Program(credentials)
    }

    /// Every object as the client gets it, by its key: its bytes, its content
    /// type and what the client said of it beside that.
    func objects() throws -> [String: JSONValue] {
        var objects: [String: JSONValue] = [:]
        for member in try client.run("get-all").objectValue ?? [] {
            // The name's own type; what a client adds to it is no part of any format.
            let type = member.value["contentType"]?.stringValue?.split(separator: ";").first.map(String.init)
            objects[member.key.text] = member.value.setting(.text(type ?? ""), for: "contentType")
        }
        return objects
    }
}
