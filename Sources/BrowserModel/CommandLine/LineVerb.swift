/// What can be typed after `:` beside the commands that keys are bound to.
public enum LineVerb: String, Sendable, CaseIterable {
    case quit, write, add, set, sort, filter, search, find, go, source, help, keys

    /// What it is typed as, the usual word first.
    public var words: [String] {
        switch self {
        case .quit: ["quit", "q"]
        case .write: ["write", "w"]
        case .go: ["go", "goto"]
        default: [rawValue]
        }
    }

    /// What stands behind the word; empty when nothing does.
    public var argument: String {
        switch self {
        case .quit, .keys: ""
        case .write: "PATH"
        case .add: "SOURCE [as NAME]"
        case .set: "OPTION"
        case .sort: "FIELD [up|down]"
        case .filter, .search, .find: "TEXT"
        case .go: "NUMBER"
        case .source: "NAME"
        case .help: "WORD"
        }
    }

    /// What it does: begins with a verb, no final stop.
    public var help: String {
        switch self {
        case .quit: "quit; q! does not ask"
        case .write:
            "export the selected record to a file, in the format its ending names, or all marked ones to a directory"
        case .add: "open another source beside the others"
        case .set: "change how things are shown"
        case .sort: "sort the list by a field"
        case .filter: "filter the list by words"
        case .search: "search in what is shown"
        case .find: "search the contents of every source"
        case .go: "go to a line or message by number, $ for the last"
        case .source: "show the records of one source"
        case .help: "explain this screen; with words only what is about them"
        case .keys: "show the keys of every screen"
        }
    }

    /// What its bare word means where a command of the keys does that already.
    var bareCommand: Command? {
        switch self {
        case .sort: .sort
        case .filter: .filter
        case .search: .search
        case .find: .searchEverywhere
        case .help: .help
        default: nil
        }
    }
}
