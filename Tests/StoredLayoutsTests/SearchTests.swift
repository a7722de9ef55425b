import EngineCore
import StoredRecords
import Synchronization
import TestSupport
import Testing

@testable import StoredLayouts

/// What a search tells, in its order.
private final class Told: Sendable {
    private let state = Mutex<[SearchNews]>([])

    func receive(_ news: SearchNews) -> StreamControl {
        state.withLock { $0.append(news) }
        return .more
    }

    var news: [SearchNews] { state.withLock { $0 } }
    var hits: [SearchHit] { news.compactMap { if case .hit(let hit) = $0 { hit } else { nil } } }
    var further: Int { news.reduce(0) { if case .further(_, let more) = $1 { $0 + more } else { $0 } } }
    var looked: SearchedAmount {
        news.reduce(into: SearchedAmount()) { if case .looked(let amount) = $1 { $0 += amount } }
    }
}

@Suite("What a search tells while it runs")
struct SearchTests {
    private func look(
        _ layout: any RecordLayout, _ text: String, kinds: [RecordKind] = [], perRecord: Int? = nil
    ) async throws -> Told {
        let told = Told()
        let query = SearchQuery(try #require(try TextFilter.read(text)), kinds: kinds, hitsPerRecord: perRecord)
        try await layout.look(for: query) { told.receive($0) }
        return told
    }

    @Test(arguments: MemexPlace.Kind.engines)
    func `all rows are looked through and counted, with who said what`(_ kind: MemexPlace.Kind) async throws {
        let place = try await MemexPlace.fixture(kind)
        // The database is there as long as its place is.
        defer { withExtendedLifetime(place) {} }
        let layout = try await place.layout()
        let none = try await look(layout, "no such word anywhere")
        #expect(none.hits.isEmpty)
        #expect(none.looked == SearchedAmount(records: 14, messages: 523))
        let told = try await look(layout, "grüße")
        #expect(!told.hits.isEmpty)
        #expect(told.hits.allSatisfy { $0.message == nil || $0.role != nil })
        #expect(told.looked == SearchedAmount(records: 14, messages: 523))
    }

    @Test(arguments: MemexPlace.Kind.engines)
    func `hits beyond a record's share are counted, the first ones handed over`(_ kind: MemexPlace.Kind) async throws {
        let place = try await MemexPlace.fixture(kind)
        // The database is there as long as its place is.
        defer { withExtendedLifetime(place) {} }
        let layout = try await place.layout()
        let all = try await look(layout, "a", kinds: [.thread])
        let some = try await look(layout, "a", kinds: [.thread], perRecord: 3)
        var perRecord: [RecordID: [SearchHit]] = [:]
        for hit in all.hits { perRecord[hit.record.id, default: []].append(hit) }
        #expect(perRecord.values.contains { $0.count > 3 })
        #expect(some.hits.count + some.further == all.hits.count)
        var shares: [RecordID: [SearchHit]] = [:]
        for hit in some.hits { shares[hit.record.id, default: []].append(hit) }
        for (record, hits) in perRecord {
            #expect(shares[record]?.map(\.message) == Array(hits.prefix(3).map(\.message)))
        }
    }

    @Test(arguments: MemexPlace.Kind.engines, ["%", "_", "50%", "a_b", "\\u", "100% sure"])
    func `what means something in a pattern is found as it is written`(
        _ kind: MemexPlace.Kind, _ text: String
    ) async throws {
        let place = try await MemexPlace.empty(kind == .postgres ? .postgres : .memory)
        try await place.addThread("t", messages: 4)
        let contents = ["50% of a_b", "aXb 500", "back\\u slash", "100% sure"]
        for (index, content) in contents.enumerated() {
            try await place.run(
                "UPDATE messages SET content = ?, role = 'user', id = ? WHERE message_index = \(index)",
                [.text(content), .text("id-\(index)")])
        }
        let filter = try #require(TextFilter(text))
        let told = try await look(try await place.layout(), text)
        let expected = contents.indices.filter { filter.matches([contents[$0]]) }
        #expect(told.hits.compactMap(\.message).filter { expected.contains($0) } == expected)
        #expect(told.hits.compactMap(\.message).count == expected.count)
    }

    @Test(arguments: MemexPlace.Kind.engines)
    func `a pattern is looked for in every row, whatever the server can look for itself`(
        _ kind: MemexPlace.Kind
    ) async throws {
        let place = try await MemexPlace.empty(kind == .postgres ? .postgres : .memory)
        try await place.addThread("t", messages: 4)
        let contents = ["error 42", "error x", "Fehler 7", "nothing"]
        for (index, content) in contents.enumerated() {
            try await place.run(
                "UPDATE messages SET content = ?, role = 'user', id = ? WHERE message_index = \(index)",
                [.text(content), .text("id-\(index)")])
        }
        let layout = try await place.layout()
        let told = try await look(layout, #"/(error|fehler) \d+$/"#)
        #expect(told.hits.compactMap(\.message) == [0, 2])
        #expect(told.hits.map(\.excerpt) == ["error 42", "Fehler 7"])
        #expect(told.looked == SearchedAmount(records: 1, messages: 4))
        // A word beside it narrows what the server hands over.
        #expect(try await look(layout, #"/\d+$/ fehler"#).hits.compactMap(\.message) == [2])
    }

    @Test(arguments: MemexPlace.Kind.engines)
    func `quoted words are found next to each other, whatever the server can look for itself`(
        _ kind: MemexPlace.Kind
    ) async throws {
        let place = try await MemexPlace.empty(kind == .postgres ? .postgres : .memory)
        try await place.addThread("t", messages: 5)
        let contents = [
            "the Rate Limit is 50%", "limit the rate", "rate  limit", "a rate\\nlimit", "say \"rate limit\"",
        ]
        for (index, content) in contents.enumerated() {
            try await place.run(
                "UPDATE messages SET content = ?, role = 'user', id = ? WHERE message_index = \(index)",
                [.text(content), .text("id-\(index)")])
        }
        let layout = try await place.layout()
        func messages(_ text: String) async throws -> [Int] {
            try await look(layout, text).hits.compactMap(\.message)
        }
        #expect(try await messages("rate limit") == [0, 1, 2, 3, 4])
        #expect(try await messages(#""rate limit""#) == [0, 4])
        #expect(try await messages(#""Rate Limit""#) == [0])
        #expect(try await messages(#""limit is 50%""#) == [0])
        #expect(try await messages(#""limit is 5_%""#) == [])
        #expect(try await messages(#"say "rate limit""#) == [4])
        // The sign itself, as it stands before the word.
        #expect(try await messages(#"/"rate/"#) == [4])
        #expect(try await look(layout, #""rate limit""#).looked == SearchedAmount(records: 1, messages: 5))
    }

    @Test func `quoted words are a place of a document where they stand next to each other`() throws {
        let document = RecordDocument(
            name: "a.txt", format: .text, bytes: StoredBytes("limit of rate\nrate limit\nthe rate, a limit\n"))
        let places = DocumentPlaces(try #require(try TextFilter.read(#""rate limit""#)), in: document, limit: 10)
        #expect(places.places.map(\.line) == [2] && places.places.map(\.range) == [14..<24])
        #expect(
            DocumentPlaces(try #require(try TextFilter.read(#""limit rate""#)), in: document, limit: 10).places.isEmpty)
    }

    @Test func `what a pattern matches in a document is its place, nearest to the words beside it`() throws {
        let filler = String(repeating: "x", count: 400)
        let text = "id-1 \(filler)\n\(filler) id-22 ü token\nid-\n"
        let document = RecordDocument(name: "a.txt", format: .text, bytes: StoredBytes(text))
        func places(_ text: String) throws -> DocumentPlaces {
            DocumentPlaces(try #require(try TextFilter.read(text)), in: document, limit: 10)
        }
        #expect(try places(#"/ID-\d+/"#).places.isEmpty)
        let all = try places(#"/id-\d+/"#)
        #expect(all.places.map(\.line) == [1, 2])
        #expect(all.places.map { String(decoding: Array(text.utf8)[$0.range], as: UTF8.self) } == ["id-1", "id-22"])
        #expect(try places(#"/id-\d+/ token"#).places.map(\.line) == [2])
        #expect(try places("/y*/").places.count == 1)
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `every place of a document is told with its line, its path and its bytes`(
        _ kind: LooopyTestStore.Kind
    ) async throws {
        let base = "agent=bot/context=c1/artifacts/"
        let json = "{\n  \"a\": [1, {\"word\": \"the needle\"}],\n  \"b\": \"needle again\"\n}"
        let text = "one\ntwo needle\nthree\nfour Needle five\n"
        let layout = try await LooopyTestStore(
            kind,
            [
                base + "data/metadata.json": Array("{\"type\":\"data\",\"status\":\"complete\"}".utf8),
                base + "data/data.json": Array(json.utf8),
                base + "file/metadata.json": Array("{\"type\":\"file\",\"status\":\"complete\"}".utf8),
                base + "file/content.txt": Array(text.utf8),
            ]
        ).layout()
        let told = try await look(layout, "needle", kinds: [.artifact], perRecord: 100)
        let data = told.hits.filter { $0.document == "data.json" }
        #expect(data.map(\.path) == [".a[1].word", ".b"])
        #expect(data.map(\.line) == [2, 3])
        let file = told.hits.filter { $0.document == "content.txt" }
        #expect(file.map(\.line) == [2, 4])
        for hit in file {
            let range = try #require(hit.range)
            #expect(String(decoding: Array(text.utf8)[range], as: UTF8.self).lowercased() == "needle")
        }
        #expect(told.looked.records == 2)
        let one = try await look(layout, "needle", kinds: [.artifact], perRecord: 1)
        #expect(one.hits.count == 2)
        #expect(one.further == 2)
        let plain = try await look(layout, "needle", kinds: [.artifact])
        #expect(plain.hits.count == 2)
    }

    @Test func `words that stand together are preferred to each of them alone`() throws {
        let filler = String(repeating: "x", count: 400)
        let text = "session \(filler)\n\(filler) token\n\(filler)\nthe session token is here\n"
        let document = RecordDocument(name: "a.txt", format: .text, bytes: StoredBytes(text))
        let both = DocumentPlaces(try #require(TextFilter("token session")), in: document, limit: 10)
        #expect(both.places.map(\.line) == [4])
        let apart = RecordDocument(
            name: "a.txt", format: .text, bytes: StoredBytes("session \(filler)\n\(filler) token\n"))
        let places = DocumentPlaces(try #require(TextFilter("token session")), in: apart, limit: 10)
        #expect(places.places.map(\.line) == [1])
        #expect(DocumentPlaces(try #require(TextFilter("token nowhere")), in: apart, limit: 10).places.isEmpty)
    }

    @Test func `a text whose letters change length when folded is found as one place`() throws {
        let document = RecordDocument(name: "a", format: .text, bytes: StoredBytes("İstanbul and needle"))
        let places = DocumentPlaces(try #require(TextFilter("needle")), in: document, limit: 10)
        #expect(places.places.count == 1)
        #expect(places.places.first?.excerpt.contains("needle") == true)
    }
}
