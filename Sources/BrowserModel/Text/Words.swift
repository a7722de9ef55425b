public import StoredRecords

/// Numbers, sizes and times as people read them.
public enum Words {
    /// `4 213`: digits in groups of three.
    public static func grouped(_ number: Int) -> String {
        let digits = Array(String(number.magnitude))
        var text = number < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text.append(" ") }
            text.append(digit)
        }
        return text
    }

    /// `812 B`, `1.4 KB`, `87 MB`: powers of 1024, two digits or more.
    public static func size(_ bytes: Int64) -> String {
        if bytes < 1024 { return "\(bytes) B" }
        var value = Double(bytes)
        var unit = 0
        let units = ["B", "KB", "MB", "GB", "TB", "PB", "EB"]
        while value >= 1023.5, unit < units.count - 1 {
            value /= 1024
            unit += 1
        }
        if value < 9.95 {
            let tenths = Int((value * 10).rounded())
            return "\(tenths / 10).\(tenths % 10) \(units[unit])"
        }
        return "\(Int(value.rounded())) \(units[unit])"
    }

    /// `now`, `5m`, `3h`, `2d`, `6w`, `3y`; `in 5m` for what is still to come.
    public static func age(of time: Timestamp, now: Timestamp) -> String {
        let seconds = now.seconds - time.seconds
        if seconds < 0 {
            return seconds > -60 ? "now" : "in " + span(-seconds)
        }
        return span(seconds)
    }

    private static func span(_ seconds: Int64) -> String {
        switch seconds {
        case ..<60: "now"
        case ..<3600: "\(seconds / 60)m"
        case ..<86_400: "\(seconds / 3600)h"
        case ..<(86_400 * 14): "\(seconds / 86_400)d"
        case ..<(86_400 * 365): "\(seconds / (86_400 * 7))w"
        default: "\(seconds / (86_400 * 365))y"
        }
    }

    /// `2025-03-01 08:00`, in UTC.
    public static func moment(_ time: Timestamp) -> String {
        let text = time.iso8601
        return text.count >= 16 ? "\(text.prefix(10)) \(text.dropFirst(11).prefix(5))" : text
    }

    /// `4 213`, `>= 10 000`, `~ 1 200`, `?`.
    public static func total(_ total: Total) -> String {
        switch total {
        case .exact(let number): grouped(number)
        case .atLeast(let number): ">= \(grouped(number))"
        case .estimated(let number): "~ \(grouped(number))"
        case .unknown: "?"
        }
    }

    /// What a user typed, in quotes unless it has some of its own.
    public static func quoted(_ text: String) -> String {
        text.contains("\"") ? text : "\"\(text)\""
    }

    /// `1 message`, `3 messages`; `unit` is the plural.
    public static func count(_ number: Int, _ unit: String) -> String {
        number == 1 && unit.hasSuffix("s") ? "1 \(singular(unit))" : "\(grouped(number)) \(unit)"
    }

    private static func singular(_ plural: String) -> String {
        plural == "indexes" ? "index" : plural.hasSuffix("ies") ? plural.dropLast(3) + "y" : String(plural.dropLast())
    }
}
