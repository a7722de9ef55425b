import Glibc
import JSONText
import Synchronization
import TestSupport
import Testing

/// Copies of the stores and a home of its own for runs of the program.
final class Workbench: Sendable {
    let directory: TemporaryDirectory
    private let copied = Mutex<Set<String>>([])

    var memex: String { copy("memexllm") + "/memexllm.db" }
    var looopy: String { copy("looopy") + "/_agent_store" }
    var connectors: String { copy("context-connectors") }
    var everything: [String] { [memex, looopy, connectors] }

    init() throws {
        directory = try TemporaryDirectory()
        try RawFiles.makeDirectory(directory.path("home"))
    }

    /// Copies the store when it is first asked for.
    private func copy(_ name: String) -> String {
        copied.withLock { copied in
            if copied.insert(name).inserted {
                let from = PackagePlaces.fixtures + "/" + name
                let run = try? ProgramRun.run("/bin/cp", ["-r", from, directory.path(name)])
                if run?.code != 0 { Issue.record("cannot copy \(from): \(run?.errors ?? "")") }
            }
            return directory.path(name)
        }
    }

    var environment: [String: String] {
        ["HOME": directory.path("home"), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"]
    }

    func path(_ name: String) -> String { directory.path(name) }

    /// Runs ctxbrowse in the directory.
    func run(_ arguments: [String], input: String = "") throws -> ProgramRun {
        try ProgramRun.run(
            PackagePlaces.program, arguments, environment: environment, directory: directory.path, input: input)
    }

    func run(_ arguments: String...) throws -> ProgramRun { try run(arguments) }

    /// Runs `sh -c script` with the program as `$1` and the arguments after it.
    func shell(_ script: String, _ arguments: [String]) throws -> ProgramRun {
        try ProgramRun.run(
            "/bin/sh", ["-c", script, "sh", PackagePlaces.program] + arguments, environment: environment,
            directory: directory.path)
    }

    /// Runs Python on the script and returns what it printed.
    func python(_ script: String, _ arguments: [String]) throws -> String {
        let run = try ProgramRun.run("/usr/bin/python3", ["-c", script] + arguments, environment: environment)
        guard run.code == 0 else { throw SystemFailure("python: \(run.errors)") }
        return run.text
    }

    /// Every file below a directory with its bytes.
    func tree(_ path: String) throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for name in RawFiles.names(path) {
            let below = path + "/" + name
            var info = stat()
            guard lstat(below, &info) == 0 else { continue }
            if info.st_mode & S_IFMT == S_IFDIR {
                for (inner, bytes) in try tree(below) { files[name + "/" + inner] = bytes }
            } else {
                files[name] = try RawFiles.read(below)
            }
        }
        return files
    }
}

extension ProgramRun {
    /// Standard output read as one JSON value a line.
    func json() throws -> [JSONValue] {
        try lines.map { try JSONValue.parse($0) }
    }

    func texts(_ member: String) throws -> [String] {
        try json().compactMap { $0[member]?.stringValue }
    }
}

/// Nothing went wrong: exit 0 and not a word on standard error.
func expectDone(_ run: ProgramRun, _ location: SourceLocation = #_sourceLocation) {
    #expect(run.code == 0, "\(run.errors)", sourceLocation: location)
    #expect(run.errors.isEmpty, sourceLocation: location)
}

/// It ended with this code and one sentence, or so many, with all the parts.
func expectRefusal(
    _ run: ProgramRun, _ code: Int32, _ parts: String..., lines: Int = 1, location: SourceLocation = #_sourceLocation
) {
    #expect(run.code == code, "\(run.errors)", sourceLocation: location)
    #expect(run.errorLines.count == lines, "\(run.errors)", sourceLocation: location)
    for part in parts { #expect(run.errors.contains(part), "\(run.errors)", sourceLocation: location) }
}
