/// Makes every scalar of stored text visible and harmless to a terminal.
///
/// All text from a store, ids, names and server errors included, passes here
/// before its width is computed. Nothing is hidden and nothing is cut:
/// - C0 and DEL become `^[`, `^J`, `^?`;
/// - C1, bidirectional controls, line and paragraph separators, the byte order
///   mark, other format and default-ignorable characters, unassigned code
///   points and marks beyond the four a cell can hold become `<U+009B>`;
/// - tabs become spaces up to the next tab stop;
/// - bytes that are not UTF-8 become `\xff`.
///
/// Joiners and variation selectors stay where they shape a cluster (emoji
/// sequences, Arabic and Indic scripts) and become visible everywhere else.
/// What is visible stays as it is, so passing text twice changes nothing.
public enum Sanitizer {
    /// Columns between tab stops unless the caller says otherwise.
    public static let defaultTabWidth = 4

    /// `text` in visible form.
    ///
    /// - Parameters:
    ///   - tabWidth: columns between tab stops; 1 or less turns a tab into one space.
    ///   - startColumn: the column the text begins at, counted from the first tab stop.
    public static func visible(
        _ text: String, tabWidth: Int = defaultTabWidth, startColumn: Int = 0
    ) -> String {
        if isPrintableASCII(text) { return text }
        var writer = VisibleWriter(tabWidth: tabWidth, column: startColumn)
        writer.append(text.unicodeScalars)
        return writer.text
    }

    /// `bytes`, meant to be UTF-8, in visible form; a byte that is not UTF-8 becomes `\xff`.
    public static func visible(
        bytes: some Sequence<UInt8>, tabWidth: Int = defaultTabWidth, startColumn: Int = 0
    ) -> String {
        let bytes = Array(bytes)
        var writer = VisibleWriter(tabWidth: tabWidth, column: startColumn)
        var pending = String.UnicodeScalarView()
        var parser = Unicode.UTF8.ForwardParser()
        var input = bytes.makeIterator()
        var offset = 0
        parsing: while true {
            switch parser.parseScalar(from: &input) {
            case .valid(let encoded):
                pending.append(Unicode.UTF8.decode(encoded))
                offset += encoded.count
            case .error(let length):
                writer.append(pending)
                pending = String.UnicodeScalarView()
                for byte in bytes[offset..<(offset + length)] { writer.append(invalidByte: byte) }
                offset += length
            case .emptyInput:
                break parsing
            }
        }
        writer.append(pending)
        return writer.text
    }

    /// The lines of `text` in visible form, parted at `\n` and `\r\n`; a lone `\r` shows as `^M`.
    ///
    /// A newline at the end does not start another line; empty text is one empty line.
    public static func visibleLines(_ text: String, tabWidth: Int = defaultTabWidth) -> [String] {
        var lines: [String] = []
        var rest = Substring(text).utf8
        repeat {
            let end = rest.firstIndex(of: 0x0A)
            var line = rest[..<(end ?? rest.endIndex)]
            if end != nil, line.last == 0x0D { line = line.dropLast() }
            lines.append(visible(String(Substring(line)), tabWidth: tabWidth))
            guard let end else { break }
            rest = rest[rest.index(after: end)...]
        } while !rest.isEmpty
        return lines
    }

    /// Whether `text` holds nothing but the characters from space to `~`.
    public static func isPrintableASCII(_ text: String) -> Bool {
        let whole = text.utf8.withContiguousStorageIfAvailable { bytes in
            // Without a way out of the loop the compiler checks many bytes at once.
            var isPlain = true
            for byte in bytes { isPlain = ((byte &- 0x20) < 0x5F) && isPlain }
            return isPlain
        }
        return whole ?? text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
    }
}
