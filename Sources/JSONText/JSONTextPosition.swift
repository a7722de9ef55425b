/// A place in a text as people count it: line and character from 1.
public struct JSONTextPosition: Sendable, Hashable {
    public var line: Int
    /// Unicode scalars from the start of the line, from 1; bytes that are not UTF-8 count where they begin a character.
    public var column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    init(of offset: Int, in bytes: JSONBytes) {
        let end = min(offset, bytes.count)
        var line = 1
        var lineStart = 0
        for index in 0..<end where bytes[index] == 0x0A {
            line += 1
            lineStart = index + 1
        }
        var column = 1
        for index in lineStart..<max(lineStart, end) where bytes[index] & 0xC0 != 0x80 { column += 1 }
        self.init(line: line, column: column)
    }
}
