import TestSupport
import Testing

/// Stores as their tools wrote them, for a test to change.
enum CopiedStores {
    /// - Parameter names: of the fixtures: `memexllm`, `looopy`, `context-connectors`.
    static func make(_ names: String...) throws -> TemporaryDirectory {
        let directory = try TemporaryDirectory()
        for name in names {
            let copied = try ProgramRun.run(
                "/bin/cp", ["-r", "\(PackagePlaces.fixtures)/\(name)", directory.path(name)])
            #expect(copied.code == 0)
        }
        return directory
    }
}
