/// A text that the program writes about itself, so that it always tells what this very program does.
public enum GeneratedText: String, Sendable, Hashable, CaseIterable {
    case man
    case bash = "complete-bash"
    case zsh = "complete-zsh"
    case fish = "complete-fish"
    /// The short table of the browser's keys, for README.
    case keyTable = "key-table"
    /// What the completions offer where a source is expected.
    case sourceNames = "source-names"

    static let wordList: String = {
        let words = allCases.map(\.rawValue)
        return words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
    }()

    static func read(_ word: String) throws(UsageError) -> GeneratedText {
        if let text = GeneratedText(rawValue: word) { return text }
        throw UsageError(
            "--generate prints \(wordList), not '\(word)'"
                + Suggestion.clause(for: word, among: allCases.map(\.rawValue)))
    }
}
