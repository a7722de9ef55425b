/// A sum of decimal numbers, exact as long as its digits fit 127 bits.
struct ExactSum: Sendable, Equatable {
    /// The sum times ten to the power of `scale`.
    private var total: Int128 = 0
    private var scale = 0
    private(set) var isExact = true
    private var rounded = 0.0
    private(set) var count = 0

    mutating func add(_ number: ExactNumber, _ spelling: String) {
        count += 1
        rounded += Double(spelling) ?? 0
        guard isExact, !number.isZero else { return }
        let places = number.digits.count - number.exponent
        guard number.digits.count <= 37, places <= 37, let addend = Self.mantissa(number, places),
            raise(to: max(0, places)), let term = Self.times(addend, tenTo: scale - max(0, places))
        else {
            isExact = false
            return
        }
        let sum = total.addingReportingOverflow(number.isNegative ? -term : term)
        if sum.overflow { isExact = false } else { total = sum.partialValue }
    }

    /// The sum, its digits in groups.
    var sum: String { isExact ? Self.decimal(total, scale) : Self.floating(rounded) }

    /// The sum by the count; not exact when it does not end within six more digits.
    var mean: (text: String, isExact: Bool) {
        guard count > 0 else { return ("", true) }
        guard isExact, let dividend = Self.times(total, tenTo: 6) else {
            return (Self.floating(rounded / Double(count)), false)
        }
        let quotient = dividend.quotientAndRemainder(dividingBy: Int128(count))
        return (Self.decimal(quotient.quotient, scale + 6), quotient.remainder == 0)
    }

    private mutating func raise(to places: Int) -> Bool {
        guard places > scale else { return true }
        guard let raised = Self.times(total, tenTo: places - scale) else { return false }
        total = raised
        scale = places
        return true
    }

    /// The digits as a whole number, times ten for each place in front of the point that has none.
    private static func mantissa(_ number: ExactNumber, _ places: Int) -> Int128? {
        var value: Int128 = 0
        for digit in number.digits { value = value * 10 + Int128(digit) }
        return places < 0 ? times(value, tenTo: -places) : value
    }

    private static func times(_ value: Int128, tenTo power: Int) -> Int128? {
        guard power <= 38 || value == 0 else { return nil }
        var result = value
        for _ in 0..<min(power, 38) {
            let product = result.multipliedReportingOverflow(by: 10)
            if product.overflow { return nil }
            result = product.partialValue
        }
        return result
    }

    private static func decimal(_ value: Int128, _ scale: Int) -> String {
        var digits = String(value.magnitude)
        if digits.count <= scale { digits = String(repeating: "0", count: scale + 1 - digits.count) + digits }
        var fraction = String(digits.suffix(scale))
        while fraction.last == "0" { fraction.removeLast() }
        let whole = grouped(String(digits.dropLast(scale)))
        return (value < 0 ? "-" : "") + whole + (fraction.isEmpty ? "" : "." + fraction)
    }

    private static func grouped(_ digits: String) -> String {
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(" ") }
            text.append(digit)
        }
        return text
    }

    private static func floating(_ value: Double) -> String { "\(value)" }
}
