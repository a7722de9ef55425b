import JSONText
import Testing

@Suite("Scanner")
struct JSONScannerTests {
    private func scan<Result>(_ text: String, _ body: (JSONScanner) throws -> Result) rethrows -> Result {
        let bytes = Array(text.utf8)
        return try bytes.withUnsafeBytes { try body(JSONScanner($0)) }
    }

    @Test("Several members are found and counted in one pass")
    func locate() throws {
        let text = #" {"version":1,"contextState":{"blobs":[["a","b"],["c","d"],[]]},"source":{"type":"github"}} "#
        try scan(text) { scanner in
            let spans = try scanner.locate([
                ".source", ".contextState.blobs", ".missing", ".contextState.blobs[1][0]", ".",
            ])
            #expect(try spans[0].map { try scanner.value(of: $0) } == ["type": "github"])
            #expect(spans[1]?.childCount == 3)
            #expect(spans[2] == nil)
            #expect(try spans[3].map { try scanner.value(of: $0) } == "c")
            #expect(spans[4]?.childCount == 3)
            #expect(spans[4]?.range == 1..<text.utf8.count - 1)
        }
    }

    @Test("Of duplicate keys the last one is found")
    func duplicates() throws {
        try scan(#"{"a":{"b":1},"a":{"c":2},"\u0061":{"d":3}}"#) { scanner in
            let spans = try scanner.locate([".a.b", ".a.c", ".a.d"])
            #expect(spans[0] == nil)
            #expect(spans[1] == nil)
            #expect(spans[2] != nil)
        }
    }

    @Test("Children come with keys, ranges and counts until told to stop")
    func children() throws {
        let text = #"{ "a" : [1, [2, 3], {}] , "b\n" : null }"#
        try scan(text) { scanner in
            let root = try scanner.root()
            let children = try scanner.children(of: root)
            #expect(children.map(\.kind) == [.array, .null])
            #expect(children.map(\.childCount) == [3, nil])
            #expect(children.map { scanner.key(of: $0) } == ["a", "b\n"])
            #expect(try scanner.children(of: children[0]).map(\.childCount) == [nil, 2, 0])
            var seen = 0
            try scanner.forEachChild(of: root) { _ in
                seen += 1
                return false
            }
            #expect(seen == 1)
        }
    }

    @Test("A look-up in a broken document fails with the parser's error")
    func broken() {
        let error = #expect(throws: JSONError.self) { try scan(#"{"a":1,"b":[1,}"#) { try $0.locate(".a") } }
        #expect(error?.kind == .expectedValue)
        #expect(error?.path == ".b[1]")
    }

    @Test("Every path of a random document is found where the tree has it", arguments: 0..<100 as Range<UInt64>)
    func agreesWithTree(seed: UInt64) throws {
        var documents = RandomDocuments(seed: seed)
        let value = documents.value()
        let text = documents.text(of: value)
        let paths = RandomDocuments.paths(of: value)
        try text.withUnsafeBytes { buffer in
            let scanner = JSONScanner(buffer)
            let spans = try scanner.locate(paths)
            for (path, span) in zip(paths, spans) {
                let span = try #require(span)
                let expected = try #require(value[path])
                #expect(try scanner.value(of: span) == expected)
                #expect(span.childCount == expected.childCount)
                #expect(try scanner.children(of: span).count == expected.childCount ?? 0)
            }
        }
    }
}
