public import StoredRecords

/// Asks where to, in which format and how much of a record is exported.
public struct ExportDialog: Sendable, Equatable {
    /// What is being typed.
    public enum Field: Sendable, Equatable {
        case path, newest
    }

    public let record: RecordSummary
    public internal(set) var formats: [String] = []
    public internal(set) var format = ""
    public internal(set) var line = LineInput()
    /// How many of a thread's newest messages are exported; empty for all.
    public internal(set) var newest = LineInput()
    public internal(set) var field = Field.path
    public internal(set) var error: String?
    /// What is asked before a file is replaced; `nil` while the path is typed.
    public internal(set) var question: String?
    public internal(set) var focus = DialogButton.cancel
    var loading: RequestID?
    /// Whether the path was given on the command line, so that nothing is left to ask.
    var startsAtOnce = false

    init(_ record: RecordSummary) {
        self.record = record
    }

    public var isRunning: Bool { loading != nil && !formats.isEmpty }

    /// Whether only the newest messages may be exported.
    public var takesNewest: Bool { record.id.kind == .thread }

    /// Takes the format from the ending of the path, where it is one that can be written.
    mutating func readEnding() {
        guard let dot = line.text.lastIndex(of: ".") else { return }
        let ending = line.text[line.text.index(after: dot)...].lowercased()
        if formats.contains(ending) { format = ending }
    }

    /// Goes to the next or previous format, and gives the path its ending.
    mutating func step(by count: Int) {
        guard let index = formats.firstIndex(of: format), formats.count > 1 else { return }
        let next = formats[(index + count + formats.count) % formats.count]
        if line.text.hasSuffix("." + format) {
            line = LineInput(line.text.dropLast(format.count) + next, isProposal: line.isProposal)
        }
        format = next
    }

    /// Goes to the other thing that can be typed, where there is one.
    mutating func changeField() {
        guard takesNewest else { return }
        // Who comes back to a proposed name edits it.
        if line.isProposal { line = LineInput(line.text) }
        field = field == .path ? .newest : .path
        error = nil
    }

    /// Puts in what was typed or pasted, a number as it is: what is none is seen, said so and not exported.
    mutating func type(_ text: String) {
        error = nil
        switch field {
        case .path:
            line.type(text)
            readEnding()
        case .newest:
            newest.type(String(text.prefix(max(0, Self.numberLength - newest.text.count))))
        }
    }

    /// Characters of a number, and of what is typed in place of one.
    private static let numberLength = 24

    /// What the number that was typed stands for.
    public enum Amount: Sendable, Equatable {
        case all
        case newest(Int)
        /// More than there are, as far as is known.
        case tooMany(of: Int)
        /// Why nothing can be exported.
        case wrong(String)
    }

    public var amount: Amount {
        let text = newest.text
        guard !text.isEmpty else { return .all }
        guard text.allSatisfy({ $0.isASCII && $0.isNumber }) else {
            return .wrong("only a number: the newest N messages; empty: all")
        }
        let number = Int(text) ?? .max
        if number == 0 { return .wrong("at least one message, or nothing for all of them") }
        if let all = record.messages, number > all { return .tooMany(of: all) }
        return .newest(number)
    }

    /// How many messages are asked for; `nil` for all.
    var last: Int? {
        switch amount {
        case .all, .wrong: nil
        case .newest(let number): number
        case .tooMany: Int(newest.text) ?? .max
        }
    }

    /// Carries out an editing command; `false` when it is none.
    mutating func edit(_ command: Command) -> Bool {
        switch field {
        case .path:
            guard line.edit(command) else { return false }
            readEnding()
        case .newest: guard newest.edit(command) else { return false }
        }
        error = nil
        return true
    }
}
