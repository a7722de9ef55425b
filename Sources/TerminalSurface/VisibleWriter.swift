/// Builds the visible form of text scalar by scalar; the rules are told at `Sanitizer`.
struct VisibleWriter {
    private var output = String.UnicodeScalarView()
    private let tabWidth: Int
    private var column: Int
    /// What a following mark, joiner or selector would apply to.
    private var base: Unicode.Scalar?
    private var marks = 0
    private var previous: Unicode.Scalar?

    init(tabWidth: Int, column: Int) {
        self.tabWidth = tabWidth
        self.column = column
    }

    var text: String { String(output) }

    mutating func append(_ scalars: some Sequence<Unicode.Scalar>) {
        var iterator = scalars.makeIterator()
        var current = iterator.next()
        while let scalar = current {
            current = iterator.next()
            append(scalar, before: current)
            previous = scalar
        }
    }

    mutating func append(invalidByte byte: UInt8) {
        write("\\x" + Self.hexadecimal(UInt32(byte), digits: 2).lowercased())
    }

    private mutating func append(_ scalar: Unicode.Scalar, before next: Unicode.Scalar?) {
        let value = scalar.value
        if value >= 0x20 && value < 0x7F {
            keep(scalar, columns: 1)
        } else if value == 0x09 {
            let spaces = tabWidth > 1 ? tabWidth - column % tabWidth : 1
            write(String(repeating: " ", count: spaces))
        } else if value < 0x20 || value == 0x7F {
            write("^" + String(Character(Unicode.Scalar(UInt8(value ^ 0x40)))))
        } else if Invisible.isVariationSelector(value) {
            keepOrNumber(scalar, Invisible.canSelectVariant(of: base) && !previousIsSelector)
        } else if value == Invisible.joiner || value == Invisible.nonJoiner {
            keepOrNumber(scalar, joins(value, next))
        } else if Invisible.isInvisible(scalar) {
            writeNumber(scalar)
        } else {
            let columns = CharacterWidth.columns(of: scalar)
            if columns > 0 {
                keep(scalar, columns: columns)
            } else if marks < Glyph.maximumMarks {
                if base == nil { column += 1 }
                base = base ?? "\u{25CC}"
                marks += 1
                output.append(scalar)
            } else {
                writeNumber(scalar)
            }
        }
    }

    private var previousIsSelector: Bool {
        previous.map { Invisible.isVariationSelector($0.value) } ?? false
    }

    private func joins(_ value: UInt32, _ next: Unicode.Scalar?) -> Bool {
        guard let base, let next, let previous else { return false }
        if previous.value == Invisible.joiner || previous.value == Invisible.nonJoiner { return false }
        if Invisible.isJoiningScript(base) { return Invisible.isJoiningScript(next) || next == " " }
        return value == Invisible.joiner && Invisible.isPicture(base) && Invisible.isPicture(next)
    }

    private mutating func keep(_ scalar: Unicode.Scalar, columns: Int) {
        output.append(scalar)
        column += columns
        base = scalar
        marks = 0
    }

    private mutating func keepOrNumber(_ scalar: Unicode.Scalar, _ isKept: Bool) {
        if isKept { output.append(scalar) } else { writeNumber(scalar) }
    }

    private mutating func write(_ visible: String) {
        output.append(contentsOf: visible.unicodeScalars)
        column += visible.unicodeScalars.count
        base = visible.unicodeScalars.last ?? base
        marks = 0
    }

    private mutating func writeNumber(_ scalar: Unicode.Scalar) {
        write("<U+" + Self.hexadecimal(scalar.value, digits: 4) + ">")
    }

    private static func hexadecimal(_ value: UInt32, digits: Int) -> String {
        let text = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
