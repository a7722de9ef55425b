import TerminalSurface

/// What a terminal would show of the bytes a program writes to it, and every
/// byte of them that is neither harmless text nor a sequence a full screen needs.
struct TerminalPicture {
    private(set) var rows: [[String]]
    /// What no program that shows stored text may write, as sentences.
    private(set) var offences: [String] = []
    private let width: Int
    private var row = 0
    private var column = 0
    private var last = " "
    private var inserts = false
    /// The modes that are switched on, as the program spelled them: `?1049` is the second screen.
    private(set) var modes: Set<String>
    /// The rows that scroll.
    private var region: Range<Int>
    private var pending: [UInt8] = []

    init(columns: Int, rows: Int, modes: Set<String> = []) {
        self.modes = modes
        width = columns
        region = 0..<rows
        self.rows = Array(repeating: Array(repeating: " ", count: columns), count: rows)
    }

    /// An empty picture of another size, with the modes that are on and the
    /// character or sequence that has arrived in part.
    func emptied(columns: Int, rows: Int) -> TerminalPicture {
        var picture = TerminalPicture(columns: columns, rows: rows, modes: modes)
        picture.pending = pending
        return picture
    }

    /// The same of this size.
    func emptied() -> TerminalPicture { emptied(columns: width, rows: rows.count) }

    var lines: [String] { rows.map { $0.joined() } }
    var text: String { lines.joined(separator: "\n") }

    mutating func take(_ bytes: [UInt8]) {
        pending += bytes
        var at = 0
        while at < pending.count, let length = step(at) { at += length }
        pending.removeFirst(at)
    }

    /// Takes one character or sequence and returns its length; `nil` when its end has not arrived.
    private mutating func step(_ at: Int) -> Int? {
        let byte = pending[at]
        switch byte {
        case 0x1B: return sequence(at)
        case 0x08: column = max(0, column - 1)
        case 0x0A: if row + 1 == region.upperBound { scroll(by: 1) } else { row = min(rows.count - 1, row + 1) }
        case 0x0D: column = 0
        case 0x20..<0x7F: put(Unicode.Scalar(byte))
        case 0x00..<0x80: offend("the control character \(hex(byte))", at)
        default: return scalar(at)
        }
        return 1
    }

    private mutating func scalar(_ at: Int) -> Int? {
        let lead = pending[at]
        let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 1
        guard at + length <= pending.count else { return nil }
        guard length > 1, let text = String(validating: pending[at..<at + length], as: UTF8.self),
            let scalar = text.unicodeScalars.first
        else {
            offend("the byte \(hex(lead)), which is no text", at)
            return 1
        }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse, .surrogate:
            offend("the invisible character U+\(String(scalar.value, radix: 16))", at)
        default: put(scalar)
        }
        return length
    }

    private mutating func put(_ scalar: Unicode.Scalar) {
        let text = String(scalar)
        let columns = CharacterWidth.columns(of: text)
        if columns == 0 {
            if row < rows.count, column > 0 { rows[row][column - 1] += text }
            return
        }
        last = text
        guard column < width else { return }
        if inserts { shift(by: columns) }
        rows[row][column] = text
        if columns == 2, column + 1 < width { rows[row][column + 1] = "" }
        column = min(width, column + columns)
    }

    // MARK: Sequences

    private mutating func sequence(_ at: Int) -> Int? {
        guard at + 1 < pending.count else { return nil }
        switch pending[at + 1] {
        case UInt8(ascii: "["): return control(at)
        case UInt8(ascii: "("), UInt8(ascii: ")"): return at + 2 < pending.count ? 3 : nil
        case UInt8(ascii: "M"):
            if row == region.lowerBound { scroll(by: -1) } else { row = max(0, row - 1) }
            return 2
        case UInt8(ascii: "="), UInt8(ascii: ">"), UInt8(ascii: "7"), UInt8(ascii: "8"): return 2
        default:
            offend("an escape sequence that begins with \(hex(pending[at + 1]))", at)
            return 2
        }
    }

    private mutating func control(_ at: Int) -> Int? {
        guard let end = pending[(at + 2)...].firstIndex(where: { (0x40..<0x7F).contains($0) }) else { return nil }
        let body = String(decoding: pending[at + 2..<end], as: UTF8.self)
        let numbers = body.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) }
        func number(_ index: Int, or fallback: Int) -> Int {
            index < numbers.count ? numbers[index] ?? fallback : fallback
        }
        switch Character(Unicode.Scalar(pending[end])) {
        case "H":
            row = min(rows.count, max(1, number(0, or: 1))) - 1
            column = min(width, max(1, number(1, or: 1))) - 1
        case "d": row = min(rows.count, max(1, number(0, or: 1))) - 1
        case "G": column = min(width, max(1, number(0, or: 1))) - 1
        case "A": row = max(0, row - number(0, or: 1))
        case "B": row = min(rows.count - 1, row + number(0, or: 1))
        case "C": column = min(width - 1, column + number(0, or: 1))
        case "D": column = max(0, column - number(0, or: 1))
        case "K": erase(columns: number(0, or: 0) == 0 ? column..<width : 0..<min(width, column + 1))
        case "J": clear(number(0, or: 0))
        case "X": erase(columns: column..<min(width, column + number(0, or: 1)))
        case "b": for _ in 0..<number(0, or: 1) { for scalar in last.unicodeScalars { put(scalar) } }
        case "m" where numbers.allSatisfy { ($0 ?? 0) < 256 }: break
        case "P": shift(by: -number(0, or: 1))
        case "@": shift(by: number(0, or: 1))
        case "h", "l":
            let isOn = pending[end] == UInt8(ascii: "h")
            if body == "4" { inserts = isOn }
            for mode in body.split(separator: ";") {
                if isOn { modes.insert(String(mode)) } else { modes.remove(String(mode)) }
            }
        case "L" where region.contains(row): scroll(by: -number(0, or: 1), in: row..<region.upperBound)
        case "M" where region.contains(row): scroll(by: number(0, or: 1), in: row..<region.upperBound)
        case "S": scroll(by: number(0, or: 1))
        case "T": scroll(by: -number(0, or: 1))
        case "r":
            let top = min(rows.count, max(1, number(0, or: 1))) - 1
            region = top..<max(top + 1, min(rows.count, number(1, or: rows.count)))
            (row, column) = (0, 0)
        // Whether synchronized output is known.
        case "p" where body == "?2026$": break
        // xterm saves and restores its title around a full screen.
        case "t" where body == "22;0;0" || body == "23;0;0": break
        default: offend("the control sequence \(body)\(Character(Unicode.Scalar(pending[end])))", at)
        }
        return end + 1 - at
    }

    /// Moves what is right of the cursor; what leaves the row is gone.
    private mutating func shift(by count: Int) {
        let blanks = Array(repeating: " ", count: min(abs(count), width - column))
        if count < 0 {
            rows[row].removeSubrange(column..<column + blanks.count)
            rows[row] += blanks
        } else {
            rows[row].insert(contentsOf: blanks, at: column)
            rows[row].removeLast(blanks.count)
        }
    }

    /// Moves rows of the region, all of them unless told otherwise, up, or down where `count` is negative.
    private mutating func scroll(by count: Int, in rows: Range<Int>? = nil) {
        let region = rows ?? region
        let blank = Array(repeating: " ", count: width)
        for _ in 0..<min(abs(count), region.count) {
            self.rows.remove(at: count > 0 ? region.lowerBound : region.upperBound - 1)
            self.rows.insert(blank, at: count > 0 ? region.upperBound - 1 : region.lowerBound)
        }
    }

    private mutating func erase(columns: Range<Int>) {
        for column in columns { rows[row][column] = " " }
    }

    private mutating func clear(_ kind: Int) {
        if kind == 0 { erase(columns: min(column, width)..<width) }
        for other in rows.indices where kind >= 2 || (kind == 0 && other > row) {
            rows[other] = Array(repeating: " ", count: width)
        }
    }

    private mutating func offend(_ what: String, _ at: Int) {
        let context = pending[max(0, at - 12)..<min(pending.count, at + 24)]
        offences.append("\(what) in \(String(decoding: context, as: UTF8.self).debugDescription)")
    }

    private func hex(_ byte: UInt8) -> String { "0x" + String(byte, radix: 16) }
}
