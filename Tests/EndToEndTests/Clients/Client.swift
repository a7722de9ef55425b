import Glibc
import JSONText
import TestSupport
import Testing

/// Another program at the same place: a script of `Tests/Python`, which uses
/// the client library that the tools use.
struct Client: Sendable {
    enum Script: String, Sendable {
        case redis = "redis_check", s3 = "s3_check", postgres = "postgres_check", memex = "memex_check"
    }

    /// Taken at its word: a Python that is promised and lacks a library is a failure, not a skip.
    static let python: String? = getenv("CTXBROWSE_TEST_PYTHON").map { String(cString: $0) }

    /// Whether tests with clients of these servers are to run.
    static func isWanted(_ servers: TestServer...) -> Bool {
        servers.allSatisfy(\.isWanted) && (python != nil || TestServer.areRequired)
    }

    let script: Script
    /// The URL or path that follows the verb.
    let place: String
    var environment: [String: String] = [:]

    init(_ script: Script, _ place: String, _ environment: [String: String] = [:]) {
        self.script = script
        self.place = place
        self.environment = environment
    }

    /// Runs a verb to its end and returns what it printed as JSON.
    @discardableResult
    func run(_ verb: String, _ arguments: String..., input: String = "") throws -> JSONValue {
        try JSONValue.parse(try text(verb, arguments, input: input))
    }

    /// The same for a verb that prints anything.
    @discardableResult
    func text(_ verb: String, _ arguments: [String], input: String = "") throws -> String {
        guard let python = Self.python else { throw ClientFailure(description: "CTXBROWSE_TEST_PYTHON is not set") }
        let path = "\(PackagePlaces.root)/Tests/Python/\(script.rawValue).py"
        let variables = ["LANG": "C.UTF-8", "HOME": "/nonexistent"].merging(environment) { $1 }
        let run = try ProgramRun.run(python, [path, verb, place] + arguments, environment: variables, input: input)
        guard run.code == 0 else { throw ClientFailure(description: "\(script.rawValue) \(verb): \(run.errors)") }
        return run.text
    }
}

struct ClientFailure: Error, CustomStringConvertible {
    let description: String
}

extension JSONValue {
    /// The texts of an array.
    var texts: [String] { arrayValue?.compactMap(\.stringValue) ?? [] }

    /// The member of every object of an array.
    func each(_ key: String) -> [JSONValue?] { arrayValue?.map { $0[key] } ?? [] }
}

extension [JSONValue] {
    /// The member of every object.
    func each(_ key: String) -> [JSONValue?] { map { $0[key] } }
}
