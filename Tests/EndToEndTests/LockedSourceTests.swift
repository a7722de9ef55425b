import TestSupport
import Testing

@Suite("A source that cannot be read for a while", .blocks)
struct LockedSourceTests {
    @Test("A locked database holds up neither the other sources nor the keys, and comes when it is free")
    func lockedDatabase() throws {
        let stores = try HostileStores()
        let other = try RawDatabase(stores.memex)
        try other.run("BEGIN EXCLUSIVE")
        let session = try BrowserSession([stores.memex, stores.looopy], home: stores.directory.path)
        try session.press("2", until: "_agent_store's thread") {
            $0.lines[0].contains("2 Threads 1") && $0.text.contains("> ^[")
        }
        try session.press("\r", untilTop: "message 1 of 5")
        try session.press("q", untilTop: "2 Threads 1")
        try session.press("?", until: "Keys of this screen")
        try session.press("q", untilTop: "2 Threads 1")
        try session.press("5", until: "what holds it up") { picture in
            picture.lines.contains { $0.contains("memexllm.db") && ($0.contains("connecting") || $0.contains("error")) }
        }
        try other.run("COMMIT")
        try session.press("r2", untilTop: "2 Threads 2")
        #expect(session.end("Q") == 0)
        #expect(session.isRestored)
    }
}
