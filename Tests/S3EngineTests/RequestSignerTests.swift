import StoredRecords
import Testing

@testable import S3Engine

/// The worked examples of the S3 API reference ("Signature Calculations for
/// the Authorization Header") and cases of Amazon's SigV4 test suite.
@Suite struct RequestSignerTests {
    private static let emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    private struct Example: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var method = "GET"
        var path = "/"
        var query: [(name: String, value: String)] = []
        var headers: [(name: String, value: String)] = []
        var hash = RequestSignerTests.emptyHash
        /// SHA-256 of the canonical request, as published.
        var requestHash: String
        var signature: String
    }

    private static let s3Examples = [
        Example(
            testDescription: "GET Object", path: "/test.txt", headers: [("Range", "bytes=0-9")],
            requestHash: "7344ae5b7ee6c3e7e6b0fe0640412a37625d1fbfff95c48bbb2dc43964946972",
            signature: "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
        Example(
            testDescription: "PUT Object", method: "PUT",
            path: "/" + PercentEncoding.encode("test$file.text".utf8, keepingSlash: true),
            headers: [("Date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")],
            hash: HexText.of(Digest.sha256(Array("Welcome to Amazon S3.".utf8))),
            requestHash: "9e0e90d9c76de8fa5b200d8c849cd5b8dc7a3be3951ddb7f6a76b4158342019d",
            signature: "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"),
        Example(
            testDescription: "GET Bucket Lifecycle", query: [("lifecycle", "")],
            requestHash: "9766c798316ff2757b517bc739a67f6213b4ab36dd5da2f94eaebf79c77395ca",
            signature: "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
        Example(
            testDescription: "Get Bucket (List Objects)", query: [("prefix", "J"), ("max-keys", "2")],
            requestHash: "df57d21db20da04d7fa30298dd4488ba3a2b47ca3a489c74750e0f1e7df1b9b7",
            signature: "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
    ]

    @Test(arguments: s3Examples)
    private func `the examples of the S3 reference are signed as published`(example: Example) throws {
        let signer = RequestSigner(
            credentials: S3Credentials(
                keyID: "AKIAIOSFODNN7EXAMPLE", secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
            region: "us-east-1")
        let time = try #require(Timestamp(iso8601: "2013-05-24T00:00:00Z"))
        let headers = example.headers + [("Host", "examplebucket.s3.amazonaws.com")]
        let signed = signer.sign(
            method: example.method, path: example.path, query: example.query, headers: headers,
            payloadHash: example.hash, time: time)
        let request = signer.canonicalRequest(
            method: example.method, path: example.path, query: example.query,
            headers: signed.filter { $0.name != "authorization" }, payloadHash: example.hash)
        #expect(HexText.of(Digest.sha256(Array(request.utf8))) == example.requestHash)
        let authorization = try #require(signed.first { $0.name == "authorization" }?.value)
        let names = example.headers.map { $0.name.lowercased() } + ["host", "x-amz-content-sha256", "x-amz-date"]
        #expect(
            authorization
                == "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                + "SignedHeaders=\(names.sorted().joined(separator: ";")),Signature=\(example.signature)")
    }

    /// The suite's requests without the S3 header: (name, method, path, query, headers, signature).
    private static let suiteExamples = [
        Example(
            testDescription: "get-vanilla", requestHash: "",
            signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        Example(
            testDescription: "get-vanilla-query-order-key-case", query: [("Param2", "value2"), ("Param1", "value1")],
            requestHash: "", signature: "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
        Example(
            testDescription: "get-unreserved",
            path: "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", requestHash: "",
            signature: "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"),
        Example(
            testDescription: "get-utf8", path: "/" + PercentEncoding.encode("ሴ".utf8), requestHash: "",
            signature: "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"),
        Example(
            testDescription: "get-vanilla-utf8-query", query: [("ሴ", "bar")], requestHash: "",
            signature: "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"),
        Example(
            testDescription: "post-vanilla", method: "POST", requestHash: "",
            signature: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
        Example(
            testDescription: "get-header-value-trim",
            headers: [("My-Header1", " value1"), ("My-Header2", " \"a   b   c\"")],
            requestHash: "", signature: "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"),
    ]

    @Test(arguments: suiteExamples)
    private func `cases of the SigV4 test suite are signed as published`(example: Example) throws {
        var signer = RequestSigner(
            credentials: S3Credentials(keyID: "AKIDEXAMPLE", secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            region: "us-east-1")
        signer.service = "service"
        let headers = example.headers + [("Host", "example.amazonaws.com"), ("X-Amz-Date", "20150830T123600Z")]
        let request = signer.canonicalRequest(
            method: example.method, path: example.path, query: example.query, headers: headers,
            payloadHash: example.hash)
        #expect(signer.signature(of: request, date: "20150830T123600Z") == example.signature)
    }

    @Test func `a session token is signed with the rest`() throws {
        let signer = RequestSigner(
            credentials: S3Credentials(keyID: "k", secret: "s", sessionToken: "token"), region: "r")
        let signed = signer.sign(
            method: "GET", path: "/", query: [], headers: [("host", "h")], payloadHash: Self.emptyHash,
            time: Timestamp(seconds: 0))
        #expect(signed.contains { $0.name == "x-amz-security-token" && $0.value == "token" })
        let authorization = try #require(signed.first { $0.name == "authorization" }?.value)
        #expect(authorization.contains("SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,"))
    }

    @Test func `what is printed of credentials is not the credentials`() {
        let credentials = S3Credentials(keyID: "AKIAKEY", secret: "verysecret", sessionToken: "sometoken")
        var dumped = ""
        dump(credentials, to: &dumped)
        for text in ["\(credentials)", String(reflecting: credentials), dumped] {
            #expect(!text.contains("verysecret") && !text.contains("sometoken") && !text.contains("AKIAKEY"))
        }
    }
}
