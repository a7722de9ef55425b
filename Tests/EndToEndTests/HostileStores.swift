import JSONText
import TestSupport

/// Stores of every kind in which all that can be named or told holds what a terminal would obey.
struct HostileStores {
    let directory: TemporaryDirectory

    /// Clipboard access, C1 controls, bidirectional and zero-width characters, DEL, CSI and DCS.
    static let attack =
        "\u{1B}]52;c;ZXZpbA==\u{07}\u{9B}6n\u{85}\u{202E}txt\u{2066}\u{200B}\u{FEFF}\u{7F}\u{1B}[777m\u{1B}P1q\u{1B}\\"
    /// C1 controls as bytes that are not UTF-8.
    static let rawBytes: [UInt8] = [0x9B, 0x36, 0x6E, 0x90, 0x80, 0x9D]

    var looopy: String { directory.path("_agent_store") }
    var memex: String { directory.path("memexllm.db") }
    var connectors: String { directory.path("connectors") }
    var unknown: String { directory.path("unknown") }
    var missing: String { directory.path("gone\(Self.attack)") }

    init() throws {
        directory = try TemporaryDirectory()
        try RawFiles.makeDirectory(connectors)
        try RawFiles.makeDirectory(looopy)
        try RawFiles.makeDirectory(unknown)
        try writeConnectors()
        try writeLooopy()
        try writeMemex()
        try RawFiles.write(
            root: unknown, Array("x\(Self.attack)".utf8) + Self.rawBytes, [1, 2] + Array(Self.attack.utf8))
    }

    private var text: JSONValue { .text(Self.attack) }

    private func json(_ value: JSONValue) -> [UInt8] { value.serializedBytes(.compact) }

    /// An object every member of which is an attack, as key and as value.
    private func members(_ more: [(String, JSONValue)]) -> JSONValue {
        JSONValue(members: more + [(Self.attack, text), ("nested", JSONValue(members: [(Self.attack, [text, 1])]))])
    }

    private func writeConnectors() throws {
        let state = members([
            ("version", 1),
            (
                "contextState",
                ["mode": "full", "checkpointId": text, "addedBlobs": [], "deletedBlobs": [], "blobs": [[text, text]]]
            ),
            (
                "source",
                members([
                    ("type", "github"), ("config", ["owner": text, "repo": text, "ref": text]),
                    ("syncedAt", "2026-08-08T08:08:08.000Z"), ("resolvedRef", text),
                ])
            ),
        ])
        for (number, name) in [Array(Self.attack.utf8), Array("raw".utf8) + Self.rawBytes].enumerated() {
            let path = Array("indexes/".utf8) + name
            try RawFiles.write(root: connectors, path + Array("/state.json".utf8), json(state))
            if number == 0 { try RawFiles.write(root: connectors, path + Array("/search.json".utf8), json(state)) }
        }
    }

    private func writeLooopy() throws {
        let place = Array("agent=a\(Self.attack)/context=c\(Self.attack)/".utf8)
        func write(_ path: String, _ bytes: [UInt8]) throws {
            try RawFiles.write(root: looopy, place + Array(path.utf8), bytes)
        }
        let time: JSONValue = "2026-11-21T02:35:45.780Z"
        try write(
            "context.json",
            json(
                members([
                    ("contextId", .text("c\(Self.attack)")), ("agentId", .text("a\(Self.attack)")), ("title", text),
                    ("description", text), ("tags", [text]), ("status", "active"), ("createdAt", time),
                    ("updatedAt", time), ("lastActivityAt", time), ("turnCount", 5), ("metadata", members([])),
                ])))
        let call: JSONValue = [
            "id": text, "type": "function", "function": ["name": text, "arguments": .text("{\"\(Self.attack)\":1}")],
        ]
        let messages: [JSONValue] = [
            members([
                ("role", "user"),
                ("content", .text("# \(Self.attack)\n- **\(Self.attack)**\n```\n\(Self.attack)\n```")),
            ]),
            members([("role", "assistant"), ("content", text), ("toolCalls", [call])]),
            members([("role", "tool"), ("toolCallId", text), ("content", text)]),
            members([("role", text), ("content", [text, ["type": text, "text": text]])]),
        ]
        for (index, message) in messages.enumerated() {
            let whole = message.setting(.integer(index), for: "index").setting(time, for: "timestamp").setting(
                text, for: "id")
            try write("messages/2026-11-21T02-35-4\(index)_780Z-00\(index)-00000\(index).json", json(whole))
        }
        let broken =
            Array("{\"role\":\"user\",\"index\":4,\"content\":\"".utf8) + Self.rawBytes
            + Array("\(Self.attack)\"}".utf8)
        try write("messages/2026-11-21T02-35-44_780Z-004-000004.json", broken)
        try write(
            "task/t\(Self.attack).json",
            json(
                members([
                    ("taskId", text), ("agentId", text), ("contextId", text), ("iteration", 1), ("completed", false),
                ])))
        for (kind, file, bytes) in [
            ("file", "content.txt", Array("line \(Self.attack)\n".utf8) + Self.rawBytes),
            ("data", "data.json", json(members([]))),
            (
                "dataset", "rows.jsonl",
                json(members([("a", text)])) + [10] + Self.rawBytes + Array(Self.attack.utf8) + [10]
            ),
        ] {
            let folder = "artifacts/\(kind)\(Self.attack)/"
            try write(
                folder + "metadata.json",
                json(
                    members([
                        ("type", .text(kind)), ("artifactId", text), ("taskId", text), ("contextId", text),
                        ("name", text),
                        ("description", text), ("status", "complete"), ("version", 1), ("createdAt", time),
                        ("updatedAt", time), ("metadata", members([])), ("mimeType", text), ("totalChunks", 1),
                    ])))
            try write(folder + file, bytes)
        }
    }

    private func writeMemex() throws {
        let database = try RawDatabase(memex)
        try database.run(
            "CREATE TABLE threads (id TEXT PRIMARY KEY, created_at TIMESTAMP NOT NULL, updated_at TIMESTAMP NOT NULL, metadata TEXT NOT NULL)"
        )
        try database.run(
            "CREATE TABLE messages (id TEXT PRIMARY KEY, thread_id TEXT NOT NULL, content TEXT NOT NULL, role TEXT NOT NULL, created_at TIMESTAMP NOT NULL, metadata TEXT NOT NULL, token_count INTEGER, message_index INTEGER NOT NULL, FOREIGN KEY (thread_id) REFERENCES threads (id) ON DELETE CASCADE)"
        )
        let metadata = quoted(String(decoding: json(members([("title", text)])), as: UTF8.self))
        let id = quoted("thread \(Self.attack)")
        let time = "'2025-09-01T10:00:00+00:00'"
        try database.run("INSERT INTO threads VALUES (\(id), \(time), \(time), \(metadata))")
        for index in 0..<6 {
            let role = index < 4 ? ["'user'", "'assistant'"][index % 2] : quoted(Self.attack)
            let raw =
                "x'"
                + (Self.rawBytes + Array(Self.attack.utf8)).map { String(UInt32($0) + 256, radix: 16).dropFirst() }
                .joined() + "'"
            let content = index == 5 ? raw : quoted(Self.attack)
            try database.run(
                "INSERT INTO messages VALUES (\(quoted("\(index)\(Self.attack)")), \(id), \(content), \(role), \(time), \(metadata), 3, \(index))"
            )
        }
    }

    private func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }
}
