internal import Glibc

/// A server that the scripts in `Tests/Servers` start and the tests run on.
///
/// Each is known by the environment variable in which its script names the
/// place; what else a test needs has the same name with something behind it.
public enum TestServer: String, CaseIterable, Sendable {
    case redis = "CTXBROWSE_TEST_REDIS"
    case redisTLS = "CTXBROWSE_TEST_REDIS_TLS"
    case redisCluster = "CTXBROWSE_TEST_REDIS_CLUSTER"
    case postgres = "CTXBROWSE_TEST_POSTGRES"
    case moto = "CTXBROWSE_TEST_S3_MOTO"
    case seaweedfs = "CTXBROWSE_TEST_S3_SEAWEEDFS"

    /// Whether a server that is not there is a failure and no reason to skip.
    public static var areRequired: Bool {
        variable("CI") == "true" || variable("CTXBROWSE_TEST_SERVERS") == "required"
    }

    /// The source form, `nil` when the server is not there.
    public var place: String? { Self.variable(rawValue) }

    /// Whether tests on it are to run; one that is required and not there makes them fail.
    public var isWanted: Bool { place != nil || Self.areRequired }

    /// The source form or the value of `rawValue + suffix`; throws when it is not set.
    public func value(_ suffix: String = "") throws -> String {
        guard let value = Self.variable(rawValue + suffix) else { throw MissingServer(variable: rawValue + suffix) }
        return value
    }

    private static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
}

public struct MissingServer: Error, CustomStringConvertible {
    let variable: String

    public var description: String {
        "\(variable) is not set: start the server with its script in Tests/Servers and read the .env file it writes"
    }
}
