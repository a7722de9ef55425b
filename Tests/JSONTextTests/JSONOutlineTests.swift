import JSONText
import Testing

@Suite("Outline")
struct JSONOutlineTests {
    private func finished(_ text: [UInt8], threshold: Int) -> JSONOutline {
        var outline = JSONOutline(ArrayRegion(text), threshold: threshold, firstStep: 1)
        while !outline.advance(by: 7) {}
        return outline
    }

    /// Compares a node and all below it with the tree, asking in every way there is.
    private func compare(_ node: JSONOutlineNode, _ value: JSONValue, _ path: JSONPath, _ outline: JSONOutline) throws {
        #expect(node.kind == value.kind)
        #expect(node.childCount == value.childCount)
        let end = try #require(node.end)
        let bytes = outline.region.withBytes { Array($0[node.start..<end]) }
        #expect(try JSONValue.parse(bytes) == value)
        #expect(outline.node(startingAt: node.start) == node)
        let children = outline.children(of: node, in: 0..<Int.max)
        #expect(children.map(\.ordinal) == Array(0..<(value.childCount ?? 0)))
        for (index, child) in children.enumerated() {
            #expect(outline.parent(of: child) == node)
            #expect(outline.children(of: node, in: index..<index + 1) == [child])
            switch value {
            case .array(let elements):
                let step = path.appending(index: index)
                #expect(outline.path(of: child) == step)
                try compare(child, elements[index], step, outline)
            case .object(let members):
                let name = members[index].name
                #expect(outline.key(of: child) == name)
                let step = path.appending(key: name)
                #expect(outline.path(of: child) == step)
                let isLast = !members[(index + 1)...].contains { $0.key.means(name) }
                // A path through an earlier duplicate leads to the last one.
                if outline.node(at: path) == node { #expect((outline.node(at: step) == child) == isLast) }
                try compare(child, members[index].value, step, outline)
            default: Issue.record("a scalar has children")
            }
        }
    }

    @Test("Every node of a random document agrees with the tree", arguments: 0..<30 as Range<UInt64>)
    func agreesWithTree(seed: UInt64) throws {
        var documents = RandomDocuments(seed: seed)
        let value = documents.value()
        let text = documents.text(of: value)
        for threshold in [1, 8, 100_000] {
            let outline = finished(text, threshold: threshold)
            #expect(outline.error == nil)
            #expect(outline.readCount == text.count)
            try compare(try #require(outline.root), value, .root, outline)
        }
    }

    @Test("What has been read agrees with the tree wherever the reading stands", arguments: 0..<12 as Range<UInt64>)
    func partial(seed: UInt64) throws {
        var documents = RandomDocuments(seed: seed)
        let value = documents.value()
        let text = documents.text(of: value)
        let whole = finished(text, threshold: 8)
        for threshold in [4, 100_000] {
            var outline = JSONOutline(ArrayRegion(text), threshold: threshold, firstStep: 1)
            while !outline.advance(by: 1) {
                if let root = outline.root { try comparePartial(root, outline, whole) }
            }
            #expect(outline.root == whole.root)
        }
    }

    private func comparePartial(_ node: JSONOutlineNode, _ outline: JSONOutline, _ whole: JSONOutline) throws {
        let known = try #require(whole.node(startingAt: node.start))
        #expect(node.kind == known.kind)
        #expect(node.key == known.key)
        #expect(node.ordinal == known.ordinal)
        #expect(node.end == nil || node == known)
        #expect(outline.updated(node) == node)
        #expect(outline.path(of: node) == whole.path(of: known))
        let children = outline.children(of: node, in: 0..<Int.max)
        #expect(children.count == node.childCount ?? 0 || !node.isComplete)
        #expect(children.map(\.start) == whole.children(of: known, in: 0..<children.count).map(\.start))
        #expect(!children.dropLast().contains { !$0.isComplete })
        for child in children { try comparePartial(child, outline, whole) }
    }

    @Test("A broken document can be shown up to its fault", arguments: 0..<60 as Range<UInt64>)
    func broken(seed: UInt64) throws {
        var documents = RandomDocuments(seed: seed)
        var text = documents.text(of: documents.value())
        for _ in 0...documents.pick(2) where !text.isEmpty {
            let place = documents.pick(text.count)
            if documents.pick(2) == 0 { text[place] = UInt8(documents.pick(256)) } else { text = Array(text[..<place]) }
        }
        let outline = finished(text, threshold: 1 + documents.pick(30))
        var parserError: JSONError?
        do { _ = try JSONValue.parse(text) } catch { parserError = error }
        #expect(outline.error == parserError)
        guard parserError != nil, let root = outline.root else { return }
        var visited = 0
        var rest = [root]
        while let node = rest.popLast() {
            visited += 1
            #expect((node.end ?? 0) <= outline.readCount)
            #expect(outline.node(startingAt: node.start)?.start == node.start)
            _ = outline.path(of: node)
            rest += outline.children(of: node, in: 0..<Int.max)
        }
        let rows = outline.rows(from: root, count: .max, folding: JSONFolding(depth: .max))
        #expect(rows.count == visited)
    }

    @Test("The fault of a broken document has its place and path")
    func fault() {
        let outline = finished(Array("{\"a\": [1, {\"b c\":\n [2, 3 4]}]}".utf8), threshold: 4)
        #expect(outline.error?.kind == .expectedCommaOrEnd)
        #expect(outline.error?.line == 2)
        #expect(outline.error?.path == #".a[1]["b c"]"#)
        #expect(outline.node(at: #".a[1]["b c"][1]"#)?.kind == .number)
    }

    @Test(
        "A string that is not at its end yet is shown as far as it goes",
        arguments: ["[\"abc\\u12", "[\"abcé\u{1}", "[\"abc"])
    func unfinishedString(text: String) throws {
        let outline = finished(Array(text.utf8), threshold: 4)
        let root = try #require(outline.root)
        let child = try #require(outline.children(of: root, in: 0..<1).first)
        #expect(child.kind == .string)
        #expect(!child.isComplete)
        let spelling = outline.spelling(of: child)
        #expect(spelling.text.hasPrefix("\"abc"))
        #expect(!spelling.isWhole)
    }

    @Test("A million open brackets are an error and take bounded memory")
    func deep() {
        let outline = finished(Array(repeating: UInt8(ascii: "["), count: 1_000_000), threshold: 16 * 1024)
        #expect(outline.error?.kind == .tooDeep)
        #expect(outline.error?.offset == 10_000)
        #expect(outline.indexByteCount < 1_000_000)
    }

    @Test("The index stays below a quarter of a document however it nests", arguments: [1, 100, 5000])
    func memory(depth: Int) {
        let open = String(repeating: "[", count: depth)
        let close = String(repeating: "]", count: depth)
        let inner = String(repeating: "\"0123456789\",", count: 2000) + "1"
        let text =
            "[" + Array(repeating: open + inner + close, count: 1 + 250_000 / (26_000 + depth)).joined(separator: ",")
            + "]"
        var outline = JSONOutline(ArrayRegion(text))
        while !outline.advance() {}
        #expect(outline.error == nil)
        #expect(outline.indexByteCount < text.utf8.count / 4)
    }

    @Test("The beginning of a long value is cut between characters")
    func spelling() throws {
        let outline = finished(Array("[\"aéé\"]".utf8), threshold: 4)
        let node = try #require(outline.node(at: ".[0]"))
        #expect(outline.spelling(of: node, limit: 100) == ("\"aéé\"", true))
        #expect(outline.spelling(of: node, limit: 3) == ("\"a", false))
        #expect(outline.spelling(of: node, limit: 4) == ("\"aé", false))
        #expect(outline.spelling(of: node, limit: 0) == ("", false))
        #expect(outline.keySpelling(of: node) == nil)
        let member = JSONOutline(ArrayRegion(#"{"a\nb":1}"#))
        let child = try #require(member.node(at: #".["a\nb"]"#))
        let key = try #require(member.keySpelling(of: child, limit: 3))
        #expect(key == (#""a\"#, false))
    }

    @Test("An empty document has an error and no nodes", arguments: ["", "  "])
    func empty(text: String) {
        let outline = finished(Array(text.utf8), threshold: 4)
        #expect(outline.error?.kind == .empty)
        #expect(outline.root == nil)
        #expect(outline.lastRow(folding: JSONFolding()) == nil)
    }
}
