/// A piece of text that no cut goes through, and what is drawn for it.
struct TextUnit {
    var text: Substring
    var glyphs: [Glyph]
    var columns: Int
    var isSpace: Bool { text == " " }
}

/// Sanitized text as units: a grapheme cluster each, or a single glyph each
/// where a cluster is wider than two columns, since a cluster has no upper
/// length and a hostile one would otherwise never fit anywhere.
struct TextUnits: Sequence, IteratorProtocol {
    private let text: String
    private var position: String.Index
    private var pieces: [TextUnit] = []

    init(_ sanitized: String) {
        text = sanitized
        position = sanitized.startIndex
    }

    mutating func next() -> TextUnit? {
        if let piece = pieces.popLast() { return piece }
        guard position < text.endIndex else { return nil }
        let end = text.index(after: position)
        let cluster = text[position..<end]
        position = end
        let glyphs = Array(Glyphs(ofSanitized: String(cluster)))
        let columns = glyphs.reduce(0) { $0 + $1.columns }
        if columns <= 2 { return TextUnit(text: cluster, glyphs: glyphs, columns: columns) }
        pieces = glyphs.reversed().map {
            TextUnit(text: Substring($0.text), glyphs: [$0], columns: $0.columns)
        }
        return pieces.popLast()
    }
}
