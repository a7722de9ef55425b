public import StoredRecords
internal import TerminalSurface

/// One message of a thread's window, laid out when it is seen and not before.
public struct MessageBlock: Sendable, Equatable {
    public let message: StoredMessage
    public let digest: MessageDigest
    /// The lines as they were laid out last; empty while they were never needed.
    public var rows: [MessageRow] { laid?.rows ?? [] }

    private struct Laid: Sendable, Equatable {
        var rows: [MessageRow]
        var around: Surroundings
        var form: ReadingForm
        var ends: [Int: Int]
    }

    private var laid: Laid?
    /// Which part of a long text is laid out.
    private var extents: [Int: TextExtent] = [:]
    private var keptParts: [MessagePart]?

    init(_ message: StoredMessage) {
        self.message = message
        digest = MessageDigest(message)
    }

    var isLaid: Bool { laid != nil }
    var around: Surroundings? { laid?.around }

    mutating func parts() -> [MessagePart] {
        if let keptParts { return keptParts }
        let parts = MessagePart.parts(of: message)
        keptParts = parts
        return parts
    }

    mutating func layOut(_ around: Surroundings, _ form: ReadingForm, _ folds: MessageFolds) {
        var layout = MessageLayout(message, digest, around, form, folds, parts(), extents)
        let rows = layout.rows()
        laid = Laid(rows: rows, around: around, form: form, ends: layout.ends)
    }

    mutating func forgetRows() { laid = nil }

    /// The row where reading the message begins.
    public var firstRow: Int { rows.firstIndex { $0.kind != .lead } ?? 0 }

    // MARK: Long texts

    /// Reads on in a long text: what was read first gives way to what comes.
    mutating func extend(part: Int, isBelow: Bool, usual: Int) {
        guard let laid else { return }
        var extent = extents[part] ?? TextExtent(budget: usual)
        let text = parts()[part].text
        if !isBelow {
            extent.start = TextWindow.lineStart(text, max(0, extent.start - TextWindow.usualBytes))
            extent.budget = TextWindow.mostBytes
        } else if extent.budget < TextWindow.mostBytes {
            extent.budget = TextWindow.mostBytes
        } else {
            let sources = laid.rows.filter { $0.part == part && $0.kind != .more(part: part, isBelow: true) }.map(
                \.source)
            guard let last = sources.last,
                let middle = sources.first(where: { $0 > extent.start + (last - extent.start) / 2 })
            else {
                extent.start = laid.ends[part] ?? extent.start
                extents[part] = extent
                self.laid = nil
                return
            }
            extent.start = middle
        }
        extents[part] = extent
        self.laid = nil
    }

    /// Sees to it that the byte of a part is among what is laid out.
    mutating func reveal(part: Int, offset: Int, usual: Int) {
        let parts = parts()
        guard parts.indices.contains(part) else { return }
        let extent = extents[part] ?? TextExtent(budget: usual)
        let end = laid?.ends[part] ?? extent.start + extent.budget
        if offset >= extent.start, offset < end || offset < extent.start + extent.budget / 2 { return }
        var new = TextExtent(budget: TextWindow.mostBytes)
        // Some of what stands before it is worth seeing too.
        new.start = offset < usual / 2 ? 0 : TextWindow.lineStart(parts[part].text, offset - 4096)
        if offset < usual { new.start = 0 }
        extents[part] = new
        laid = nil
    }

    // MARK: Places

    /// The row that shows a byte of a part: the last one that begins at or before it.
    func row(ofPart part: Int, source: Int) -> Int? {
        rows.lastIndex { $0.part == part && $0.source <= source && $0.line.joint == .start && !$0.isMore }
            ?? rows.firstIndex { $0.part == part }
    }
}

extension MessageRow {
    var isMore: Bool {
        if case .more = kind { true } else { false }
    }
}
