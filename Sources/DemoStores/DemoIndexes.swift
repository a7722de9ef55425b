internal import ContextStores
internal import EngineCore
internal import StoredLayouts
internal import StoredRecords

/// context-connectors indexes from several origins, one of them large, one incomplete.
struct DemoIndexes: DemoPart {
    let location: String
    let now: Timestamp
    /// Whether it is no directory, which alone can be an index itself.
    var isServer = false

    private struct Index {
        var key: String
        var source: String
        var files: Int
        var daysOld: Int
    }

    func write() async throws(StorageError) {
        let connection = try await StoreConnection.open(location, creating: true)
        let store = try await connection.indexStore()
        var random = DemoRandom(seed: 1200)
        for index in Self.indexes where !isServer || index.key != "." {
            let (full, search) = documents(index, random: &random)
            try await store.save(index.key, full: full, search: search)
        }
        for case .objects(let engine) in connection.accesses where !isServer {
            _ = try await engine.delete([ObjectKey("indexes/legacy-api/search.json")], pruning: nil)
        }
        await connection.close()
    }

    private static let indexes = [
        Index(
            key: ".", source: #""type": "github", "config": { "owner": "acme", "repo": "dotfiles" }"#, files: 14,
            daysOld: 1),
        Index(
            key: "web-app",
            source: #""type": "github", "config": { "owner": "acme", "repo": "web-app", "ref": "main" }"#, files: 480,
            daysOld: 0),
        Index(
            key: "monorepo",
            source:
                #""type": "gitlab", "config": { "projectId": "platform/monorepo", "baseUrl": "https://gitlab.example", "ref": "release/4.x" }"#,
            files: 60_000, daysOld: 2),
        Index(
            key: "mobile",
            source: #""type": "bitbucket", "config": { "workspace": "acme", "repo": "mobile", "ref": "develop" }"#,
            files: 1200, daysOld: 9),
        Index(
            key: "handbook",
            source:
                #""type": "website", "config": { "url": "https://handbook.example/日本語/", "maxDepth": 3, "maxPages": 200 }"#,
            files: 87, daysOld: 31),
        Index(
            key: "legacy-api",
            source: #""type": "github", "config": { "owner": "acme", "repo": "legacy-api", "ref": "v1" }"#, files: 310,
            daysOld: 400),
    ]

    private func documents(_ index: Index, random: inout DemoRandom) -> (full: StoredBytes, search: StoredBytes) {
        let synced = Timestamp(seconds: now.seconds - Int64(index.daysOld * 86_400 + 4000)).iso8601Milliseconds
        let checkpoint = random.hex(24)
        let added = (0..<3).map { _ in "\"\(random.hex(64))\"" }.joined(separator: ",\n      ")
        func document(mode: String, blobs: String) -> String {
            """
            {
              "version": 1,
              "contextState": {
                "mode": "\(mode)",
                "checkpointId": "\(checkpoint)",
                "addedBlobs": [
                  \(added)
                ],
                "deletedBlobs": []\(blobs)
              },
              "source": {
                \(index.source),
                "syncedAt": "\(synced)"
              }
            }
            """
        }
        var blobs = ",\n    \"blobs\": ["
        blobs.reserveCapacity(index.files * 150)
        let parts = ["src", "lib", "core", "api", "ui", "net", "docs", "tests", "tools"]
        let names = ["session", "router", "Button", "index", "parser", "client", "設定", "schema", "worker"]
        let endings = ["ts", "py", "swift", "md", "go", "tsx", "json"]
        for file in 0..<index.files {
            let path =
                "\(random.pick(parts))/\(random.pick(parts))/\(random.pick(names))_\(file).\(random.pick(endings))"
            blobs += file == 0 ? "\n" : ",\n"
            blobs += "      [\n        \"\(random.hex(64))\",\n        \"\(path)\"\n      ]"
        }
        blobs += "\n    ]"
        return (
            StoredBytes(document(mode: "full", blobs: blobs)), StoredBytes(document(mode: "search-only", blobs: ""))
        )
    }
}
