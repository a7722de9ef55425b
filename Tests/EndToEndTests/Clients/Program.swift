import JSONText
import TestSupport
import Testing

/// The built program with a home and a state directory of its own.
struct Program: Sendable {
    let directory: TemporaryDirectory
    var environment: [String: String]

    /// - Parameter variables: what it finds in its environment besides.
    init(_ variables: [String: String] = [:]) throws {
        directory = try TemporaryDirectory()
        try RawFiles.makeDirectory(directory.path("home"))
        environment = [
            "HOME": directory.path("home"), "XDG_STATE_HOME": directory.path("state"), "LANG": "C.UTF-8",
            "PATH": "/usr/bin:/bin",
        ].merging(variables) { $1 }
    }

    /// Runs it to its end, however it ends.
    func run(_ words: [String]) throws -> ProgramRun {
        try ProgramRun.run(PackagePlaces.program, words, environment: environment, directory: directory.path)
    }

    func run(_ words: String...) throws -> ProgramRun { try run(words) }

    /// Runs it to a good end.
    @discardableResult
    func done(_ words: String..., location: SourceLocation = #_sourceLocation) throws -> ProgramRun {
        let run = try run(words)
        try #require(run.code == 0, "\(words) ended with \(run.code): \(run.errors)", sourceLocation: location)
        return run
    }

    /// The lines that a good end printed, each as JSON.
    func records(_ words: String..., location: SourceLocation = #_sourceLocation) throws -> [JSONValue] {
        let run = try run(words)
        try #require(run.code == 0, "\(words) ended with \(run.code): \(run.errors)", sourceLocation: location)
        return try run.lines.map { try JSONValue.parse($0) }
    }

    /// Expects a refusal that changes nothing and says these words.
    func refused(
        _ words: String..., saying texts: [String], code: Int32 = 4, location: SourceLocation = #_sourceLocation
    ) throws {
        let run = try run(words)
        #expect(run.code == code, "\(words): \(run.errors)", sourceLocation: location)
        #expect(run.output.isEmpty, sourceLocation: location)
        for text in texts {
            #expect(run.errors.lowercased().contains(text.lowercased()), "\(run.errors)", sourceLocation: location)
        }
    }
}
