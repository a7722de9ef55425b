import EngineCore
import StoredRecords
import Testing

@testable import S3Engine

@Suite struct LocationTests {
    @Test func `a location is read with all its options and written so that it reads the same`() throws {
        let text =
            "s3://bucket/a%20b/c?endpoint=http://localhost:9000&region=eu-west-1&path-style=false&profile=my%20own"
        let location = try S3Location(url: text)
        #expect(location.bucket == "bucket")
        #expect(location.prefix == "a b/c/")
        #expect(location.region == "eu-west-1")
        #expect(location.endpoint == "http://localhost:9000")
        #expect(location.usesPathStyle == false)
        #expect(location.profile == "my own")
        #expect(try S3Location(url: location.description) == location)
        #expect(try S3Location(url: "s3://b").prefix == "")
        #expect(try S3Location(url: "s3://b/").description == "s3://b/")
    }

    @Test(arguments: [
        "s3://", "s3:///x", "s3://user:secret@bucket/x", "s3://b/../x", "s3://b/a//b", "s3://b/%ff", "s3://b/%2",
        "s3://b?endpoint=ftp://h", "s3://b?endpoint=http://user:secret@h", "s3://b?endpoint=http://",
        "s3://b?endpoint=http://h:0", "s3://b?endpoint=http://h:99999", "s3://b?endpoint=http://h?x=secret",
        "s3://b?endpoint=http://h%0d%0aX-Y:1", "s3://b?region=a/b", "s3://b?path-style=maybe", "s3://b?secret=secret",
        "s3://b%20c/", "http://b/",
    ])
    func `a wrong location is refused without repeating it`(text: String) throws {
        let error = try #require(throws: StorageError.self) { try S3Location(url: text) }
        #expect(error.kind == .invalid)
        #expect(!"\(error)".contains("secret"))
    }

    @Test func `the bucket is in the host with Amazon and in the path elsewhere unless asked otherwise`() throws {
        func url(_ endpoint: String?, _ bucket: String, _ style: Bool?, region: String = "eu-west-1") throws -> String {
            let address = S3Address(
                endpoint: try endpoint.map { try S3Endpoint($0) }, region: region, bucket: bucket,
                usesPathStyle: style)
            return address.url(path: address.path(Array("a b".utf8)), query: "x=")
        }
        #expect(try url(nil, "b", nil) == "https://b.s3.eu-west-1.amazonaws.com/a%20b?x=")
        #expect(try url(nil, "b.c", nil) == "https://s3.eu-west-1.amazonaws.com/b.c/a%20b?x=")
        #expect(try url(nil, "b", true) == "https://s3.eu-west-1.amazonaws.com/b/a%20b?x=")
        #expect(try url(nil, "b", nil, region: "cn-north-1") == "https://b.s3.cn-north-1.amazonaws.com.cn/a%20b?x=")
        #expect(try url("http://127.0.0.1:9000", "b", nil) == "http://127.0.0.1:9000/b/a%20b?x=")
        #expect(try url("https://Host:443/base/", "b", false) == "https://b.host/base/a%20b?x=")
        #expect(try url("http://[::1]:80", "b", nil) == "http://[::1]/b/a%20b?x=")
    }
}
