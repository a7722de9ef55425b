/// What a command line asks for.
enum LineOrder: Equatable {
    case nothing
    /// A line, row or message, from 1.
    case goTo(Int)
    case goToEnd
    case command(Command)
    case verb(LineVerb, String)
    /// A command that takes nothing, with something behind it.
    case overfull(Command)
    /// Several names begin so.
    case ambiguous(String, [String])
    case unknown(String)

    init(_ text: String) {
        let line = text.trimmed
        let word = String(line.prefix { $0 != " " })
        let rest = String(line.dropFirst(word.count)).trimmed
        if line.isEmpty {
            self = .nothing
        } else if line == "$" {
            self = .goToEnd
        } else if let number = Int(line.filter { $0 != " " }), number >= 1 {
            self = .goTo(number)
        } else if let order = Self.named(word, rest) {
            self = order
        } else {
            let names = Self.names.filter { $0.hasPrefix(word.lowercased()) }
            let orders = names.compactMap { Self.named($0, rest) }
            if let first = orders.first, orders.allSatisfy({ $0 == first }) {
                self = first
            } else {
                self = names.isEmpty ? .unknown(word) : .ambiguous(word, names)
            }
        }
    }

    /// Everything that can be the first word, verbs before commands.
    static let names: [String] = {
        var names: [String] = []
        let all =
            LineVerb.allCases.flatMap(\.words) + Command.aliases.map(\.0)
            + Command.allCases.filter(\.isForTheLine).map(\.word)
        for name in all where !names.contains(name) { names.append(name) }
        return names
    }()

    private static func named(_ word: String, _ rest: String) -> LineOrder? {
        let lower = word.lowercased()
        if let verb = LineVerb.allCases.first(where: { $0.words.contains(lower) }) {
            if rest.isEmpty, let command = verb.bareCommand { return .command(command) }
            return .verb(verb, rest)
        }
        if let alias = Command.aliases.first(where: { $0.0 == lower }) {
            return rest.isEmpty ? .command(alias.1) : .overfull(alias.1)
        }
        guard let command = Command(word: word), command.isForTheLine else { return nil }
        return rest.isEmpty ? .command(command) : .overfull(command)
    }
}

extension String {
    /// Without blanks at either end.
    var trimmed: String {
        let tail = drop(while: \.isWhitespace)
        guard let last = tail.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(tail[...last])
    }
}
