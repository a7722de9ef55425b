import EngineCore
import JSONText
import SQLiteEngine
import StoredLayouts
import StoredRecords
import Synchronization
import TestSupport
import Testing

@Suite(.usesPostgres) struct MemexRowsMessageTests {
    private func longest(_ layout: MemexRowsLayout) async throws -> String {
        let page = try await layout.list(
            RecordQuery(
                .thread, sort: RecordSort(.messages, descending: true), page: PageRequest(limit: 1)))
        return try #require(page.items.first?.id.key)
    }

    @Test(arguments: [1, 7, 100, 299, 300, 301])
    func `pages of messages in either direction are the whole thread`(_ limit: Int) async throws {
        let place = try await MemexPlace.fixture()
        let layout = try await place.layout()
        let key = try await longest(layout)
        let all = try await layout.messages(key, PageRequest(limit: 1000))
        #expect(all.items.count == 300)
        #expect(all.items.map(\.position) == Array(0..<300))
        let stored = try await place.engine.query(
            SQLStatement(
                "SELECT content, id FROM messages WHERE thread_id = ? ORDER BY message_index", [.text(key)]))
        #expect(all.items.map(\.plainText) == stored.compactMap { $0[0].text })
        #expect(all.items.compactMap(\.id) == stored.compactMap { $0[1].text })

        var forward: [StoredMessage] = []
        var start = PageRequest.Start.first
        while true {
            let page = try await layout.messages(key, PageRequest(start, limit: limit))
            #expect(page.total == .exact(300))
            forward += page.items
            guard let next = page.next else { break }
            start = .after(next)
        }
        #expect(forward == all.items)

        var backward: [StoredMessage] = []
        start = .last
        while true {
            let page = try await layout.messages(key, PageRequest(start, limit: limit))
            backward = page.items + backward
            guard let previous = page.previous else { break }
            start = .before(previous)
        }
        #expect(backward == all.items)

        for position in [0, 1, 150, 298, 299] {
            let page = try await layout.messages(key, PageRequest(.position(position), limit: limit))
            #expect(page.items == Array(all.items.dropFirst(position).prefix(limit)))
            #expect((page.previous == nil) == (position == 0))
        }
        let beyond = try await layout.messages(key, PageRequest(.position(300), limit: limit))
        #expect(beyond.items.isEmpty)
        let back = try #require(beyond.previous)
        #expect(
            try await layout.messages(key, PageRequest(.before(back), limit: 2)).items == Array(all.items.suffix(2)))
    }

    @Test(arguments: MemexPlace.Kind.engines)
    func `a message tells what its columns hold and shows them as stored`(_ kind: MemexPlace.Kind) async throws {
        let place = try await MemexPlace.fixture(kind)
        let layout = try await place.layout()
        let messages = try await layout.messages(try await longest(layout), PageRequest(limit: 3)).items
        #expect(messages.map(\.role) == [.system, .user, .assistant])
        #expect(messages[0].tokens == nil)
        #expect(messages[1].tokens == 11)
        #expect(messages[1].metadata?["model"]?.stringValue == "gpt-4o")
        #expect(messages[1].created == Timestamp(iso8601: "2025-03-01T08:00:13.827062+00:00"))
        #expect(messages.allSatisfy { $0.notes.isEmpty })
        guard case .row(let columns) = messages[1].raw else {
            Issue.record("the raw form is no row")
            return
        }
        #expect(
            columns.map(\.name) == [
                "id", "thread_id", "content", "role", "created_at", "metadata", "token_count", "message_index",
            ])
        #expect(columns[7].value == .integer(1))
    }

    @Test(arguments: MemexPlace.Kind.engines)
    func `an unknown thread is not found`(_ kind: MemexPlace.Kind) async throws {
        let place = try await MemexPlace.fixture(kind)
        let layout = try await place.layout()
        for act in [
            { _ = try await layout.messages("nope", PageRequest(limit: 1)) },
            { _ = try await layout.documents(.thread, "nope") },
            { _ = try await layout.plan(.delete(.record), .thread, "nope") },
        ] as [() async throws -> Void] {
            let error = await #expect(throws: StorageError.self) { try await act() }
            #expect(error?.kind == .notFound)
        }
    }

    @Test func `whatever is stored as a message is shown with a note`() async throws {
        let place = try await MemexPlace.lax()
        try await place.run("INSERT INTO threads VALUES ('t', '2025-03-01', '2025-03-01', '{}')")
        let rows: [(content: StoredValue, role: StoredValue, metadata: StoredValue)] = [
            (.text("plain"), .text("user"), .text("{}")),
            (.text(#"[{"type":"text","text":"part"},{"type":"image","url":"u"}]"#), .text("user"), .text("{}")),
            (.text("[1, 2] is no list of parts"), .text("assistant"), .text("{}")),
            (.integer(7), .text("user"), .text("{}")),
            (.null, .text("user"), .text("{}")),
            (.bytes([0xFF, 0x00]), .text("user"), .text("{}")),
            (.bytes(Array("text".utf8)), .text("user"), .text("{}")),
            (.invalidText([0x41, 0xFF]), .null, .text("not json")),
            (.text("x"), .text("narrator"), .null),
            (.text("x"), .text("assistant"), .text("[1]")),
        ]
        for (index, row) in rows.enumerated() {
            try await place.run(
                "INSERT INTO messages VALUES (?, 't', ?, ?, 'yesterday', ?, 'many', ?)",
                [.text("m\(index)"), row.content, row.role, row.metadata, .integer(Int64(index))])
        }
        let layout = try await place.layout()
        let page = try await layout.messages("t", PageRequest(limit: 100))
        #expect(page.total == .exact(rows.count))
        let messages = page.items
        try #require(messages.count == rows.count)
        #expect(messages[0].content == [.text("plain")])
        #expect(messages[1].content.first == .text("part"))
        #expect(messages[1].content.count == 2)
        #expect(messages[2].content == [.text("[1, 2] is no list of parts")])
        #expect(messages[3].content == [.json(.integer(7))])
        #expect(messages[3].notes.contains("the content is a number"))
        #expect(messages[4].content.isEmpty)
        #expect(messages[4].notes.contains("the content is NULL"))
        #expect(messages[5].content == [.bytes(StoredBytes([0xFF, 0x00]))])
        #expect(messages[6].content == [.text("text")])
        #expect(messages[6].notes.contains("the content is a BLOB"))
        #expect(messages[7].content == [.bytes(StoredBytes([0x41, 0xFF]))])
        #expect(messages[7].role == .missing)
        #expect(messages[7].notes.contains("the metadata is not JSON"))
        #expect(messages[8].role.rawValue == "narrator")
        #expect(messages[8].notes.contains("the role is not one MemexLLM knows"))
        #expect(messages[8].notes.contains("the metadata is NULL"))
        #expect(messages[9].notes.contains("the metadata is not a JSON object"))
        #expect(messages[0].notes == ["created_at is not a time", "token_count is not a number"])
    }

    @Test func `messages of one index keep one order on every page`() async throws {
        let place = try await MemexPlace.lax()
        try await place.run("INSERT INTO threads VALUES ('t', '2025-03-01', '2025-03-01', '{}')")
        for number in 0..<12 {
            let index: StoredValue = number < 2 ? .null : .integer(Int64(number / 5))
            try await place.run(
                "INSERT INTO messages VALUES (?, 't', 'x', 'user', NULL, '{}', NULL, ?)",
                [.text("m\(number)"), index])
        }
        let layout = try await place.layout()
        let all = try await layout.messages("t", PageRequest(limit: 100)).items
        #expect(all.compactMap(\.id) == (0..<12).map { "m\($0)" })
        for limit in 1...5 {
            var found: [StoredMessage] = []
            var start = PageRequest.Start.first
            while true {
                let page = try await layout.messages("t", PageRequest(start, limit: limit))
                found += page.items
                guard let next = page.next else { break }
                start = .after(next)
            }
            #expect(found == all)
            found = []
            start = .last
            while true {
                let page = try await layout.messages("t", PageRequest(start, limit: limit))
                found = page.items + found
                guard let previous = page.previous else { break }
                start = .before(previous)
            }
            #expect(found == all)
        }
    }

    @Test(arguments: MemexPlace.Kind.engines)
    func `tool calls are read from a column or from the metadata`(_ kind: MemexPlace.Kind) async throws {
        let place = try await MemexPlace.empty(kind)
        try await place.run("ALTER TABLE messages ADD COLUMN tool_calls TEXT")
        try await place.addThread("t", messages: 0)
        let call = #"[{"id":"c1","type":"function","function":{"name":"find","arguments":"{\"q\":1}"}}]"#
        try await place.run(
            """
            INSERT INTO messages (id, thread_id, content, role, created_at, metadata, message_index, tool_calls) \
            VALUES ('a', 't', '', 'assistant', '', '{}', 0, ?), ('b', 't', '', 'assistant', '', ?, 1, NULL), \
            ('c', 't', '', 'tool', '', '{"tool_call_id":"c1","name":"find"}', 2, NULL)
            """, [.text(call), .text(#"{"tool_calls":\#(call)}"#)])
        let messages = try await place.layout().messages("t", PageRequest(limit: 9)).items
        let expected = ToolCall(id: "c1", name: "find", arguments: .text(#"{"q":1}"#))
        #expect(messages[0].toolCalls.map(\.name) == ["find"])
        #expect(messages[0].toolCalls.first?.arguments?.stringValue == #"{"q":1}"#)
        #expect(messages[1].toolCalls.first?.id == expected.id)
        #expect(messages[2].toolCallID == "c1")
        #expect(messages[2].name == "find")
    }

    @Test func `threads that are not as MemexLLM writes them are listed with a note`() async throws {
        let place = try await MemexPlace.lax([
            "INSERT INTO threads VALUES ('good', '2025-03-01', '2025-03-01', '{\"title\": \"T\"}')",
            "INSERT INTO threads VALUES ('bad-metadata', '2025-03-01', '2025-03-02', '{oops')",
            "INSERT INTO threads VALUES ('bad-time', 'soon', NULL, '{}')",
            "INSERT INTO threads VALUES (NULL, '2025-03-01', '2025-03-01', '{}')",
            "INSERT INTO threads VALUES (CAST(x'ff41' AS TEXT), '2025-03-01', '2025-03-01', '{}')",
            "INSERT INTO threads VALUES (x'0102', '2025-03-01', '2025-03-01', '{}')",
            "INSERT INTO threads VALUES ('back\\x41slash', '2025-03-01', '2025-03-01', NULL)",
            "INSERT INTO messages VALUES ('m1', 'lost', 'x', 'user', NULL, '{}', NULL, 0)",
            "INSERT INTO messages VALUES ('m2', 'lost', 'y', 'user', NULL, '{}', NULL, 1)",
            "INSERT INTO messages VALUES ('m3', NULL, 'z', 'user', NULL, '{}', NULL, 0)",
            "INSERT INTO messages VALUES ('m4', CAST(x'ff41' AS TEXT), 'z', 'user', NULL, '{}', NULL, 0)",
        ])
        let layout = try await place.layout()
        let page = try await layout.list(RecordQuery(.thread, page: PageRequest(limit: 100)))
        #expect(page.items.count == 9)
        #expect(page.total == .exact(9))
        #expect(try await layout.count(.thread) == .exact(9))
        let byKey = Dictionary(uniqueKeysWithValues: page.items.map { ($0.id.key, $0) })
        #expect(byKey["bad-metadata"]?.notes == ["the metadata is not JSON"])
        #expect(byKey["bad-time"]?.notes == ["created_at is not a time", "updated_at is NULL"])
        #expect(byKey["\\xffA"]?.messages == 1)
        #expect(byKey["lost"]?.messages == 2)
        #expect(byKey["lost"]?.notes.count == 1)
        #expect(page.items.first?.id.key == "bad-metadata")
        for record in page.items {
            #expect(try await layout.summary(.thread, record.id.key)?.messages == record.messages)
            let messages = try await layout.messages(record.id.key, PageRequest(limit: 9))
            #expect(messages.items.count == record.messages)
            _ = try await layout.documents(.thread, record.id.key)
        }
        for field in layout.capabilities(of: .thread).sortFields {
            for limit in [1, 2, 4] {
                let sort = RecordSort(field, descending: field == .updated)
                var found: [String] = []
                var start = PageRequest.Start.first
                while true {
                    let page = try await layout.list(
                        RecordQuery(.thread, sort: sort, page: PageRequest(start, limit: limit)))
                    found += page.items.map(\.id.key)
                    guard let next = page.next, found.count < 99 else { break }
                    start = .after(next)
                }
                #expect(found.sorted() == page.items.map(\.id.key).sorted(), "\(field) \(limit)")
            }
        }
    }

    @Test(arguments: MemexPlace.Kind.engines)
    func `search finds messages in any case with their position and stops when told`(_ kind: MemexPlace.Kind)
        async throws
    {
        let place = try await MemexPlace.fixture(kind)
        let layout = try await place.layout()
        let hits = Mutex<[SearchHit]>([])
        let filter = try #require(TextFilter("grüße köln"))
        try await layout.search(SearchQuery(filter)) { hit in
            hits.withLock { $0.append(hit) }
            return .more
        }
        let found = hits.withLock { $0 }
        let order = place.engine.dialect.rowIdentity ?? "id"
        let stored = try await place.engine.query(
            SQLStatement(
                """
                SELECT thread_id, message_index FROM messages WHERE content LIKE '%Grüße aus Köln%' ORDER BY \(order)
                """))
        #expect(!stored.isEmpty)
        #expect(found.map(\.record.id.key) == stored.compactMap { $0[0].text })
        #expect(found.map(\.message) == stored.map { $0[1].integer.map { Int($0) } })
        #expect(found.allSatisfy { $0.excerpt.contains("Grüße") && !$0.excerpt.contains("\n") })

        let count = Mutex(0)
        try await layout.search(SearchQuery(filter)) { _ in
            count.withLock { $0 += 1 }
            return .stop
        }
        #expect(count.withLock { $0 } == 1)
    }

    @Test(arguments: MemexPlace.Kind.engines)
    func `search finds threads by title and escaped metadata`(_ kind: MemexPlace.Kind) async throws {
        let place = try await MemexPlace.fixture(kind)
        let layout = try await place.layout()
        let hits = Mutex<[SearchHit]>([])
        try await layout.search(SearchQuery(try #require(TextFilter("ünïcode u1")))) { hit in
            hits.withLock { $0.append(hit) }
            return .more
        }
        let found = hits.withLock { $0 }
        #expect(found.count == 3)
        #expect(found.allSatisfy { $0.message == nil && $0.record.title.hasSuffix("ünïcode") })
    }
}

extension MemexRowsMessageTests {
    @Test(arguments: [
        ("kelvin", "50 \u{212A}elvin"), ("istanbul", "\u{130}stanbul"), ("say \"x\"", "they say \"x\" here"),
        ("end", "x\u{0}the end"), ("KÖln", "in KÖln"), ("a", "A"), ("naïve", "NAÏVE"),
    ])
    func `a search sees what folding makes equal`(_ word: String, _ content: String) async throws {
        let place = try await MemexPlace.empty()
        try await place.addThread("t", messages: 2)
        try await place.run("UPDATE messages SET content = ? WHERE message_index = 1", [.text(content)])
        try await place.run("UPDATE messages SET content = '-', role = '-', id = '-' WHERE message_index = 0")
        let hits = Mutex<[SearchHit]>([])
        let filter = try #require(TextFilter(word))
        try await place.layout().search(SearchQuery(filter)) { hit in
            hits.withLock { $0.append(hit) }
            return .more
        }
        let isMatch = filter.matches([content])
        #expect(hits.withLock { $0.contains { $0.message == 1 } } == isMatch)
    }
}
