/// Columns that text takes on a terminal.
///
/// A cluster takes the sum of what is drawn of it: its base scalars. ZWJ,
/// variation selectors and skin tones inside a cluster are not drawn, so a
/// family emoji takes two columns for each person in it, as terminals that
/// know nothing of such sequences show it.
public enum CharacterWidth {
    /// Columns of one scalar on its own: 0 for combining marks and controls, 2 for wide ones, else 1.
    public static func columns(of scalar: Unicode.Scalar) -> Int {
        let value = scalar.value
        if value < 0x300 {
            return value < 0x20 || (value >= 0x7F && value < 0xA0) ? 0 : 1
        }
        if value >= 0x1100, contains(WidthTables.wide, value) { return 2 }
        return contains(WidthTables.zero, value) ? 0 : 1
    }

    /// Columns `CellGrid.put` uses for `text`, the visible forms of controls included.
    public static func columns(of text: String) -> Int {
        if Sanitizer.isPrintableASCII(text) { return text.utf8.count }
        var total = 0
        for glyph in Glyphs(ofSanitized: Sanitizer.visible(text)) { total += glyph.columns }
        return total
    }

    /// Columns `CellGrid.put` uses for one cluster.
    public static func columns(of cluster: Character) -> Int {
        columns(of: String(cluster))
    }

    private static func contains(_ table: [(UInt32, UInt32)], _ value: UInt32) -> Bool {
        var low = 0
        var high = table.count
        while low < high {
            let middle = (low + high) / 2
            let range = table[middle]
            if value < range.0 {
                high = middle
            } else if value > range.1 {
                low = middle + 1
            } else {
                return true
            }
        }
        return false
    }
}
