/// A decimal number of any size, compared without rounding.
struct ExactNumber: Sendable, Hashable, Comparable {
    let isNegative: Bool
    /// Digits without zeros at either end; empty for zero.
    let digits: [UInt8]
    /// Where the decimal point stands: the value is 0.DIGITS times ten to this power.
    let exponent: Int

    /// `nil` when the text is no decimal number.
    init?(_ spelling: String) {
        var digits: [UInt8] = []
        var point: Int?
        var power = 0
        var bytes = spelling.utf8[...]
        isNegative = bytes.first == UInt8(ascii: "-")
        if isNegative || bytes.first == UInt8(ascii: "+") { bytes = bytes.dropFirst() }
        while let byte = bytes.first {
            bytes = bytes.dropFirst()
            switch byte {
            case 48...57: digits.append(byte - 48)
            case UInt8(ascii: "."):
                guard point == nil else { return nil }
                point = digits.count
            case UInt8(ascii: "e"), UInt8(ascii: "E"):
                guard let text = String(bytes), let value = Self.power(text) else { return nil }
                power = value
                bytes = bytes.suffix(0)
            default: return nil
            }
        }
        guard !digits.isEmpty else { return nil }
        var exponent = (point ?? digits.count) + power
        let zeros = digits.prefix { $0 == 0 }.count
        digits.removeFirst(zeros)
        exponent -= zeros
        while digits.last == 0 { digits.removeLast() }
        self.digits = digits
        self.exponent = digits.isEmpty ? 0 : exponent
    }

    var isZero: Bool { digits.isEmpty }

    static func < (left: ExactNumber, right: ExactNumber) -> Bool {
        switch (left.sign, right.sign) {
        case (-1, -1): isLess(right, left)
        case (1, 1): isLess(left, right)
        default: left.sign < right.sign
        }
    }

    private var sign: Int { isZero ? 0 : isNegative ? -1 : 1 }

    private static func isLess(_ left: ExactNumber, _ right: ExactNumber) -> Bool {
        if left.exponent != right.exponent { return left.exponent < right.exponent }
        return left.digits.lexicographicallyPrecedes(right.digits)
    }

    /// An exponent; one that no `Int` holds is kept as very large or very small.
    private static func power(_ text: String) -> Int? {
        let isBelow = text.hasPrefix("-")
        let digits = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text[...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        let value = Int(digits).map { min($0, Int.max / 4) } ?? Int.max / 4
        return isBelow ? -value : value
    }

    static func == (left: ExactNumber, right: ExactNumber) -> Bool {
        left.sign == right.sign && left.exponent == right.exponent && left.digits == right.digits
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(sign)
        hasher.combine(digits)
        hasher.combine(exponent)
    }
}
