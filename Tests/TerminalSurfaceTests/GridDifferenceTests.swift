import TerminalSurface
import Testing

@Suite struct GridDifferenceTests {
    @Test func `equal grids differ in nothing`() {
        var grid = CellGrid(width: 20, height: 5)
        grid.put("日本語 text", row: 2, column: 3)
        #expect(GridDifference(from: grid, to: grid).isEmpty)
    }

    @Test func `one changed cell is one run of one cell`() {
        var old = CellGrid(width: 20, height: 5)
        old.put("hello", row: 1, column: 2)
        var new = old
        new.put("J", row: 1, column: 2)
        let runs = GridDifference(from: old, to: new).runs
        #expect(runs.count == 1)
        #expect(runs.first?.row == 1 && runs.first?.column == 2 && runs.first?.cells.count == 1)
    }

    @Test func `the difference applied to the old grid gives the new one`() {
        var random = SeededRandom(seed: 11)
        let styles: [Style] = [.normal, .title, .error, .selected]
        for _ in 0..<400 {
            var old = CellGrid(
                width: Int.random(in: 1...18, using: &random), height: Int.random(in: 1...5, using: &random))
            for _ in 0..<5 { scribble(on: &old) }
            var new = old
            for _ in 0..<Int.random(in: 0...4, using: &random) { scribble(on: &new) }
            new.cursor = GridPosition(row: 0, column: 0)
            let difference = GridDifference(from: old, to: new)
            difference.apply(to: &old)
            #expect(old == new)
            #expect(
                !difference.runs.contains { $0.cells.first?.isContinuation == true || $0.cells.last?.isWide == true })
        }

        func scribble(on grid: inout CellGrid) {
            grid.put(
                random.text(8), row: Int.random(in: 0..<grid.height, using: &random),
                column: Int.random(in: -2...grid.width, using: &random),
                style: styles.randomElement(using: &random) ?? .normal)
        }
    }

    @Test func `a grid of another size differs in every row`() {
        let new = CellGrid(width: 4, height: 3)
        let difference = GridDifference(from: CellGrid(width: 5, height: 3), to: new)
        #expect(difference.runs.map(\.row) == [0, 1, 2])
        #expect(difference.runs.allSatisfy { $0.cells.count == 4 })
    }
}
