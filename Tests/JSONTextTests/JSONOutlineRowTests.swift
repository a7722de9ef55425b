import JSONText
import Testing

@Suite("Outline rows")
struct JSONOutlineRowTests {
    /// All rows of a tree, found by plain recursion.
    private func expected(
        _ node: JSONOutlineNode, _ depth: Int, _ folding: JSONFolding, _ outline: JSONOutline
    ) -> [JSONOutlineRow] {
        let isUnfolded = folding.isUnfolded(node, depth: depth)
        let row = JSONOutlineRow(node: node, depth: depth, isUnfolded: isUnfolded)
        guard isUnfolded else { return [row] }
        return [row]
            + outline.children(of: node, in: 0..<Int.max).flatMap { expected($0, depth + 1, folding, outline) }
    }

    @Test("Windows of rows in both directions are parts of the whole tree", arguments: 0..<20 as Range<UInt64>)
    func windows(seed: UInt64) throws {
        var documents = RandomDocuments(seed: seed)
        let value = JSONValue.array((0..<40).map { _ in documents.value() })
        var outline = JSONOutline(ArrayRegion(documents.text(of: value)), threshold: 1 << documents.pick(10))
        while !outline.advance() {}
        let root = try #require(outline.root)
        var folding = JSONFolding(depth: documents.pick(4))
        let all = expected(root, 0, JSONFolding(depth: .max), outline)
        for _ in 0..<5 { folding.set(all[documents.pick(all.count)].node, isUnfolded: documents.pick(2) == 0) }
        folding.setAll(in: all[documents.pick(all.count)].node, isUnfolded: documents.pick(2) == 0)

        let rows = expected(root, 0, folding, outline)
        #expect(outline.rows(from: root, count: .max, folding: folding) == rows)
        #expect(outline.lastRow(folding: folding) == rows.last)
        for _ in 0..<10 {
            let place = documents.pick(rows.count)
            let count = 1 + documents.pick(60)
            #expect(
                outline.rows(from: rows[place].node, count: count, folding: folding)
                    == Array(rows[place...].prefix(count)))
            #expect(
                outline.rows(before: rows[place].node, count: count, folding: folding)
                    == Array(rows[..<place].suffix(count)))
        }
    }

    @Test("Rows from a node that is folded away begin at the fold")
    func hidden() throws {
        let outline = JSONOutline(ArrayRegion(#"{"a":{"b":[1,2]},"c":3}"#))
        let hidden = try #require(outline.node(at: ".a.b[1]"))
        let rows = outline.rows(from: hidden, count: 5, folding: JSONFolding(depth: 1))
        #expect(rows.map { outline.path(of: $0.node).description } == [".a", ".c"])
    }

    @Test("Unfolding all in a node reaches what is in it and nothing else")
    func unfoldAll() throws {
        let outline = JSONOutline(ArrayRegion(#"{"a":{"b":[1,2]},"c":[3]}"#))
        let node = try #require(outline.node(at: ".a"))
        var folding = JSONFolding(depth: 1)
        folding.setAll(in: node, isUnfolded: true)
        let root = try #require(outline.root)
        let paths = outline.rows(from: root, count: 50, folding: folding).map { outline.path(of: $0.node).description }
        #expect(paths == [".", ".a", ".a.b", ".a.b[0]", ".a.b[1]", ".c"])
    }
}
