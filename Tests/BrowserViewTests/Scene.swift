import BrowserModel
import BrowserTestSupport
import JSONText
import StoredRecords
import TerminalSurface

/// The stores a screen is shown over.
enum Content: String, CaseIterable, Sendable {
    case empty, one, many, error, loading, unicode, hostile
}

/// A screen to be drawn, and the way to it.
enum Scene: String, CaseIterable, Sendable {
    case threads, indexes, artifacts, tasks, sources, thread, message, tree, text, table, hex
    case copyMenu, tableSorted, hexMarked, diff, diffText
    case trim, delete, export, exportNewest, undo, sort, help, history, jobs, filter, results
    case marks, range, columns, bulkDelete, bulkTrim, bulkExport
    case trimDialog, recovery, recoveryInside, forget
}

extension Scene {
    /// The state that shows this screen over some content at a size.
    func state(_ content: Content, _ size: GridSize) -> BrowserState {
        var driver = Self.start(content, size)
        go(&driver)
        driver.pass(300)
        return driver.state
    }

    /// The program over some content, its first screen shown.
    static func start(_ content: Content, _ size: GridSize) -> BrowserDriver {
        var driver = BrowserDriver(Stores.sources(content), width: size.width, height: size.height)
        driver.entries = [
            UndoEntry(
                id: "e1", made: Timestamp(seconds: PretendRecords.now.seconds - 300), act: "trim to 5",
                record: RecordID(source: "memory", layout: "pretend", kind: .thread, key: "t-1"),
                title: Stores.title(content, 1), items: 7, unit: "messages", bytes: 4096)
        ]
        if content == .loading { driver.silent = ["memory"] }
        driver.start()
        driver.pass(300)
        return driver
    }

    private func go(_ driver: inout BrowserDriver) {
        switch self {
        case .threads: driver.press("2")
        case .indexes: driver.press("1", "j")
        case .artifacts: driver.press("3")
        case .tasks: driver.press("4")
        case .sources: driver.press("5")
        case .thread: driver.press("2", "Enter", "J")
        case .message: driver.press("2", "Enter", "p")
        case .tree: driver.press("1", "Enter", "j", "j")
        case .text: driver.press("3", "Enter")
        case .table: driver.press("3", "j", "Enter", "j")
        case .hex: driver.press("3", "j", "j", "Enter")
        case .copyMenu: driver.press("1", "Enter", "j", "j", "y")
        case .tableSorted:
            driver.press("3", "j", "Enter", "l", "s", "s", "\\")
            driver.type("amount>100")
            driver.press("Enter", "j")
        case .hexMarked:
            driver.press("3", "j", "j", "Enter", "/")
            driver.type("0x4142")
            driver.press("Enter")
        case .diff: driver.press("4", "Enter", "D", "n")
        case .diffText: driver.press("3", "j", "j", "j", "Enter", "D")
        case .trim: driver.press("2", "T")
        case .trimDialog: driver.press("2", "T", "Enter")
        case .recovery: driver.press("2", "U")
        case .recoveryInside: driver.press("2", "U", "Enter")
        case .forget: driver.press("2", "U", "d")
        case .delete: driver.press("2", "d")
        case .export: driver.press("2", "e")
        case .exportNewest: driver.press("2", "e", "Down", "1", "0")
        case .undo: driver.press("2", "u")
        case .sort: driver.press("2", "s")
        case .help: driver.press("2", "?")
        case .history: driver.press("2", "!")
        case .jobs: driver.press("2", "r", "Ctrl-T")
        case .filter: driver.press("2", "/", "a", "b")
        case .results:
            driver.press("2", "S")
            driver.type("about")
            driver.press("Enter")
        case .marks: driver.press("2", "Space", "j", "Space", "Space")
        case .range: driver.press("2", "Space", "j", "v", "j", "j")
        case .columns: driver.press("2", "c", "j", "Space")
        case .bulkDelete: driver.press("2", "v", "PgDn", "v", "d", "1")
        case .bulkTrim: driver.press("2", "v", "j", "v", "T")
        case .bulkExport: driver.press("2", "v", "j", "v", "e", "Tab")
        }
    }
}

private enum Stores {
    static let attack = "\u{1B}]52;c;ZXZpbA==\u{07}\u{9B}31m\u{202E}txt.exe\u{2066}\u{FEFF}\u{2028}\nx\tq\u{1B}[2J"

    static func title(_ content: Content, _ index: Int) -> String {
        switch content {
        case .unicode: ["日本語の要約 👩‍💻", "Ünïcode naming", "עברית ועוד", "नमस्ते दुनिया", "e\u{301}te\u{301} ﷽"][index % 5]
        case .hostile: "\(attack) \(index)"
        default:
            ["Refund policy", "Deploy fails on staging", "", "Quarterly report for the board of directors"][index % 4]
        }
    }

    static func sources(_ content: Content) -> [PretendSource] {
        let count =
            switch content {
            case .empty: 0
            case .one, .error, .loading: 1
            case .many: 4213
            case .unicode, .hostile: 5
            }
        var source = PretendSource(
            "memory",
            [
                .thread: shelf(count) { index in
                    var record = PretendRecords.thread(
                        "memory", key(content, index), title: title(content, index), age: Int64(index) * 5000 + 240,
                        messages: 12 + index % 90, tokens: index % 3 == 0 ? 12_345 : nil,
                        agent: content == .hostile ? attack : "support-bot")
                    if index == 3 { record.notes = [content == .hostile ? attack : "messages/7.json is not JSON"] }
                    record.metadata = ["region": .text(title(content, index)), "n": 3]
                    return record
                },
                .index: shelf(count) { index in
                    PretendRecords.index(
                        "memory", key(content, index), origin: "acme/\(title(content, index))", files: index * 37)
                },
                .artifact: shelf(min(count, 5)) { index in
                    PretendRecords.artifact(
                        "memory", key(content, index), title: title(content, index),
                        type: ["file", "dataset", "image"][index % 3], status: index == 1 ? "building" : "complete")
                },
                .task: shelf(count) { PretendRecords.task("memory", key(content, $0), isExpired: $0 % 4 == 1) },
            ])
        source.messages = { _ in (count == 0 ? 0 : 60, { message(content, $0) }) }
        source.documents = { documents(content, $0) }
        if content == .error { source.error = PretendRecords.failure }
        guard content == .many else { return [source] }
        var broken = PretendSource("broken-server", [.thread: PretendRecords.threads("broken-server", 3)])
        broken.error = PretendRecords.failure
        return [
            source, broken,
            PretendSource("files", [.thread: PretendRecords.threads("files", 40, step: 9000, offset: 900)]),
        ]
    }

    private static func shelf(
        _ count: Int, _ make: @escaping @Sendable (Int) -> RecordSummary
    ) -> PretendSource.Shelf {
        PretendSource.Shelf(count: count, make: make)
    }

    private static func key(_ content: Content, _ index: Int) -> String {
        content == .hostile ? "k\(index)\(attack)" : "t-\(index)"
    }

    private static func message(_ content: Content, _ position: Int) -> StoredMessage {
        let word = title(content, position)
        switch position % 4 {
        case 0: return PretendRecords.message(position, .user, "What about \(word)?", tokens: 12)
        case 1:
            let call = ToolCall(id: "c\(position)", name: "lookup", arguments: ["query": .text(word), "limit": 3])
            return PretendRecords.message(position, .assistant, "", toolCalls: [call])
        case 2: return PretendRecords.message(position, .tool, "{\"rows\": 3}\nsecond line \(word)\nthird")
        default:
            return PretendRecords.message(
                position, .assistant,
                "# Answer\n\nIt is **\(word)**, see `notes.md`:\n\n- first point that is long enough to be wrapped on a narrow screen\n- second\n\n```sh\nmake test\n```",
                tokens: 345)
        }
    }

    private static func documents(_ content: Content, _ id: RecordID) -> [RecordDocument] {
        let word = title(content, 0)
        let text = JSONValue.text(word).serialized(.compact)
        if id.kind == .index {
            let json =
                "{\"version\": 1, \"contextState\": {\"mode\": \"full\", \"big\": 9007199254740993, \"ratio\": 0.10, \"blobs\": [[\"a1\", \(text)], [\"b2\", null]]}, \"source\": {\"type\": \"github\", \"ok\": true}}"
            return [
                RecordDocument(name: "state.json", format: .json, bytes: StoredBytes(json)),
                RecordDocument(name: "search.json", format: .json, bytes: StoredBytes("{}")),
            ]
        }
        if id.kind == .task {
            let number = (id.key.unicodeScalars.first { ("0"..."9").contains($0) }?.value ?? 48) - 48
            let calls = (0..<30 + number).map {
                "{\"id\":\"call-\($0)\",\"status\":\"\($0 == number * 7 ? "failed" : "ok")\"}"
            }
            let json =
                "{\"taskId\":\(text),\"iteration\":\(number),\"big\":900719925474099\(number),\"calls\":[\(calls.joined(separator: ","))],\"\(number == 0 ? "resume" : "result")\":{\"text\":\(text)},\"agent\":\"support-bot\"}"
            return [RecordDocument(name: "task-state.json", format: .json, bytes: StoredBytes(json))]
        }
        let place = (id.key.unicodeScalars.first { ("0"..."9").contains($0) }?.value ?? 48) - 48
        switch place % 3 {
        case 0:
            let body =
                "# Report on \(word)\n\nIt was a good quarter.\n" + String(repeating: "All went well. ", count: 12)
            return [RecordDocument(name: "content.txt", format: .text, bytes: StoredBytes(body))]
        case 1:
            let rows = (0..<30).map {
                "{\"month\":\"2026-\($0 + 1)\",\"amount\":\($0 * 17).5,\"note\":\($0 % 2 == 0 ? text : "null")}\n"
            }
            return [
                RecordDocument(
                    name: "rows.jsonl",
                    format: .jsonLines(columns: [TableColumn(name: "month"), TableColumn(name: "amount")]),
                    bytes: StoredBytes(rows.joined() + "broken \(word)\n"))
            ]
        default:
            return [
                RecordDocument(
                    name: "image.png", format: .binary, bytes: StoredBytes((0..<400).map { UInt8($0 % 256) }))
            ]
        }
    }
}
