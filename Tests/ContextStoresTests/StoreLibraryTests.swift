import EngineCore
import FileEngine
import StoredLayouts
import StoredRecords
import TestSupport
import Testing

@testable import ContextStores

@Suite struct StoreLibraryTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        for key in ["web", "docs"] { try Self.writeIndex(key, in: directory.path("base/indexes/" + key)) }
    }

    private static func writeIndex(_ key: String, in path: String) throws {
        let search =
            #"{"version":1,"contextState":{"mode":"search-only"},"source":{"type":"website","config":{"url":"u"}}}"#
        let full = #"{"version":1,"contextState":{"mode":"full","blobs":[["a","b"]]},"source":{"type":"website"}}"#
        try RawFiles.makeDirectory(path)
        try RawFiles.write(path + "/state.json", full)
        try RawFiles.write(path + "/search.json", search)
    }

    private func library(_ arguments: [String] = ["base"], readOnly: Bool = false) -> StoreLibrary {
        let environment = ProcessEnvironment(variables: [:], currentDirectory: directory.path)
        let resolution = SourceResolution.resolve(
            arguments: arguments, configuration: Configuration(), environment: environment, readOnly: readOnly)
        return StoreLibrary(specs: resolution.specs, stateDirectory: directory.path("state"))
    }

    private func id(_ key: String, in source: String = "base") -> RecordID {
        RecordID(source: source, layout: "context-connectors", kind: .index, key: key)
    }

    @Test func aDeletedIndexComesBackByteForByteAlsoFromAnotherProcess() async throws {
        let state = try RawFiles.read(directory.path("base/indexes/web/state.json"))
        let first = library()
        let receipt = try await first.carryOut(try await first.plan(.delete(.record), id("web")))
        #expect(!RawFiles.exists(directory.path("base/indexes/web")))
        #expect(try await first.summary(id("web")) == nil)

        // A library that does not even name the source.
        let second = StoreLibrary(specs: [], stateDirectory: directory.path("state"))
        #expect(try second.recoveryEntries().map(\.id) == [receipt.entry])
        _ = try await second.undo(receipt.entry)
        #expect(try RawFiles.read(directory.path("base/indexes/web/state.json")) == state)
        #expect(RawFiles.exists(directory.path("base/indexes/web/search.json")))
        let again = await #expect(throws: StorageError.self) { try await second.undo(receipt.entry) }
        #expect(again?.kind == .conflict)
    }

    @Test func `the last record of a store comes back, also from another process`() async throws {
        let state = try RawFiles.read(directory.path("base/indexes/docs/state.json"))
        let first = library()
        _ = try await first.carryOut(try await first.plan(.delete(.record), id("web")))
        let last = try await first.carryOut(try await first.plan(.delete(.record), id("docs")))
        #expect(RawFiles.names(directory.path("base/indexes")).isEmpty)
        let second = StoreLibrary(specs: [], stateDirectory: directory.path("state"))
        _ = try await second.undo(last.entry)
        #expect(try RawFiles.read(directory.path("base/indexes/docs/state.json")) == state)
    }

    @Test func `an undo finds its source under another spelling of the path`() async throws {
        let first = library()
        let receipt = try await first.carryOut(try await first.plan(.delete(.record), id("web")))
        try RawFiles.makeLink(directory.path("link"), to: directory.path("base"))
        let second = library(["link"])
        _ = try await second.undo(receipt.entry)
        #expect(try await second.summary(id("web", in: "link")) != nil)
    }

    @Test func aChangeSinceThePlanIsAConflictAndNothingIsTouched() async throws {
        let library = library()
        let plan = try await library.plan(.delete(.record), id("web"))
        try RawFiles.write(directory.path("base/indexes/web/state.json"), #"{"contextState":{"blobs":[]},"new":1}"#)
        let error = await #expect(throws: StorageError.self) { try await library.carryOut(plan) }
        #expect(error?.kind == .conflict)
        #expect(RawFiles.exists(directory.path("base/indexes/web/search.json")))
        #expect(try library.recoveryEntries() == [], "a change that did not happen leaves no entry")
    }

    @Test func anUndoThatWouldOverwriteNewerDataIsAConflict() async throws {
        let library = library()
        let receipt = try await library.carryOut(try await library.plan(.delete(.record), id("web")))
        try Self.writeIndex("web", in: directory.path("base/indexes/web"))
        let newer = Array(#"{"contextState":{"blobs":[]},"mine":true}"#.utf8)
        try RawFiles.write(directory.path("base/indexes/web/state.json"), newer)
        let error = await #expect(throws: StorageError.self) { try await library.undo(receipt.entry) }
        #expect(error?.kind == .conflict)
        #expect(try RawFiles.read(directory.path("base/indexes/web/state.json")) == newer)
        #expect(try library.recoveryEntries().first?.state == .done)
    }

    @Test func aReadOnlySourceRefusesBeforeAnythingIsWritten() async throws {
        let library = library(readOnly: true)
        #expect(try await library.open("base").isReadOnly)
        let plan = try await library.plan(.delete(.record), id("web"))
        let error = await #expect(throws: StorageError.self) { try await library.carryOut(plan) }
        #expect(error.map { [.readOnly, .unsupported].contains($0.kind) } == true)
        #expect(RawFiles.exists(directory.path("base/indexes/web/state.json")))
        #expect(
            !RawFiles.exists(directory.path("state/recovery")) || RawFiles.names(directory.path("state/recovery")) == []
        )
    }

    @Test func sourcesOfTheSameNameGetTellingNames() throws {
        try Self.writeIndex("x", in: directory.path("other/base/indexes/x"))
        let names = library(["base", "other/base", "base/", "./base"]).specs.map(\.name)
        #expect(names.count == 2)
        #expect(Set(names).count == 2)
        #expect(names.allSatisfy { $0.hasSuffix("base") })
    }

    @Test func aMissingPathIsOneProblemAndTheOthersStay() {
        let resolution = SourceResolution.resolve(
            arguments: ["base", "nowhere"], configuration: Configuration(),
            environment: ProcessEnvironment(variables: [:], currentDirectory: directory.path))
        #expect(resolution.specs.map(\.name) == ["base"])
        #expect(resolution.problems.map(\.kind) == [.notFound])
    }

    @Test func withoutArgumentsTheUsualPlacesAreLookedAtAndNamed() throws {
        try RawFiles.makeDirectory(directory.path("_agent_store"))
        let resolution = SourceResolution.resolve(
            arguments: [], configuration: Configuration(),
            environment: ProcessEnvironment(
                variables: ["HOME": directory.path("home"), "CONTEXT_CONNECTORS_STORE_PATH": "base"],
                currentDirectory: directory.path))
        #expect(resolution.specs.map(\.name) == ["base", "_agent_store"])
        #expect(resolution.specs.allSatisfy { $0.origin == .found })
        #expect(resolution.lookedFor.filter { !$0.isFound }.map(\.place).contains("./memexllm.db"))
    }

    @Test func aFailedOpeningIsTriedAnewByTheNextCall() async throws {
        try RawFiles.write(directory.path("broken.db"), "this is not a database at all, but long enough")
        let library = library(["broken.db"])
        await #expect(throws: StorageError.self) { try await library.open("broken.db") }
        try RawFiles.write(directory.path("broken.db"), [])
        #expect(try await library.open("broken.db").engine == "SQLite")
    }
}
