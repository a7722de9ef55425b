import EngineCore
import StoredRecords
import TestSupport
import Testing

@testable import StoredLayouts

@Suite(.blocks) struct ConnectorsStoreTests {
    private let kept = KeptPlaces()
    private let full = StoredBytes("{\n  \"version\": 1,\n  \"contextState\": {\"blobs\": [[\"b\", \"a.ts\"]]}\n}")
    private let search = StoredBytes("{\n  \"version\": 1,\n  \"contextState\": {}\n}")

    private func store(
        _ kind: ObjectPlace.Kind, _ forms: [ConnectorsObjectsLayout.Form] = [.released, .flat]
    ) async throws -> (ObjectPlace, ConnectorsObjectsLayout) {
        let place = try await ObjectPlace(kind)
        kept.keep(place)
        return (place, ConnectorsObjectsLayout(engine: place.engine, context: .test(), forms: forms))
    }

    @Test(arguments: [
        ("web-app", "web-app"), ("acme/web app", "acme_web_app"), ("__a__b__", "a_b"), ("日本-x", "-x"),
        ("a…b", "a_b"), ("../etc", "etc"), (".", "."), ("a.b", "a_b"), ("\u{1F600}z", "z"),
    ])
    func `a key is sanitized as the tool does it`(name: String, key: String) {
        #expect(IndexKey.sanitized(name) == key)
    }

    @Test(arguments: ["", "_", "///", "日本", "..", "   "])
    func `a key of which nothing is left is refused`(name: String) async throws {
        let (place, store) = try await store(.memory)
        let error = await #expect(throws: StorageError.self) {
            try await store.save(name, full: full, search: search)
        }
        #expect(error?.kind == .invalid)
        #expect(try await place.contents().isEmpty)
    }

    @Test(arguments: ObjectPlace.Kind.allCases)
    func `what is saved is stored as given, where the released tool looks`(kind: ObjectPlace.Kind) async throws {
        let (place, store) = try await store(kind)
        try await store.save("acme/web app", full: full, search: search)
        try await store.save(".", full: full, search: search)
        let contents = try await place.contents()
        #expect(
            contents == [
                "indexes/acme_web_app/state.json": full.array, "indexes/acme_web_app/search.json": search.array,
                "state.json": full.array, "search.json": search.array,
            ])
        #expect(try await store.list() == [".", "acme_web_app"])
        #expect(try await store.loadState("acme/web app") == full)
        #expect(try await store.loadSearch("acme_web_app") == search)
        #expect(try await store.loadState("other") == nil)
        #expect(try await store.loadSearch("other") == nil)
    }

    @Test func `the flat form is written below the base and found again`() async throws {
        let (place, store) = try await store(.memory, [.flat])
        try await store.save("k", full: full, search: search)
        #expect(try await place.contents().keys.sorted() == ["k/search.json", "k/state.json"])
        #expect(try await store.list() == ["k"])
    }

    @Test func `an index that is there is written where it is`() async throws {
        let (place, flat) = try await store(.memory, [.flat])
        try await flat.save("k", full: full, search: search)
        let both = ConnectorsObjectsLayout(engine: place.engine, context: .test())
        try await both.save("k", full: StoredBytes("{\"blobs\":[]}"), search: search)
        #expect(try await place.contents().keys.sorted() == ["k/search.json", "k/state.json"])
        #expect(try await both.loadState("k")?.text == "{\"blobs\":[]}")
    }

    @Test func `a full document without blobs is corrupt and said to look like a search state`() async throws {
        let (_, store) = try await store(.memory)
        try await store.save("k", full: search, search: search)
        let error = await #expect(throws: StorageError.self) { try await store.loadState("k") }
        #expect(error?.kind == .corrupt)
        #expect(error?.reason.contains("looks like a search state") == true)
        #expect(try await store.loadSearch("k") == search)
        let summary = try #require(try await store.summary(.index, "k"))
        #expect(summary.notes == ["state.json has no blobs; it looks like a search state"])
    }

    @Test(arguments: ["", "{", "[]", "nonsense"])
    func `a full document that is no JSON object is corrupt`(text: String) async throws {
        let (_, store) = try await store(.memory)
        try await store.save("k", full: StoredBytes(text), search: search)
        let error = await #expect(throws: StorageError.self) { try await store.loadState("k") }
        #expect(error?.kind == .corrupt)
    }

    @Test(arguments: ObjectPlace.Kind.allCases)
    func `deleting removes both documents and an unknown key is no error`(kind: ObjectPlace.Kind) async throws {
        let (place, store) = try await store(kind)
        try await store.save("a b", full: full, search: search)
        try await store.save("other", full: full, search: search)
        try await store.delete("a b")
        try await store.delete("never")
        #expect(try await store.list() == ["other"])
        #expect(try await place.contents().count == 2)
    }

    @Test func `only indexes with a full document are listed by the store`() async throws {
        let (place, store) = try await store(.memory)
        try await place.engine.write(ObjectKey("indexes/half/search.json"), search)
        #expect(try await store.list().isEmpty)
        #expect(try await store.all(.index).map(\.id.key) == ["half"])
    }
}
