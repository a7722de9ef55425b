import StoredRecords
import TestSupport
import Testing

@testable import S3Engine

@Suite struct CredentialChainTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try RawFiles.makeDirectory(directory.path(".aws"))
        try RawFiles.write(
            directory.path(".aws/credentials"),
            """
            [default]
            aws_access_key_id = DEFAULTKEY
            aws_secret_access_key=default/secret=
            # a remark
            [ci]
              aws_access_key_id = CIKEY
              aws_secret_access_key = cisecret
              aws_session_token = citoken

            """)
        try RawFiles.write(
            directory.path(".aws/config"),
            """
            [default]
            region = eu-north-1
            [profile ci]
            region = us-west-2 ; where the runners are
            endpoint_url = https://minio.example:9000
            s3 =
              addressing_style = path
              max_concurrent_requests = 20
            output = json
            [profile role]
            role_arn = arn:aws:iam::1:role/x
            source_profile = default
            [ci]
            region = wrong-1
            """)
    }

    private func find(_ variables: [String: String], profile: String? = nil) throws -> CredentialChain.Found {
        let variables = variables.merging(["HOME": directory.path]) { first, _ in first }
        return try CredentialChain(profile: profile) { variables[$0] }
            .find("open the bucket", place: "s3://b/", needsCredentials: true)
    }

    @Test func `the environment comes before the files`() throws {
        let found = try find([
            "AWS_ACCESS_KEY_ID": "ENVKEY", "AWS_SECRET_ACCESS_KEY": "envsecret", "AWS_SESSION_TOKEN": "envtoken",
            "AWS_REGION": "ap-east-1", "AWS_DEFAULT_REGION": "other-1",
        ])
        #expect(found.credentials == S3Credentials(keyID: "ENVKEY", secret: "envsecret", sessionToken: "envtoken"))
        #expect(found.region == "ap-east-1")
    }

    @Test func `without variables the default profile of the files counts`() throws {
        let found = try find(["AWS_ACCESS_KEY_ID": ""])
        #expect(found.credentials == S3Credentials(keyID: "DEFAULTKEY", secret: "default/secret="))
        #expect(found.region == "eu-north-1")
        #expect(found.usesPathStyle == nil)
    }

    @Test func `a profile gives its credentials with region endpoint and addressing`() throws {
        for found in [try find(["AWS_PROFILE": "ci"]), try find([:], profile: "ci")] {
            #expect(found.credentials == S3Credentials(keyID: "CIKEY", secret: "cisecret", sessionToken: "citoken"))
            #expect(found.region == "us-west-2")
            #expect(found.endpoint == "https://minio.example:9000")
            #expect(found.usesPathStyle == true)
        }
    }

    @Test func `a profile named in the location comes before the credentials of the environment`() throws {
        let variables = ["AWS_ACCESS_KEY_ID": "ENVKEY", "AWS_SECRET_ACCESS_KEY": "envsecret"]
        #expect(try find(variables, profile: "ci").credentials?.keyID == "CIKEY")
        #expect(try find(variables).credentials?.keyID == "ENVKEY")
    }

    @Test func `the files may be elsewhere or nowhere`() throws {
        try RawFiles.write(
            directory.path("other"), "[default]\naws_access_key_id=OTHER\naws_secret_access_key=othersecret\n")
        let elsewhere = try find([
            "AWS_SHARED_CREDENTIALS_FILE": directory.path("other"), "AWS_CONFIG_FILE": directory.path("none"),
        ])
        #expect(elsewhere.credentials?.keyID == "OTHER")
        #expect(elsewhere.region == nil)
        #expect(try find(["HOME": directory.path("nobody")]).credentials == nil)
    }

    @Test func `what cannot be used is said and nothing secret with it`() throws {
        func failure(_ variables: [String: String], profile: String? = nil) throws -> StorageError {
            try #require(throws: StorageError.self) { try find(variables, profile: profile) }
        }
        #expect(try failure([:], profile: "nobody").kind == .notFound)
        #expect(try failure(["AWS_PROFILE": "nobody"]).kind == .notFound)
        #expect(try failure([:], profile: "role").kind == .unsupported)
        #expect(try failure([:], profile: "role").reason.contains("role_arn"))
        #expect(try failure(["AWS_ACCESS_KEY_ID": "ENVKEY"]).kind == .denied)
        #expect(try failure(["AWS_SHARED_CREDENTIALS_FILE": directory.path]).kind == .denied)
        for error in [try failure([:], profile: "role"), try failure(["AWS_ACCESS_KEY_ID": "ENVKEY"])] {
            #expect(!"\(error)".contains("secret=") && !"\(error)".contains("ENVKEY"))
        }
    }
}
