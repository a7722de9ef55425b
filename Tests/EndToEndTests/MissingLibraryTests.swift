import TestSupport
import Testing

/// What opens databases and buckets is loaded when a source needs it.
@Suite("A system library that is not there", .blocks)
struct MissingLibraryTests {
    /// A source, the library it needs, and the package that brings it.
    struct Need: Sendable, CustomTestStringConvertible {
        var source: String
        var library: String
        var package: String
        var testDescription: String { library }
    }

    static let needs = [
        Need(source: "postgres://127.0.0.1:1/none", library: "libpq.so.5", package: "libpq5"),
        Need(source: "s3://none?endpoint=http://127.0.0.1:1", library: "libcurl.so.4", package: "libcurl4"),
        Need(source: "s3://none?endpoint=http://127.0.0.1:1", library: "libcrypto.so.3", package: "libssl3"),
        Need(source: "rediss://127.0.0.1:1", library: "libssl.so.3", package: "libssl3"),
    ]

    @Test("It is named with its package, and the sources that do without it are listed", arguments: needs)
    func named(need: Need) throws {
        let stores = try HostileStores()
        // The loader finds this file first, and it is no library.
        let broken = stores.directory.path("broken")
        try RawFiles.makeDirectory(broken)
        try RawFiles.write("\(broken)/\(need.library)", "not a library")
        let program = try Program([
            "LD_LIBRARY_PATH": broken, "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret",
        ])
        let run = try program.run("list", "threads", "--json", need.source, stores.memex)
        #expect(run.code == 1)
        #expect(run.lines.count == 1)
        #expect(run.errorLines.count == 1)
        #expect(run.errors.contains("a library cannot be loaded"))
        #expect(run.errors.contains(need.library))
        #expect(run.errors.contains("; install \(need.package)"))
        let alone = try program.run("list", "threads", "--json", stores.memex)
        #expect(alone.code == 0)
        #expect(alone.lines == run.lines)
    }
}
