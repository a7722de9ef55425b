internal import StoredRecords
internal import TerminalSurface

/// The beginning of a document, for a preview.
enum DocumentGlance {
    private static let shownBytes = 8192

    static func lines(_ document: RecordDocument, width: Int) -> [StyledLine] {
        var lines = [
            StyledLine([
                Span(TextFit.truncated(document.name, to: max(1, width - 12)), .header),
                Span("  " + Words.size(Int64(document.bytes.count)), .dim),
            ])
        ]
        for note in document.notes {
            lines += StyledLine.wrapped([Span("! " + Sanitizer.visible(note), .warning)], width: width, hanging: 2)
        }
        if document.format == .binary {
            lines += HexPane.lines(document.bytes, from: 0, count: 16, width: width)
        } else {
            let start = document.bytes.slice(0..<shownBytes)
            let pieces = start.split(separator: 10, maxSplits: 200, omittingEmptySubsequences: false).prefix(200)
            for piece in pieces {
                // What is wrapped stays behind the indentation of its line.
                let line = Sanitizer.visible(bytes: piece)
                let text = line.drop { $0 == " " }
                let indent = min(line.count - text.count, width / 2)
                lines += StyledLine.wrapped([Span(String(text))], width: width, indent: indent, hanging: 2)
            }
        }
        if document.bytes.count > shownBytes {
            lines.append(StyledLine("… \(Words.size(Int64(document.bytes.count - shownBytes))) more", .dim))
        }
        lines.append(.empty)
        return lines
    }
}
