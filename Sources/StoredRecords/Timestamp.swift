/// A moment in UTC with nanoseconds; ordered and printable without a calendar library.
public struct Timestamp: Sendable, Hashable, Comparable {
    /// Seconds since 1970-01-01T00:00:00Z, rounded down.
    public var seconds: Int64
    /// 0 ..< 1_000_000_000.
    public var nanoseconds: Int32

    public init(seconds: Int64, nanoseconds: Int32 = 0) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }
}

extension Timestamp {
    /// Reads ISO 8601: `2025-03-01T08:00:00.756326+00:00`, `Z`, a space for
    /// `T`, no offset (taken as UTC), or a date alone; `nil` for anything else.
    public init?(iso8601 text: String) {
        var reader = DigitReader(text)
        guard let year = reader.digits(4), reader.skip("-"), let month = reader.digits(2), reader.skip("-"),
            let day = reader.digits(2), (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        var seconds = Self.daysFromCivil(year: year, month: month, day: day) * 86_400
        var nanoseconds: Int32 = 0
        if reader.skip("T") || reader.skip("t") || reader.skip(" ") {
            guard let hour = reader.digits(2), reader.skip(":"), let minute = reader.digits(2), hour <= 24, minute < 60
            else { return nil }
            var second: Int64 = 0
            if reader.skip(":") {
                guard let value = reader.digits(2), value <= 60 else { return nil }
                second = value
                if reader.skip(".") || reader.skip(",") {
                    guard let fraction = reader.fraction() else { return nil }
                    nanoseconds = fraction
                }
            }
            seconds += hour * 3600 + minute * 60 + second
            if reader.skip("Z") || reader.skip("z") {
                // UTC needs no shift.
            } else if let sign = reader.sign() {
                guard let offsetHour = reader.digits(2) else { return nil }
                _ = reader.skip(":")
                let offsetMinute = reader.digits(2) ?? 0
                seconds -= sign * (offsetHour * 3600 + offsetMinute * 60)
            }
        }
        guard reader.isAtEnd else { return nil }
        self.init(seconds: seconds, nanoseconds: nanoseconds)
    }

    /// `2025-03-01T08:00:00.756326Z`: no fraction, or 3, 6 or 9 digits of it.
    public var iso8601: String {
        let parts = civil
        var text = "\(padded(parts.year, 4))-\(padded(parts.month, 2))-\(padded(parts.day, 2))"
        text += "T\(padded(parts.hour, 2)):\(padded(parts.minute, 2)):\(padded(parts.second, 2))"
        if nanoseconds != 0 {
            if nanoseconds % 1_000_000 == 0 {
                text += ".\(padded(Int64(nanoseconds / 1_000_000), 3))"
            } else if nanoseconds % 1000 == 0 {
                text += ".\(padded(Int64(nanoseconds / 1000), 6))"
            } else {
                text += ".\(padded(Int64(nanoseconds), 9))"
            }
        }
        return text + "Z"
    }

    /// The form JavaScript's `toISOString` writes: always three digits and `Z`.
    public var iso8601Milliseconds: String {
        let parts = civil
        return "\(padded(parts.year, 4))-\(padded(parts.month, 2))-\(padded(parts.day, 2))"
            + "T\(padded(parts.hour, 2)):\(padded(parts.minute, 2)):\(padded(parts.second, 2))"
            + ".\(padded(Int64(nanoseconds / 1_000_000), 3))Z"
    }

    /// The parts of the UTC calendar.
    public var civil: (year: Int64, month: Int64, day: Int64, hour: Int64, minute: Int64, second: Int64) {
        let day = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        let inDay = seconds - day * 86_400
        let date = Self.civilFromDays(day)
        return (date.year, date.month, date.day, inDay / 3600, inDay % 3600 / 60, inDay % 60)
    }

    /// Days since 1970-01-01 in the proleptic Gregorian calendar, counted in
    /// 400-year eras that begin on the first of March.
    private static func daysFromCivil(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private static func civilFromDays(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthIndex = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthIndex + 2) / 5 + 1
        let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    private func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

/// Reads fixed digit groups of a date.
private struct DigitReader {
    private let bytes: [UInt8]
    private var at = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    var isAtEnd: Bool { at == bytes.count }

    mutating func digits(_ count: Int) -> Int64? {
        guard at + count <= bytes.count else { return nil }
        var value: Int64 = 0
        for byte in bytes[at..<at + count] {
            guard (48...57).contains(byte) else { return nil }
            value = value * 10 + Int64(byte - 48)
        }
        at += count
        return value
    }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard at < bytes.count, UInt32(bytes[at]) == character.value else { return false }
        at += 1
        return true
    }

    mutating func sign() -> Int64? {
        if skip("+") { return 1 }
        if skip("-") { return -1 }
        return nil
    }

    /// Any number of digits as nanoseconds; digits past the ninth are dropped.
    mutating func fraction() -> Int32? {
        let start = at
        var value: Int32 = 0
        var scale = 0
        while at < bytes.count, (48...57).contains(bytes[at]) {
            if scale < 9 {
                value = value * 10 + Int32(bytes[at] - 48)
                scale += 1
            }
            at += 1
        }
        guard at > start else { return nil }
        for _ in scale..<9 { value *= 10 }
        return value
    }
}
