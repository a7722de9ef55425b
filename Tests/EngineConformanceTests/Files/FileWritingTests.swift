import EngineCore
import FileEngine
import Glibc
import StoredRecords
import TestSupport
import Testing

/// What a write and a delete do to the directories and files themselves.
@Suite struct FileWritingTests {
    @Test func `a replaced file keeps its mode`() async throws {
        let place = try TemporaryDirectory()
        let engine = try FileEngine(root: place.path)
        for mode: UInt32 in [0o600, 0o640, 0o444, 0o755] {
            try RawFiles.write(place.path("file"), "old")
            try RawFiles.setMode(place.path("file"), mode)
            try await engine.write(ObjectKey("file"), StoredBytes("new"))
            #expect(try RawFiles.mode(place.path("file")) == mode)
            #expect(try RawFiles.read(place.path("file")) == Array("new".utf8))
            try RawFiles.remove(place.path("file"))
        }
    }

    @Test func `a file that comes back has the mode it had, and never more than that`() async throws {
        let place = try TemporaryDirectory()
        let engine = try FileEngine(root: place.path)
        for mode: UInt32 in [0o600, 0o640, 0o444, 0o755] {
            try RawFiles.write(place.path("file"), "old")
            try RawFiles.setMode(place.path("file"), mode)
            let object = try #require(try await engine.read(ObjectKey("file")))
            #expect(try await engine.delete([ObjectKey("file")], pruning: nil).first?.failure == nil)
            let write = ObjectWrite(
                ObjectKey("file"), object.bytes, condition: .ifAbsent, attributes: object.attributes)
            try await engine.write(write)
            #expect(try RawFiles.mode(place.path("file")) == mode)
            try RawFiles.remove(place.path("file"))
            #expect(await engine.writeMany([write]).failure == nil)
            #expect(try RawFiles.mode(place.path("file")) == mode)
            try RawFiles.remove(place.path("file"))
        }
        let foreign = [["mode": "4755", "owner": "\(geteuid()):\(getegid())"], ["mode": "rw", "owner": "a:b"]]
        for (attributes, mode) in zip(foreign, [0o755, 0o644] as [UInt32]) {
            try await engine.write(ObjectWrite(ObjectKey("file"), StoredBytes("x"), attributes: attributes))
            #expect(try RawFiles.mode(place.path("file")) & ~0o22 == mode)
            try RawFiles.remove(place.path("file"))
        }
    }

    @Test func `a directory that comes back is open to nobody to whom the one around it is not`() async throws {
        let place = try TemporaryDirectory()
        let engine = try FileEngine(root: place.path)
        try RawFiles.setMode(place.path, 0o700)
        try await engine.write(ObjectKey("a/b/file"), StoredBytes("x"))
        #expect(try RawFiles.mode(place.path("a")) == 0o700)
        #expect(try RawFiles.mode(place.path("a/b")) == 0o700)
    }

    @Test func `a directory is made again as it was, and one that is there stays as it is`() async throws {
        let place = try TemporaryDirectory()
        let engine = try FileEngine(root: place.path)
        for mode: UInt32 in [0o700, 0o750, 0o755, 0o2775, 0o1777] {
            try RawFiles.makeDirectory(place.path("a/b"))
            try RawFiles.setMode(place.path("a/b"), mode)
            let known = try await engine.directoryAttributes([ObjectKey("a/b/"), ObjectKey("a/none/")])
            #expect(known.keys.sorted() == [ObjectKey("a/b/")])
            #expect(rmdir(place.path("a/b")) == 0)
            let attributes = try #require(known[ObjectKey("a/b/")])
            try await engine.makeDirectory(ObjectKey("a/b/"), attributes)
            #expect(try RawFiles.mode(place.path("a/b")) == mode)
            try RawFiles.setMode(place.path("a/b"), 0o711)
            try await engine.makeDirectory(ObjectKey("a/b/"), attributes)
            #expect(try RawFiles.mode(place.path("a/b")) == 0o711)
            #expect(rmdir(place.path("a/b")) == 0)
        }
    }

    @Test(.enabled(if: Unprivileged.isRoot, "only root may give files away"))
    func `what root brings back belongs to its owner again, with the directories it needs`() async throws {
        let place = try TemporaryDirectory()
        let engine = try FileEngine(root: place.path)
        try RawFiles.makeDirectory(place.path("a/b"))
        try RawFiles.write(place.path("a/b/file"), "old")
        for name in ["", "a", "a/b", "a/b/file"] { #expect(chown(place.path(name), 4711, 4712) == 0) }
        let object = try #require(try await engine.read(ObjectKey("a/b/file")))
        #expect(try await engine.delete([ObjectKey("a/b/file")], pruning: ObjectKey("a")).first?.failure == nil)
        #expect(RawFiles.names(place.path) == [])
        try await engine.write(ObjectWrite(ObjectKey("a/b/file"), object.bytes, attributes: object.attributes))
        for name in ["a", "a/b", "a/b/file"] {
            var status = stat()
            #expect(lstat(place.path(name), &status) == 0)
            #expect([status.st_uid, status.st_gid] == [4711, 4712], "\(name)")
        }
    }

    @Test func `what dead processes left is removed, what living ones write is not`() async throws {
        let place = try TemporaryDirectory()
        // No process has a number past the greatest one the system gives.
        let dead = ".ctxbrowse-99999999-abc.tmp"
        let others = [
            ".ctxbrowse-\(getpid())-abc.tmp", ".ctxbrowse-1-abc.tmp", ".ctxbrowse-x.tmp", ".ctxbrowse-99999999-a.part",
            "99999999.tmp",
        ]
        try RawFiles.makeDirectory(place.path("below"))
        try RawFiles.makeDirectory(place.path("apart"))
        for directory in ["", "below/", "apart/"] {
            for name in others + [dead] { try RawFiles.write(place.path(directory + name), "x") }
        }
        try RawFiles.makeDirectory(place.path("below/.ctxbrowse-99999999-d.tmp"))
        let engine = try FileEngine(root: place.path)
        await engine.removeLeftovers(in: [.root, ObjectKey("below"), ObjectKey("below"), ObjectKey("missing")])
        for directory in ["", "below/"] {
            #expect(!RawFiles.exists(place.path(directory + dead)))
            for name in others { #expect(RawFiles.exists(place.path(directory + name)), "\(name)") }
        }
        #expect(RawFiles.exists(place.path("apart/" + dead)))
        let reading = try FileEngine(root: place.path, options: EngineOptions(readOnly: true))
        await reading.removeLeftovers(in: [ObjectKey("apart")])
        #expect(RawFiles.exists(place.path("apart/" + dead)))
    }

    @Test func `a write leaves no other file behind, whether it succeeds or fails`() async throws {
        let place = try TemporaryDirectory()
        try RawFiles.makeDirectory(place.path("directory"))
        try RawFiles.write(place.path("file"), "old")
        let engine = try FileEngine(root: place.path)
        try await engine.write(ObjectKey("file"), StoredBytes("new"))
        await expectFailure(.conflict) {
            try await engine.write(ObjectKey("file"), StoredBytes("x"), condition: .ifAbsent)
        }
        await expectFailure(.conflict) {
            try await engine.write(ObjectKey("file"), StoredBytes("x"), condition: .ifUnchanged("other"))
        }
        await expectFailure(.conflict) {
            try await engine.write(ObjectKey("gone/file"), StoredBytes("x"), condition: .ifUnchanged("other"))
        }
        await expectFailure(.invalid) { try await engine.write(ObjectKey("directory"), StoredBytes("x")) }
        await expectFailure(.invalid) { try await engine.write(ObjectKey("file/below"), StoredBytes("x")) }
        #expect(RawFiles.names(place.path) == ["directory", "file"])
        #expect(RawFiles.names(place.path("directory")) == [])
    }

    @Test func `many writes together leave no other file behind and keep modes`() async throws {
        let place = try TemporaryDirectory()
        let engine = try FileEngine(root: place.path)
        var writes = (0..<20).map { ObjectWrite(ObjectKey("dir/\($0)"), StoredBytes("new")) }
        try RawFiles.makeDirectory(place.path("dir"))
        try RawFiles.write(place.path("dir/7"), "old")
        try RawFiles.setMode(place.path("dir/7"), 0o640)
        #expect(await engine.writeMany(writes).written.count == 20)
        #expect(RawFiles.names(place.path("dir")).sorted() == (0..<20).map(String.init).sorted())
        #expect(try RawFiles.mode(place.path("dir/7")) == 0o640)
        // A name that is free when the bytes are written and taken when they get their name.
        writes = (20..<40).map { ObjectWrite(ObjectKey("dir/\($0 % 30)"), StoredBytes("x"), condition: .ifAbsent) }
        #expect(await engine.writeMany(writes).failure?.kind == .conflict)
        #expect(
            await engine.writeMany([ObjectWrite(ObjectKey("dir/.ctxbrowse-1.tmp"), StoredBytes("x"))]).failure?.kind
                == .invalid)
        #expect(RawFiles.names(place.path("dir")).allSatisfy { !$0.contains("ctxbrowse") })
    }

    @Test(.writesLargeFiles) func `a full disk is told as such and leaves the old file`() async throws {
        let place = try TemporaryDirectory()
        try RawFiles.write(place.path("file"), "old")
        let engine = try FileEngine(root: place.path)
        let large = StoredBytes([UInt8](repeating: 7, count: FileSizeLimit.bytes + 1))
        try await FileSizeLimit.whileSet {
            await expectFailure(.full) { try await engine.write(ObjectKey("file"), large) }
            await expectFailure(.full) { try await engine.write(ObjectKey("new"), large, condition: .ifAbsent) }
        }
        #expect(RawFiles.names(place.path) == ["file"])
        #expect(try RawFiles.read(place.path("file")) == Array("old".utf8))
    }

    @Test func `a temporary file that a crash left is no object`() async throws {
        let place = try TemporaryDirectory()
        let name = ".ctxbrowse-123-abc.tmp"
        try RawFiles.write(place.path(name), "half")
        try RawFiles.write(place.path(".ctxbrowse-notes"), "an object")
        let engine = try FileEngine(root: place.path)
        #expect(try await engine.listAll(.root).entries.map(\.key.description) == [".ctxbrowse-notes"])
        #expect(try await engine.stat(ObjectKey(name)) == nil)
        #expect(try await engine.read(ObjectKey(name)) == nil)
        await expectFailure(.invalid) { try await engine.write(ObjectKey(name), StoredBytes("x")) }
        #expect(try await engine.delete([ObjectKey(name)], pruning: nil).map(\.failure) == [nil])
        #expect(try RawFiles.read(place.path(name)) == Array("half".utf8))
    }

    @Test func `pruning removes the directories that became empty and no others`() async throws {
        let place = try TemporaryDirectory()
        for path in ["a/b/c/1", "a/b/c/2", "a/b/3", "a/x/4", "q/5"] {
            try RawFiles.write(root: place.path, Array(path.utf8), [1])
        }
        try RawFiles.makeDirectory(place.path("a/b/empty"))
        try RawFiles.makeDirectory(place.path("untouched"))
        let engine = try FileEngine(root: place.path)
        func delete(_ keys: [String], _ pruning: String?) async throws {
            let deleted = try await engine.delete(
                keys.map { ObjectKey($0) }, pruning: pruning.map { ObjectKey($0) })
            #expect(deleted.allSatisfy { $0.failure == nil })
        }
        try await delete(["a/b/c/1"], "")
        #expect(RawFiles.names(place.path("a/b/c")) == ["2"])
        try await delete(["a/b/c/2"], "a/b/")
        #expect(RawFiles.names(place.path("a/b")) == ["3", "empty"])
        try await delete(["a/x/4"], nil)
        #expect(RawFiles.names(place.path("a/x")) == [])
        try await delete(["q/5"], "q")
        #expect(RawFiles.names(place.path) == ["a", "untouched"])
        try await delete(["a/b/3"], "")
        // The empty directory held no deleted object, so it and what is above it stay.
        #expect(RawFiles.names(place.path("a/b")) == ["empty"])
    }

    @Test func `pruning never goes above its directory nor removes the root`() async throws {
        let place = try TemporaryDirectory()
        for path in ["top/mid/low/1", "all/2"] { try RawFiles.write(root: place.path, Array(path.utf8), [1]) }
        let engine = try FileEngine(root: place.path)
        _ = try await engine.delete([ObjectKey("top/mid/low/1")], pruning: ObjectKey("top/mid"))
        #expect(RawFiles.names(place.path("top")) == [])
        try RawFiles.write(root: place.path, Array("top/mid/low/1".utf8), [1])
        _ = try await engine.delete([ObjectKey("top/mid/low/1"), ObjectKey("all/2")], pruning: .root)
        #expect(RawFiles.exists(place.path))
        #expect(RawFiles.names(place.path) == [])
    }
}
