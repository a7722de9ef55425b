import TerminalSurface
import Testing

@Suite struct CellGridTests {
    @Test func `put draws text and tells the columns used`() {
        var grid = CellGrid(width: 10, height: 2)
        #expect(grid.put("héllo", row: 0, column: 1, style: .title) == 5)
        #expect(grid.text(row: 0) == " héllo    ")
        #expect(grid.cell(row: 0, column: 1)?.style == .title)
        #expect(grid.cell(row: 0, column: 6)?.style == .normal)
    }

    @Test func `a wide cluster that does not fit the last column becomes a space`() {
        var grid = CellGrid(width: 5, height: 1)
        grid.put("日本語", row: 0, column: 0, style: .title)
        #expect(grid.text(row: 0) == "日本 ")
        #expect(grid.cell(row: 0, column: 4)?.style == .title)
        var limited = CellGrid(width: 5, height: 1)
        #expect(limited.put("日本語", row: 0, column: 0, maxWidth: 3) == 3)
        #expect(limited.text(row: 0) == "日   ")
        var flag = CellGrid(width: 3, height: 1)
        flag.put("ab🇩🇪", row: 0, column: 0)
        #expect(flag.text(row: 0) == "ab ")
    }

    @Test func `text that starts left of the grid shows its later part`() {
        var grid = CellGrid(width: 4, height: 1)
        #expect(grid.put("abcdef", row: 0, column: -2) == 6)
        #expect(grid.text(row: 0) == "cdef")
        grid.put("日本語", row: 0, column: -1)
        #expect(grid.text(row: 0) == " 本 ")
    }

    @Test func `overwriting half of a wide glyph blanks the other half`() {
        var grid = CellGrid(width: 4, height: 1)
        grid.put("日本", row: 0, column: 0)
        grid.put("x", row: 0, column: 1)
        #expect(grid.text(row: 0) == " x本")
        grid.put("y", row: 0, column: 2)
        #expect(grid.text(row: 0) == " xy ")
        grid.put("日本", row: 0, column: 0)
        grid.put("語", row: 0, column: 1)
        #expect(grid.text(row: 0) == " 語 ")
    }

    @Test func `nothing is drawn outside the clip rectangle`() {
        var grid = CellGrid(width: 6, height: 3)
        grid.clipped(to: Rect(row: 1, column: 1, width: 3, height: 1)) { inner in
            for row in -1...3 { inner.put("日本語日", row: row, column: 0) }
            inner.fill(Rect(row: -5, column: 3, width: 50, height: 50), with: Glyph("x"))
        }
        #expect(grid.text == "\n   x\n")
        #expect(grid.cell(row: 1, column: 3)?.text == "x")
        #expect(grid.cell(row: 1, column: 1)?.text == " ")
        #expect(grid.clip == grid.bounds)
    }

    @Test func `a grid never holds a control character whatever is put into it`() {
        var random = SeededRandom(seed: 3)
        for _ in 0..<200 {
            var grid = CellGrid(width: 20, height: 3)
            for _ in 0..<8 {
                grid.put(
                    random.text(12), row: Int.random(in: -1...3, using: &random),
                    column: Int.random(in: -6...22, using: &random))
            }
            for row in 0..<3 {
                var columns = 0
                for column in 0..<20 {
                    guard let cell = grid.cell(row: row, column: column) else { continue }
                    #expect(!cell.glyph.scalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) })
                    columns += Int(cell.columns)
                    if cell.isWide { #expect(grid.cell(row: row, column: column + 1)?.isContinuation == true) }
                }
                #expect(columns == 20)
            }
        }
    }

    @Test func `a box draws its corners and sides`() {
        var grid = CellGrid(width: 4, height: 3)
        grid.box(grid.bounds)
        #expect(grid.text == "┌──┐\n│  │\n└──┘")
        var ascii = CellGrid(width: 4, height: 3)
        ascii.box(Rect(row: 0, column: 0, width: 1, height: 1))
        #expect(ascii.text == "\n\n")
    }

    @Test(arguments: [GridSize(width: 0, height: 0), GridSize(width: 1, height: 1), GridSize(width: 500, height: 200)])
    func `any size can be drawn on`(_ size: GridSize) {
        var grid = CellGrid(size: size)
        grid.box(grid.bounds)
        grid.put("日本語", row: 0, column: 0)
        grid.fill(grid.bounds, with: Glyph("x"))
        grid.restyle(grid.bounds) { $0.onSelection }
        #expect(grid.cells.count == size.width * size.height)
        #expect(grid.cells.allSatisfy { $0.text == "x" && $0.style.attributes == .reverse })
    }

    @Test func `every glyph has an ASCII likeness`() {
        #expect(Glyph("│").asciiFallback == Glyph("|"))
        #expect(Glyph("┼").asciiFallback == Glyph("+"))
        #expect(Glyph("…").asciiFallback == Glyph("~"))
        #expect(Glyph("日").asciiFallback == Glyph("?"))
        #expect(Glyph("a").asciiFallback == Glyph("a"))
    }
}
