internal import EngineCore
internal import StoredRecords

/// A message file's name: `TIME-INDEX-SEQUENCE.json`.
///
/// TIME is the ISO 8601 time with `-` for `:` and `_` for `.`; INDEX is padded
/// to three digits and grows past 999, so that names do not sort; SEQUENCE
/// counts the messages of one process and is padded to six.
struct LooopyMessageName: Sendable, Hashable {
    var time: String
    var index: Int
    var sequence: Int

    init(time: String, index: Int, sequence: Int) {
        self.time = time
        self.index = index
        self.sequence = sequence
    }

    init(time: Timestamp, index: Int, sequence: Int) {
        let text = time.iso8601Milliseconds.map { $0 == ":" ? "-" : $0 == "." ? "_" : $0 }
        self.init(time: String(text), index: index, sequence: sequence)
    }

    /// `nil` for a name of any other form.
    init?(_ name: ObjectKey) {
        guard let stem = LooopyNames.stem(of: name, ending: ".json") else { return nil }
        let parts = stem.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 3, let sequence = Self.number(parts[parts.count - 1], padding: 6),
            let index = Self.number(parts[parts.count - 2], padding: 3)
        else { return nil }
        let time = parts.dropLast(2).joined(separator: "-")
        guard !time.isEmpty else { return nil }
        self.init(time: time, index: index, sequence: sequence)
    }

    var text: String { "\(time)-\(Self.padded(index, 3))-\(Self.padded(sequence, 6)).json" }

    /// The moment in the name, when it is one.
    var moment: Timestamp? {
        let parts = time.split(separator: "T", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        let clock = String(parts[1].map { $0 == "-" ? ":" : $0 == "_" ? "." : $0 })
        return Timestamp(iso8601: "\(parts[0])T\(clock)")
    }

    /// Digits exactly as the padding writes them, so that a name reads back as itself.
    private static func number(_ digits: Substring, padding: Int) -> Int? {
        guard digits.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(digits),
            padded(number, padding) == digits
        else { return nil }
        return number
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
