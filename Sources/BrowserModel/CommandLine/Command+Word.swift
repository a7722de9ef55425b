extension Command {
    /// What it is called on the command line and in a configuration: `half-page-down`.
    public var word: String {
        var word = ""
        for character in rawValue {
            if character.isUppercase { word.append("-") }
            word += character.lowercased()
        }
        return word
    }

    /// The command of a word, as `half-page-down` or `halfPageDown`.
    public init?(word: String) {
        let plain = Self.plain(word)
        guard let command = Self.allCases.first(where: { Self.plain($0.rawValue) == plain }) else { return nil }
        self = command
    }

    /// Whether it may be typed after `:`; what edits lines and answers questions may not.
    public var isForTheLine: Bool { group != .answering && self != .commandLine }

    /// Other words for commands that people know by them.
    static let aliases: [(String, Command)] = [
        ("sources", .showSources), ("threads", .showThreads), ("indexes", .showIndexes),
        ("artifacts", .showArtifacts), ("tasks", .showTasks), ("others", .showRaw), ("messages", .history),
        ("about", .facts), ("q!", .quitNow), ("quit!", .quitNow), ("top", .toTop), ("bottom", .toBottom),
    ]

    private static func plain(_ word: String) -> String { word.lowercased().filter { $0 != "-" } }
}
