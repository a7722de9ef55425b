/// A JSON number as it was written, so that no digit, sign or exponent is lost.
///
/// Two are equal when they are spelled alike: `1.0` and `1` are not.
public struct JSONNumber: Sendable, Hashable {
    public let spelling: String

    public init(_ value: some BinaryInteger) { spelling = String(value) }

    /// Spells a number as JavaScript does (`1`, `0.1`, `1e+21`); nil for NaN and the infinities.
    public init?(_ value: Double) {
        guard value.isFinite else { return nil }
        spelling = ShortestDecimal(value).javaScriptSpelling
    }

    /// Spells a number as Python's `repr` does (`1.0`, `0.1`, `1e+16`); nil for NaN and the infinities.
    public init?(pythonFloat value: Double) {
        guard value.isFinite else { return nil }
        spelling = ShortestDecimal(value).pythonSpelling
    }

    /// Takes a number as it is written; nil when JSON does not spell numbers so.
    public init?(spelling: String) {
        var copy = spelling
        let isValid = copy.withUTF8 { buffer in
            guard let first = buffer.first, first == 0x2D || (0x30...0x39).contains(first),
                let bytes = JSONBytes(UnsafeRawBufferPointer(buffer))
            else { return false }
            return (try? bytes.numberEnd(0)) == buffer.count
        }
        guard isValid else { return nil }
        self.spelling = copy
    }

    init(_ range: Range<Int>, in bytes: JSONBytes) {
        let text = UnsafeBufferPointer(start: bytes.base + range.lowerBound, count: range.count)
        spelling = String(decoding: text, as: UTF8.self)
    }

    /// The number when it is a whole number that `Int` holds exactly, however it is spelled (`1e3`, `2.0`).
    public var intValue: Int? { Int(spelling) ?? wholeNumber() }

    /// The nearest `Double`; infinite when the number is beyond its range.
    public var doubleValue: Double { Double(spelling) ?? .nan }

    private func wholeNumber() -> Int? {
        var digits: [UInt8] = []
        var scale = 0
        var isFraction = false
        var exponent = 0
        var rest = spelling.utf8[...]
        let isNegative = rest.first == 0x2D
        if isNegative { rest = rest.dropFirst() }
        while let byte = rest.first {
            rest = rest.dropFirst()
            if byte == 0x2E {
                isFraction = true
            } else if byte | 0x20 == 0x65 {
                let isBelow = rest.first == 0x2D
                // An exponent beyond Int is kept as the largest: only zero is whole or in range then.
                exponent = Int(Substring(rest)) ?? (isBelow ? -Int.max / 2 : Int.max / 2)
                break
            } else {
                digits.append(byte)
                if isFraction { scale += 1 }
            }
        }
        while digits.last == 0x30 {
            digits.removeLast()
            scale -= 1
        }
        guard digits.contains(where: { $0 != 0x30 }) else { return 0 }
        let zeros = exponent.subtractingReportingOverflow(scale)
        guard !zeros.overflow, zeros.partialValue >= 0, zeros.partialValue < 19 else { return nil }
        var value = 0
        for digit in digits.map({ Int($0) - 0x30 }) + Array(repeating: 0, count: zeros.partialValue) {
            let product = value.multipliedReportingOverflow(by: 10)
            let sum = product.partialValue.subtractingReportingOverflow(digit)
            guard !product.overflow, !sum.overflow else { return nil }
            value = sum.partialValue
        }
        if isNegative { return value }
        return value == .min ? nil : -value
    }

    public static func == (left: JSONNumber, right: JSONNumber) -> Bool { sameBytes(left.spelling, right.spelling) }

    public func hash(into hasher: inout Hasher) { hashBytes(of: spelling, into: &hasher) }
}
