import StoredRecords
import TestSupport

@testable import ContextStores

/// A looopy conversation `a/c` in a directory of a test's own.
struct ConversationStore {
    let directory: TemporaryDirectory
    let thread = RecordID(source: "store", layout: "looopy", kind: .thread, key: "a/c")

    /// With messages `m0`, `m1` and so on.
    init(messages: Int) throws {
        directory = try TemporaryDirectory()
        try RawFiles.makeDirectory(folder)
        for index in 0..<messages {
            try RawFiles.write(
                "\(folder)/\(Self.name(index))",
                #"{"role":"user","content":"m\#(index)","index":\#(index),"id":"c-\#(index)","contextId":"c"}"#)
        }
    }

    /// Opened anew, as by another process.
    func library() -> StoreLibrary {
        let location = StoreLocation(directory.path("store"), relativeTo: "/")
        return StoreLibrary(
            specs: [SourceSpec(name: "store", location: location)], stateDirectory: directory.path("state"))
    }

    /// What the stored files say, in the order their tool reads them.
    func messages() async throws -> [String] {
        try await library().messages(thread, PageRequest(limit: 1000)).items.map(\.plainText)
    }

    func files() throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for name in RawFiles.names(folder) { files[name] = try RawFiles.read(folder + "/" + name) }
        return files
    }

    func trim(keeping keep: Int) async throws -> String {
        let library = library()
        return try await library.carryOut(try await library.plan(.trim(keep: keep, snap: false), thread)).entry
    }

    func delete() async throws -> String {
        let library = library()
        return try await library.carryOut(try await library.plan(.delete(.record), thread)).entry
    }

    var folder: String { directory.path("store/agent=a/context=c/messages") }

    private static func name(_ index: Int) -> String {
        func padded(_ width: Int) -> String {
            String(repeating: "0", count: width - String(index).count) + String(index)
        }
        return "2026-01-01T00-00-00_\(padded(3))Z-\(padded(3))-\(padded(6)).json"
    }
}
