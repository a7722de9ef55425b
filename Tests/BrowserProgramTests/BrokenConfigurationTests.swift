import BrowserModel
import ContextStores
import StoredRecords
import TestSupport
import Testing

@testable import BrowserProgram

@Suite("A configuration with an error")
struct BrokenConfigurationTests {
    @Test("Why its sources are read-only is told by each of them, and of one that is understood nothing is")
    func told() async throws {
        let directory = try TemporaryDirectory()
        var configuration = Configuration(problems: ["config.json, line 3: there is no comma"])
        configuration.isCertainOfSources = false
        let broken = try await open(directory.path, configuration, isReadOnly: true)
        #expect(broken.isReadOnly)
        #expect(broken.refusal == "the configuration file has an error, ! tells which")
        #expect(try await open(directory.path, Configuration(), isReadOnly: true).refusal == nil)
    }

    private func open(
        _ path: String, _ configuration: Configuration, isReadOnly: Bool
    ) async throws -> OpenedSource {
        let environment = ProcessEnvironment(variables: [:], currentDirectory: path)
        let opened = OpenedLibrary.stores(
            [path], configuration: configuration, file: path + "/config.json", environment: environment,
            isReadOnly: isReadOnly)
        let name = try #require(opened.found.sources.first?.name)
        return try await opened.library.open(name)
    }
}
