/// An option of the command line; a name means the same for every verb that has it.
enum Option: String, Hashable, CaseIterable {
    case config, readOnly = "read-only", noColor = "no-color", help, version, keys
    case demo, mouse, generate
    case json, filter, sort, reverse, limit, raw, text, last, kind, to, format, keep, snap, dryRun = "dry-run", yes,
        into, list, group

    static let everywhere: [Option] = [.config, .readOnly, .noColor, .help, .version, .keys]

    /// Only a command line without a verb takes these.
    static let ofBrowser: [Option] = [.demo, .mouse, .generate]

    /// As it is typed.
    var flag: String { "--\(rawValue)" }

    /// The word for its value in help; `nil` for an option without one.
    var value: String? {
        switch self {
        case .config: "FILE"
        case .filter: "TEXT"
        case .sort: "KEY"
        case .limit, .last, .keep: "N"
        case .kind: "KIND"
        case .to: "PATH"
        case .format: "FORMAT"
        case .into: "SOURCE"
        case .generate: "WHAT"
        default: nil
        }
    }

    /// The option with its value: "--keep N".
    var usage: String {
        value.map { "\(flag) \($0)" } ?? flag
    }

    /// One line of help.
    var summary: String {
        switch self {
        case .config: "read this configuration instead of the user's own"
        case .readOnly: "refuse every change"
        case .noColor: "use no colour"
        case .help: "show help, also for one verb"
        case .version: "show the version"
        case .keys: "show the browser's keys"
        case .demo: "open a throw-away copy of the demo stores, beside sources that are named"
        case .mouse: "let the browser take clicks and the wheel; :set mouse does so later"
        case .generate: "print \(GeneratedText.wordList)"
        case .json: "print JSON, one object a line"
        case .filter: "only records with all these words in id, title or metadata"
        case .sort: "by updated, created, id, title, size ... in place of the newest first"
        case .reverse: "the other way round"
        case .limit: "at most N records"
        case .raw: "print the stored bytes exactly"
        case .text: "print readable text only"
        case .last: "only the newest N messages of a thread"
        case .kind: "only records of this kind"
        case .to: "a file, a directory, or - for standard output"
        case .format: "json, jsonl, md, txt, csv or html; else taken from the ending of PATH"
        case .keep: "how many messages stay"
        case .snap: "move the cut so that no tool call is parted from its result"
        case .dryRun: "print what would be done and change nothing"
        case .yes: "do not ask"
        case .into: "the source that gets the copy"
        case .list: "show what can be undone, newest first"
        case .group: "undo all that one trim or delete did to many records, ENTRY or the newest among it"
        }
    }
}
