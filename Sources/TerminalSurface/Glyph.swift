/// What one cell shows: a base scalar and up to four marks on it.
///
/// Five scalars are what one curses cell can hold. The value is plain memory,
/// so a grid of cells is copied and compared without reference counting.
public struct Glyph: Equatable, Hashable, Sendable {
    /// Marks a base can carry; `Sanitizer` shows any further one as its number.
    public static let maximumMarks = 4

    public private(set) var base: Unicode.Scalar
    private var mark1: UInt32 = 0
    private var mark2: UInt32 = 0
    private var mark3: UInt32 = 0
    private var mark4: UInt32 = 0

    public init(_ base: Unicode.Scalar) {
        self.base = base
    }

    public static let space = Glyph(" ")

    /// Columns taken: 1 or 2.
    public var columns: Int { max(1, CharacterWidth.columns(of: base)) }

    /// The base followed by its marks.
    public var scalars: [Unicode.Scalar] {
        var all = [base]
        for value in [mark1, mark2, mark3, mark4] where value != 0 {
            if let mark = Unicode.Scalar(value) { all.append(mark) }
        }
        return all
    }

    public var hasMarks: Bool { mark1 != 0 }

    public var text: String {
        var result = String.UnicodeScalarView()
        result.append(contentsOf: scalars)
        return String(result)
    }

    mutating func add(mark: Unicode.Scalar) {
        if mark1 == 0 {
            mark1 = mark.value
        } else if mark2 == 0 {
            mark2 = mark.value
        } else if mark3 == 0 {
            mark3 = mark.value
        } else if mark4 == 0 {
            mark4 = mark.value
        }
    }
}

/// The glyphs drawn for text that `Sanitizer` has passed, in order.
struct Glyphs: Sequence, IteratorProtocol {
    private var scalars: String.UnicodeScalarView.Iterator
    private var pending: Unicode.Scalar?

    init(ofSanitized text: String) {
        scalars = text.unicodeScalars.makeIterator()
        pending = scalars.next()
    }

    mutating func next() -> Glyph? {
        while let scalar = pending, Self.isNotDrawn(scalar) { pending = scalars.next() }
        guard let first = pending else { return nil }
        pending = scalars.next()
        var glyph = Glyph(first)
        if CharacterWidth.columns(of: first) == 0 {
            // A mark with nothing to sit on is shown on the dotted circle that Unicode charts use.
            glyph = Glyph("\u{25CC}")
            glyph.add(mark: first)
        }
        while let scalar = pending {
            if Self.isNotDrawn(scalar) || Self.isSkinTone(scalar, on: glyph.base) {
                pending = scalars.next()
            } else if CharacterWidth.columns(of: scalar) == 0 {
                glyph.add(mark: scalar)
                pending = scalars.next()
            } else {
                break
            }
        }
        return glyph
    }

    /// Joiners and variation selectors alter a cluster in ways terminals
    /// disagree on, so only what they apply to is drawn; `Sanitizer` has shown
    /// each one that stands where it alters nothing.
    private static func isNotDrawn(_ scalar: Unicode.Scalar) -> Bool {
        let value = scalar.value
        return value == Invisible.joiner || value == Invisible.nonJoiner || Invisible.isVariationSelector(value)
    }

    private static func isSkinTone(_ scalar: Unicode.Scalar, on base: Unicode.Scalar) -> Bool {
        scalar.value >= 0x1F3FB && scalar.value <= 0x1F3FF && base.properties.isEmojiModifierBase
    }
}
