internal import StoredRecords

/// Dates as HTTP headers write them and SigV4 wants them.
enum HTTPDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Reads `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110); `nil` for anything else.
    static func parse(_ text: String) -> Timestamp? {
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT" || words[5] == "UTC",
            let month = months.firstIndex(of: String(words[2]))
        else { return nil }
        let number = month + 1 < 10 ? "0\(month + 1)" : "\(month + 1)"
        let day = words[1].utf8.count == 1 ? "0\(words[1])" : "\(words[1])"
        return Timestamp(iso8601: "\(words[3])-\(number)-\(day)T\(words[4])Z")
    }

    /// `20130524T000000Z`
    static func basic(_ time: Timestamp) -> String {
        let whole = Timestamp(seconds: time.seconds).iso8601
        return whole.filter { $0 != "-" && $0 != ":" }
    }
}
