internal import TerminalSurface

/// The keys one needs first, grouped by what one wants to do: the short table of README.
///
/// It names commands only; their keys come from the key map, so that it never
/// names a key that means something else.
enum KeyOverview {
    /// A thing to do and the commands that do it.
    struct Part {
        var label: String
        var mode: Mode
        var commands: [Command]
        /// How many keys of each command are named.
        var count: Int
        /// A word beside each key; none where empty.
        var words: [String]

        init(_ label: String, _ mode: Mode, _ commands: [Command], count: Int = 1, words: [String] = []) {
            self.label = label
            self.mode = mode
            self.commands = commands
            self.count = count
            self.words = words
        }
    }

    /// The rows in the order of reading.
    static let rows: [[Part]] = [
        [
            Part("line", .list, [.lineDown, .lineUp], count: 2),
            Part("half page", .list, [.halfPageDown, .halfPageUp]),
            Part("page", .list, [.pageDown, .pageUp]), Part("ends", .list, [.toTop, .toBottom]),
        ],
        [
            Part("open", .list, [.open], count: 2), Part("back", .list, [.back, .levelBack]),
            Part("up or quit", .list, [.up]), Part("quit now", .list, [.quitNow]),
        ],
        [
            Part(
                "kind", .list, [.showIndexes, .showThreads, .showArtifacts, .showTasks, .showSources, .showRaw],
                words: ["indexes", "threads", "artifacts", "tasks", "sources", "raw"])
        ],
        [
            Part("filter a list, search content", .list, [.filter]),
            Part("hits", .thread, [.searchNext, .searchPrevious]),
            Part("search everywhere", .list, [.searchEverywhere]),
        ],
        [
            Part("in a thread: user turn", .thread, [.nextUserTurn, .previousUserTurn]),
            Part("tool call", .thread, [.nextToolCall, .previousToolCall]),
            Part("error", .thread, [.nextError, .previousError]),
            Part("fold one, all", .thread, [.foldTools, .foldAllTools]),
        ],
        [
            Part("in JSON: fold, unfold", .tree, [.fold, .unfold]), Part("all", .tree, [.foldAll, .unfoldAll]),
            Part("sibling", .tree, [.nextSibling, .previousSibling]), Part("document", .tree, [.nextDocument]),
        ],
        [
            Part("preview", .list, [.previewDown, .previewUp]), Part("pane", .list, [.nextPane]),
            Part("previous, next record", .thread, [.previousRecord, .nextRecord]),
        ],
        [
            Part("mark", .list, [.mark]), Part("range", .list, [.markRange]),
            Part("all that match", .list, [.markAll]),
        ],
        [
            Part("delete", .list, [.delete]), Part("trim", .list, [.trim]), Part("export", .list, [.export]),
            Part("undo", .list, [.undo]), Part("all that can be undone", .list, [.recovery]),
        ],
        [Part("copy", .list, [.copy]), Part("compare", .list, [.compare]), Part("follow", .list, [.follow])],
        [
            Part("pager", .thread, [.pager]), Part("editor on a copy", .thread, [.editor]),
            Part("pipe to a command", .thread, [.pipe]),
        ],
        [
            Part("sort", .list, [.sort]), Part("columns", .list, [.columns]), Part("wrap", .thread, [.wrap]),
            Part("stored form", .thread, [.raw]), Part("metadata", .thread, [.metadata]),
        ],
        [
            Part("jobs", .list, [.jobs]), Part("messages", .list, [.history]), Part("refresh", .list, [.refresh]),
            Part("help", .list, [.help]), Part("commands, numbers, paths", .list, [.commandLine]),
        ],
    ]
}

extension KeyMap {
    /// The overview as a table of Markdown.
    public var overview: String {
        var lines = ["| to | press |", "|---|---|"]
        for row in KeyOverview.rows {
            let labels = row.map(\.label).joined(separator: " · ")
            let keys = row.map(text).joined(separator: " · ")
            lines.append("| \(labels) | \(keys) |")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The keys of a part; those of several commands alternate: `j k Down Up`.
    private func text(of part: KeyOverview.Part) -> String {
        var words: [String] = []
        for turn in 0..<part.count {
            for (place, command) in part.commands.enumerated() {
                let names = names(of: command, in: part.mode)
                guard turn < names.count else { continue }
                let word = place < part.words.count ? " \(part.words[place])" : ""
                words.append(Self.code(names[turn]) + word)
            }
        }
        return words.joined(separator: " ")
    }

    func names(of command: Command, in mode: Mode) -> [String] {
        bindings(in: mode).first { $0.command == command }?.keys.map(\.name) ?? []
    }

    /// A key as code in a table of Markdown, where a bar would end the cell.
    private static func code(_ name: String) -> String {
        "`" + name.replacing("|", with: "\\|") + "`"
    }
}
