import EngineCore
import StoredRecords
import Testing

@testable import S3Engine

/// What servers answer, read from bytes.
@Suite struct AnswerTests {
    private func parsed(_ inner: String) -> ListingPage? {
        let text =
            "<?xml version=\"1.0\"?><ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
            + inner + "</ListBucketResult>"
        return Array(text.utf8).withUnsafeBytes { ListingPage($0) }
    }

    @Test func `a listing gives keys sizes times and tags`() throws {
        let page = try #require(
            parsed(
                """
                <EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>
                <NextContinuationToken>a&amp;b</NextContinuationToken>
                <Contents><Key>a+b%2Bc%C3%A9</Key><LastModified>2025-01-02T03:04:05.678Z</LastModified>
                <ETag>&quot;tag&quot;</ETag><Size>12</Size></Contents>
                <CommonPrefixes><Prefix>agent%3D1/</Prefix></CommonPrefixes>
                """))
        #expect(page.items.map(\.key) == [Array("a b+cé".utf8)])
        #expect(page.items.map(\.size) == [12])
        #expect(page.items.map(\.tag) == ["tag"])
        #expect(page.items.first?.modified == Timestamp(iso8601: "2025-01-02T03:04:05Z"))
        #expect(page.prefixes == [Array("agent=1/".utf8)])
        #expect(page.token == "a&b")
    }

    @Test func `a name that is not encoded stays as it is`() throws {
        let page = try #require(parsed("<Contents><Key>a+b%2B</Key><Size>0</Size></Contents>"))
        #expect(page.items.map(\.key) == [Array("a+b%2B".utf8)])
        #expect(page.token == nil)
    }

    @Test(arguments: [
        "<Contents><Key>a</Key></Contents>", "<Contents><Size>1</Size></Contents>",
        "<Contents><Key>a</Key><Size>-1</Size></Contents>", "<IsTruncated>true</IsTruncated>",
        "<EncodingType>url</EncodingType><Contents><Key>%2</Key><Size>1</Size></Contents>", "<Contents>",
    ])
    func `a listing that is not whole is refused`(inner: String) {
        #expect(parsed(inner) == nil)
    }

    @Test(arguments: [
        "", "text", "<a>", "<a></b>", "<a/><b/>", "<!DOCTYPE a><a/>",
        "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "<a>&unknown;</a>",
        String(repeating: "<a>", count: 40) + String(repeating: "</a>", count: 40), "<a>\u{1}</a>",
    ])
    func `what is not a plain XML document is refused`(text: String) {
        #expect(Array(text.utf8).withUnsafeBytes { XMLElement.parse($0) } == nil)
    }

    @Test func `random bytes are refused or read and never trap`() {
        var generator = SystemRandomNumberGenerator()
        let alphabet = Array("<>/a=\"&;x[]!-\u{0}\u{80}".utf8)
        var refused = 0
        for _ in 0..<2000 {
            let bytes = (0..<Int.random(in: 0..<40, using: &generator)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
            }
            if bytes.withUnsafeBytes({ XMLElement.parse($0) }) == nil { refused += 1 }
        }
        #expect(refused > 0)
    }

    private func failure(
        _ status: Int, _ body: String, headers: [String: String] = [:], now: String = "2025-01-01T00:00:00Z"
    ) throws -> StorageError {
        let response = HTTPResponse(status: status, headers: headers, body: StoredBytes(body))
        return S3Failure(response, now: try #require(Timestamp(iso8601: now)))
            .error(CallDeadline(.seconds(1), operation: "list objects", place: "s3://b/"))
    }

    @Test func `each code has its kind and the server's words are not repeated`() throws {
        let kinds: [(Int, String, StorageError.Kind)] = [
            (404, "NoSuchBucket", .notFound), (403, "InvalidAccessKeyId", .denied),
            (403, "SignatureDoesNotMatch", .denied), (400, "ExpiredToken", .denied), (403, "AccessDenied", .denied),
            (503, "SlowDown", .busy), (500, "InternalError", .unavailable), (301, "PermanentRedirect", .unavailable),
            (412, "PreconditionFailed", .conflict), (501, "NotImplemented", .unsupported), (400, "Whatever", .failed),
        ]
        for (status, code, kind) in kinds {
            let error = try failure(
                status, "<Error><Code>\(code)</Code><Message>the secret words</Message></Error>")
            #expect(error.kind == kind, "\(code)")
            #expect(error.vendorCode == status)
            #expect(!"\(error)".contains("secret words"))
        }
        let hostile = try failure(400, "<Error><Code>\u{9b}31m; rm -rf</Code></Error>")
        #expect(!"\(hostile)".contains("rm -rf"))
    }

    @Test func `a clock that is off is named with how far`() throws {
        let date = ["date": "Wed, 01 Jan 2025 00:00:00 GMT"]
        let behind = try failure(
            403, "<Error><Code>RequestTimeTooSkewed</Code></Error>", headers: date, now: "2024-12-31T23:30:00Z")
        #expect(behind.reason == "this computer's clock is 30 minutes behind the server's")
        let ahead = try failure(
            403, "<Error><Code>SignatureDoesNotMatch</Code></Error>", headers: date, now: "2025-01-01T05:00:00Z")
        #expect(ahead.reason == "this computer's clock is 5 hours ahead of the server's")
        let right = try failure(403, "<Error><Code>SignatureDoesNotMatch</Code></Error>", headers: date)
        #expect(right.reason == "the secret key is wrong")
    }

    @Test func `waits grow up to a bound and are not all alike`() {
        var generator = SystemRandomNumberGenerator()
        let backOff = BackOff(first: .milliseconds(100), longest: .seconds(1))
        for (attempt, bound) in [(1, 100), (2, 200), (3, 400), (4, 800), (5, 1000), (60, 1000)] {
            let waits = (0..<200).map { _ in backOff.wait(after: attempt, using: &generator) }
            #expect(waits.allSatisfy { $0 >= .zero && $0 <= .milliseconds(bound) })
            #expect(Set(waits).count > 100)
            #expect(waits.contains { $0 > .milliseconds(bound / 2) })
        }
        #expect(backOff.wait(after: 1, asked: 3, using: &generator) >= .seconds(3))
    }

    @Test func `text for a document is escaped so that a parser gives it back`() throws {
        let text = "a&b<c>\"d\"\t\n\r'é🙂"
        let document = Array("<a>\(XMLText.escaped(text))</a>".utf8)
        #expect(document.withUnsafeBytes { XMLElement.parse($0) }?.text == Array(text.utf8))
        #expect(!XMLText.isPossible("a\u{1}"))
        #expect(
            Digest.base64([]) == "" && Digest.base64([0xFB]) == "+w==" && Digest.base64([0xFB, 0xFF, 0xFE]) == "+//+")
    }
}
