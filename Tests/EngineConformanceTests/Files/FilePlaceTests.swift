import EngineCore
import FileEngine
import StoredRecords
import TestSupport
import Testing

/// The root directory and files that change under the engine.
@Suite(.serialized) struct FilePlaceTests {
    @Test func `a root that is missing or no directory is refused with the reason`() async throws {
        let place = try TemporaryDirectory()
        try RawFiles.write(place.path("file"), "x")
        await expectFailure(.notFound) { try FileEngine(root: place.path("none")) }
        await expectFailure(.invalid) { try FileEngine(root: place.path("file")) }
        await expectFailure(.invalid) { try FileEngine(root: "") }
        await expectFailure(.invalid) { try FileEngine(root: "/tmp\0/x") }
    }

    @Test func `a root that went away is missing and one that came back is read`() async throws {
        let place = try TemporaryDirectory()
        try RawFiles.makeDirectory(place.path("root"))
        try RawFiles.write(place.path("root/old"), "x")
        let engine = try FileEngine(root: place.path("root/"))
        #expect(engine.place == place.path("root"))
        try RawFiles.rename(place.path("root"), place.path("moved"))
        await expectFailure(.notFound) { try await engine.list(ObjectListing()) }
        await expectFailure(.notFound) { try await engine.read(ObjectKey("old")) }
        await expectFailure(.notFound) { try await engine.write(ObjectKey("new"), StoredBytes("x")) }
        await expectFailure(.notFound) { try await engine.delete([ObjectKey("old")], pruning: nil) }
        try RawFiles.makeDirectory(place.path("root"))
        try RawFiles.write(place.path("root/new"), "y")
        #expect(try await engine.listAll(.root).entries.map(\.key.description) == ["new"])
        #expect(RawFiles.names(place.path("moved")) == ["old"])
    }

    @Test func `a file that is cut short after it was read in does not end the program`() async throws {
        let place = try TemporaryDirectory()
        let size = 8 << 20
        try RawFiles.write(place.path("large"), [UInt8](repeating: 0x61, count: size))
        let engine = try FileEngine(root: place.path)
        #expect(engine.capabilities.hasMappedReads)
        let whole = try #require(try await engine.read(ObjectKey("large")))
        let part = try #require(try await engine.read(ObjectKey("large"), range: Int64(size / 2 + 5)..<Int64(size)))
        #expect(whole.bytes.array.allSatisfy { $0 == 0x61 })
        try RawFiles.resize(place.path("large"), to: 5000)
        let bytes = whole.bytes.array
        #expect(bytes.count == size)
        #expect(bytes[..<5000].allSatisfy { $0 == 0x61 })
        #expect(bytes[8192...].allSatisfy { $0 == 0 })
        #expect(part.bytes.array.allSatisfy { $0 == 0 })
        try RawFiles.resize(place.path("large"), to: 0)
        #expect(whole.bytes.count == size)
        #expect(try await engine.read(ObjectKey("large"))?.bytes.count == 0)
    }

    @Test func `many large files can be held at once and let go again`() async throws {
        let place = try TemporaryDirectory()
        try RawFiles.write(place.path("large"), [UInt8](repeating: 0x61, count: 1 << 20))
        let engine = try FileEngine(root: place.path)
        // More than can be watched: the last ones are copied, and all read the same.
        for _ in 0..<2 {
            var held: [StoredObject] = []
            for _ in 0..<4200 {
                held.append(try #require(try await engine.read(ObjectKey("large"))))
                if held.count > 4130 { break }
            }
            #expect(held.allSatisfy { $0.bytes.count == 1 << 20 && $0.bytes.slice(4095..<4097) == [0x61, 0x61] })
        }
    }

    @Test func `a large directory is listed page by page and seen to change`() async throws {
        let place = try TemporaryDirectory()
        let names = (0..<1000).map { "f\(1000 + $0)" }
        for name in names { try RawFiles.write(place.path(name), "x") }
        // Old enough for the engine to remember it between pages.
        try RawFiles.setTimes(place.path, secondsAgo: 100)
        let engine = try FileEngine(root: place.path)
        let first = try await engine.list(ObjectListing(limit: 400))
        try RawFiles.write(place.path("f1400-new"), "x")
        try RawFiles.remove(place.path("f1999"))
        let second = try await engine.list(ObjectListing(after: first.next, limit: 1000))
        let all = (first.entries + second.entries).map(\.key.description)
        #expect(all == (names.dropLast() + ["f1400-new"]).sorted())
    }

    @Test func `a tree that is nested too deep is cut off with a note`() async throws {
        let place = try TemporaryDirectory()
        let deep = (0..<230).map { _ in "d" }.joined(separator: "/")
        try RawFiles.write(root: place.path, Array((deep + "/file").utf8), [1])
        try RawFiles.write(place.path("e"), "x")
        let engine = try FileEngine(root: place.path)
        let all = try await engine.listAll(.root)
        #expect(all.entries.map(\.key.description) == ["e"])
        #expect(all.notes.count == 1)
        #expect(all.notes.first?.contains("nested too deep") == true)
        // What is named can still be reached, and listed from further down.
        #expect(try await engine.read(ObjectKey(deep + "/file"))?.bytes.count == 1)
        #expect(try await engine.listAll(ObjectKey(String(deep.dropLast(100)))).entries.count == 1)
    }
}
