import JSONText
import Testing

@Suite("Search in an outline")
struct JSONSearchTests {
    private func run(_ search: JSONSearch, _ outline: inout JSONOutline, budget: Int) -> [JSONSearch.Match] {
        var search = search
        var matches: [JSONSearch.Match] = []
        while true {
            switch outline.step(&search, budget: budget) {
            case .found(let match): matches.append(match)
            case .searching: continue
            case .waiting: outline.advance(by: 20)
            case .exhausted: return matches
            }
        }
    }

    /// The ranges of all keys and values that hold a text, by a walk over the tree of nodes.
    private func expected(_ text: String, _ outline: JSONOutline) throws -> [Range<Int>] {
        var found: [Range<Int>] = []
        func visit(_ node: JSONOutlineNode) throws {
            if let key = node.key, outline.key(of: node)?.contains(text) == true { found.append(key) }
            let end = try #require(node.end)
            if !node.kind.isContainer {
                let value = try JSONValue.parse(outline.spelling(of: node, limit: .max / 2).text)
                if (value.stringValue ?? value.serialized()).contains(text) { found.append(node.start..<end) }
            }
            for child in outline.children(of: node, in: 0..<Int.max) { try visit(child) }
        }
        try outline.root.map(visit)
        return found
    }

    @Test("Both directions find every match, in steps of any size", arguments: 0..<16 as Range<UInt64>)
    func random(seed: UInt64) throws {
        var documents = RandomDocuments(seed: seed)
        let text = documents.text(of: .array((0..<5).map { _ in documents.value(depth: 4) }))
        for threshold in [8, 100_000] {
            var whole = JSONOutline(ArrayRegion(text), threshold: threshold)
            while !whole.advance() {}
            for needle in [
                "a", "é", "ru", "odd k", "\n", "\"", "90071", "ordinary ASCII", "zzz", "😀", "nplain", "u00", "/", "\\",
            ] {
                let expected = try expected(needle, whole)
                var outline = JSONOutline(ArrayRegion(text), threshold: threshold, firstStep: 1)
                let budget = 20 + documents.pick(300)
                let forward = JSONSearch(needle, ignoresCase: false, .forward, from: 0)
                #expect(run(forward, &outline, budget: budget).map(\.range) == expected)
                let backward = JSONSearch(needle, ignoresCase: false, .backward, from: text.count)
                #expect(run(backward, &outline, budget: budget).map(\.range) == expected.reversed())
            }
        }
    }

    @Test("A match leads to its node, keys to the value behind them")
    func nodes() throws {
        var outline = JSONOutline(ArrayRegion(#"{"Name":{"x":"the name"},"n":[true,12345]}"#))
        let names = run(JSONSearch("name", from: 0), &outline, budget: 5)
        #expect(names.map(\.isKey) == [true, false])
        #expect(names.map { outline.node(of: $0).map(outline.path(of:)) } == [".Name", ".Name.x"])
        let numbers = run(JSONSearch("234", from: 0), &outline, budget: 5)
        #expect(numbers.map { outline.node(of: $0).map(outline.path(of:)) } == [".n[1]"])
        #expect(run(JSONSearch("TRUE", from: 0), &outline, budget: 5).count == 1)
        #expect(run(JSONSearch("TRUE", ignoresCase: false, from: 0), &outline, budget: 5).isEmpty)
        #expect(run(JSONSearch("", from: 0), &outline, budget: 5).isEmpty)
    }

    @Test("A search starts where it is told")
    func start() {
        var outline = JSONOutline(ArrayRegion(#"["aa","ab","ac"]"#))
        #expect(run(JSONSearch("a", from: 2), &outline, budget: 100).map(\.range) == [6..<10, 11..<15])
        #expect(run(JSONSearch("a", .backward, from: 6), &outline, budget: 100).map(\.range) == [1..<5])
        #expect(run(JSONSearch("a", from: 999), &outline, budget: 100).isEmpty)
    }
}
