import Testing

@testable import CommandLineTool

@Suite struct TableTests {
    private func table() -> Table {
        var table = Table([
            .init(title: "ID", keepsEnds: true), .init(title: "N", isNumber: true),
            .init(title: "TITLE", isFlexible: true), .init(title: "EMPTY"),
        ])
        table.add(["t1", "5", "a\tb\nc \u{1B}]52;c;x\u{7}", ""])
        table.add(["t200", "1234", "日本語のとても長い題名がここにある", ""])
        return table
    }

    @Test func `Without a terminal a row is one line with tabs and nothing cut`() {
        let lines = table().lines(width: nil)
        #expect(lines == ["t1\t5\ta b^Jc ^[]52;c;x^G\t", "t200\t1234\t日本語のとても長い題名がここにある\t"])
    }

    @Test func `On a terminal numbers align right, wide text is cut by columns and empty columns go`() {
        let lines = table().lines(width: 30)
        #expect(lines[0] == "ID       N  TITLE")
        #expect(lines[1].hasPrefix("t1       5  a b^Jc"))
        #expect(lines[2].hasPrefix("t200  1234  日本語"))
        #expect(lines[2].hasSuffix("…"))
    }

    @Test func `An id stays whole as long as something else can make room for it`() {
        var table = Table([
            .init(title: "ENTRY"), .init(title: "ID", isFlexible: true, keepsEnds: true),
            .init(title: "PLACE", isFlexible: true, isOptional: true, keepsEnds: true),
            .init(title: "TITLE", isFlexible: true),
        ])
        table.add(["e1", "support-bot/case-100", "/a/long/path/to/a/store", "A title of some length"])
        #expect(table.lines(width: 80)[1].hasPrefix("e1     support-bot/case-100  /a/long/path/to/a/store"))
        #expect(table.lines(width: 40)[1] == "e1     support-bot/case-100  A title…")
        #expect(table.lines(width: 24)[1].hasPrefix("e1     sup…100"))
    }

    @Test func `The bar shows how far the work is`() {
        #expect(Progress.line("export", 5, 10) == "export [##########..........] 50 %")
        #expect(Progress.line("export", 7, nil) == "export 7")
    }
}
