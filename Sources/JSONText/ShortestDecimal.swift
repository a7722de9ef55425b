/// The fewest decimal digits that read back as a given finite number.
///
/// Swift prints those digits; this splits them from the exponent so that they
/// can be laid out by the rules of other languages.
struct ShortestDecimal {
    private let isNegative: Bool
    /// Without leading or trailing zeros; "0" for zero.
    private let digits: String
    /// The value is 0.DIGITS times ten to this power.
    private let point: Int

    init(_ value: Double) {
        var text = Substring(value.description)
        isNegative = text.first == "-"
        if isNegative { text = text.dropFirst() }
        var exponent = 0
        if let mark = text.firstIndex(of: "e") {
            exponent = Int(text[text.index(after: mark)...]) ?? 0
            text = text[..<mark]
        }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let whole = parts.first ?? ""
        let fraction = parts.count > 1 ? parts[1] : ""
        var all = Substring(whole + fraction)
        var place = whole.count + exponent
        while all.first == "0" {
            all = all.dropFirst()
            place -= 1
        }
        while all.last == "0" { all = all.dropLast() }
        digits = all.isEmpty ? "0" : String(all)
        point = all.isEmpty ? 1 : place
    }

    /// Number::toString of ECMA-262.
    var javaScriptSpelling: String {
        // -0 prints as 0 in JavaScript.
        if digits == "0" { return "0" }
        return sign + (point > -6 && point <= 21 ? plain : scientific(leastExponentDigits: 1))
    }

    /// `repr` of a Python float: plain from 1e-4 up to 1e16, always with a point or an exponent.
    var pythonSpelling: String {
        guard point > -4, point <= 16 else { return sign + scientific(leastExponentDigits: 2) }
        return sign + plain + (point >= digits.utf8.count ? ".0" : "")
    }

    private var sign: String { isNegative ? "-" : "" }

    private var plain: String {
        let count = digits.utf8.count
        if point <= 0 { return "0." + String(repeating: "0", count: -point) + digits }
        if point >= count { return digits + String(repeating: "0", count: point - count) }
        return String(digits.prefix(point)) + "." + String(digits.dropFirst(point))
    }

    private func scientific(leastExponentDigits: Int) -> String {
        let power = point - 1
        let fraction = digits.dropFirst()
        var magnitude = String(power.magnitude)
        while magnitude.utf8.count < leastExponentDigits { magnitude = "0" + magnitude }
        return String(digits.prefix(1)) + (fraction.isEmpty ? "" : "." + fraction) + "e" + (power < 0 ? "-" : "+")
            + magnitude
    }
}
