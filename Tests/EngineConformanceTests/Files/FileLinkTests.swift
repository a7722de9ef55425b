import EngineCore
import FileEngine
import StoredRecords
import TestSupport
import Testing

/// Links inside a source never lead out of it, and special files are never opened.
@Suite(.blocks, .timeLimit(.minutes(10))) struct FileLinkTests {
    /// A root with links of every kind, beside a secret.
    private func makePlace() throws -> TemporaryDirectory {
        let place = try TemporaryDirectory()
        try RawFiles.makeDirectory(place.path("root/sub"))
        try RawFiles.makeDirectory(place.path("outside/dir"))
        try RawFiles.write(place.path("outside/secret"), "secret")
        try RawFiles.write(place.path("outside/dir/secret"), "secret")
        try RawFiles.write(place.path("root/sub/file"), "inside")
        try RawFiles.makeLink(place.path("root/absolute"), to: place.path("outside/secret"))
        try RawFiles.makeLink(place.path("root/relative"), to: "../outside/secret")
        try RawFiles.makeLink(place.path("root/directory"), to: "../outside")
        try RawFiles.makeLink(place.path("root/loop"), to: "loop")
        try RawFiles.makeLink(place.path("root/sub/up"), to: "..")
        try RawFiles.makeLink(place.path("root/inside"), to: "sub/file")
        try RawFiles.makeLink(place.path("root/dangling"), to: "nowhere")
        return place
    }

    private static let links = ["absolute", "relative", "directory", "loop", "sub/up", "inside", "dangling"]

    @Test func `links are notes of a listing and never followed`() async throws {
        let place = try makePlace()
        let engine = try FileEngine(root: place.path("root"))
        for isDelimited in [false, true] {
            let all = try await engine.listAll(.root, isDelimited: isDelimited)
            #expect(all.entries.map(\.key.description) == (isDelimited ? ["sub/"] : ["sub/file"]))
            let expected = isDelimited ? Self.links.filter { !$0.contains("/") } : Self.links
            #expect(all.notes == expected.sorted().map { "\($0) is a symbolic link and is not followed" })
        }
    }

    @Test(arguments: links + ["directory/secret", "directory/dir/secret", "sub/up/sub/file", "loop/x"])
    func `no call goes through a link`(name: String) async throws {
        let place = try makePlace()
        let engine = try FileEngine(root: place.path("root"))
        let key = ObjectKey(name)
        let error = await expectFailure(.denied) { try await engine.read(key) }
        #expect(error?.reason.contains("symbolic link") == true)
        await expectFailure(.denied) { try await engine.stat(key) }
        await expectFailure(.denied) { try await engine.read(key, range: 0..<3) }
        await expectFailure(.denied) { try await engine.write(key, StoredBytes("changed")) }
        let deleted = try await engine.delete([key], pruning: .root)
        #expect(deleted.map { $0.failure?.kind } == [.denied])
        #expect(RawFiles.exists(place.path("root/" + name)) == (name != "loop/x"))
        #expect(try RawFiles.read(place.path("outside/secret")) == Array("secret".utf8))
        #expect(RawFiles.names(place.path("outside")) == ["dir", "secret"])
        #expect(RawFiles.names(place.path("outside/dir")) == ["secret"])
    }

    @Test func `a prefix that is a link lists nothing and says why`() async throws {
        let place = try makePlace()
        let engine = try FileEngine(root: place.path("root"))
        let page = try await engine.list(ObjectListing(prefix: ObjectKey("directory/")))
        #expect(page.entries == [])
        #expect(page.notes.count == 1)
        #expect(page.notes.first?.contains("symbolic link") == true)
    }

    @Test func `the root itself may be a link`() async throws {
        let place = try makePlace()
        try RawFiles.makeLink(place.path("link"), to: "root")
        let engine = try FileEngine(root: place.path("link"))
        #expect(try await engine.read(ObjectKey("sub/file"))?.bytes.text == "inside")
        try await engine.write(ObjectKey("sub/new"), StoredBytes("x"))
        #expect(RawFiles.exists(place.path("root/sub/new")))
    }

    @Test func `pipes and devices are notes and are never opened`() async throws {
        let place = try TemporaryDirectory()
        try RawFiles.makePipe(place.path("pipe"))
        try RawFiles.write(place.path("z"), "file")
        let engine = try FileEngine(root: place.path)
        let all = try await engine.listAll(.root)
        #expect(all.entries.map(\.key.description) == ["z"])
        #expect(all.notes == ["pipe is not a regular file and is left out"])
        // An opened pipe would keep these from ever returning.
        await expectFailure(.unsupported) { try await engine.stat(ObjectKey("pipe")) }
        await expectFailure(.unsupported) { try await engine.read(ObjectKey("pipe")) }
        await expectFailure(.unsupported) { try await engine.write(ObjectKey("pipe"), StoredBytes("x")) }
        let devices = try FileEngine(root: "/dev", options: EngineOptions(readOnly: true))
        await expectFailure(.unsupported) { try await devices.read(ObjectKey("zero")) }
        await expectFailure(.unsupported) { try await devices.read(ObjectKey("null")) }
    }
}
