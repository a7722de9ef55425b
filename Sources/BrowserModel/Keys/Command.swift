/// A verb of the browser; keys are bound to it in `KeyMap`.
public enum Command: String, Sendable, Hashable, CaseIterable {
    // Moving
    case lineDown, lineUp, halfPageDown, halfPageUp, pageDown, pageUp, toTop, toBottom, goTo
    case columnLeft, columnRight
    // Going somewhere
    case open, back, up, quitNow
    case showIndexes, showThreads, showArtifacts, showTasks, showSources, showRaw
    case nextPane, previousPane, previousRecord, nextRecord, previewDown, previewUp
    case nextDocument, previousDocument, nextMessage, previousMessage
    // Looking
    case filter, search, searchNext, searchPrevious, sort, reverseSort
    case wrap, raw, metadata, facts, foldTools
    case fold, unfold, foldAll, unfoldAll, toggleFold, nextSibling, previousSibling
    case refresh, redraw
    // Changing and taking along
    case delete, trim, export, undo, copy, pager
    // The program
    case jobs, stopJob, history, help, suspend, cancelWork
    // In a dialog
    case confirm, press, focusNext, focusPrevious, dismiss, more, fewer, snap, scope
    // In an input
    case accept, erase, eraseWord, eraseAll, cursorLeft, cursorRight, cursorStart, cursorEnd
}

extension Command {
    /// Whether stored data may be gone after it; such a command always asks first.
    public var isDestructive: Bool {
        switch self {
        case .delete, .trim, .confirm, .press: true
        default: false
        }
    }

    /// What it does, for the help screen: begins with a verb, no final stop.
    public var help: String {
        switch self {
        case .lineDown: "move down a line"
        case .lineUp: "move up a line"
        case .halfPageDown: "move down half a page"
        case .halfPageUp: "move up half a page"
        case .pageDown: "move down a page"
        case .pageUp: "move up a page"
        case .toTop: "go to the beginning"
        case .toBottom: "go to the end"
        case .goTo: "go to a line or message by number"
        case .columnLeft: "scroll left"
        case .columnRight: "scroll right"
        case .open: "open what is selected"
        case .back: "clear the filter, else go back one level"
        case .up: "go back one level, at the root quit"
        case .quitNow: "quit at once"
        case .showIndexes: "list indexes"
        case .showThreads: "list threads"
        case .showArtifacts: "list artifacts"
        case .showTasks: "list tasks"
        case .showSources: "list sources"
        case .showRaw: "list what no known layout explains"
        case .nextPane: "go to the next pane"
        case .previousPane: "go to the previous pane"
        case .previousRecord: "show the previous record of the list"
        case .nextRecord: "show the next record of the list"
        case .previewDown: "scroll the preview down"
        case .previewUp: "scroll the preview up"
        case .nextDocument: "show the next document of the record"
        case .previousDocument: "show the previous document of the record"
        case .nextMessage: "go to the next message"
        case .previousMessage: "go to the previous message"
        case .filter: "filter the list by words"
        case .search: "search"
        case .searchNext: "go to the next match"
        case .searchPrevious: "go to the previous match"
        case .sort: "choose what the list is sorted by"
        case .reverseSort: "reverse the order of the list"
        case .wrap: "wrap long lines or not"
        case .raw: "show the stored form"
        case .metadata: "show or hide metadata"
        case .facts: "show what is known of the record, its notes first"
        case .foldTools: "fold or unfold tool calls and their results"
        case .fold: "fold, or go to the parent"
        case .unfold: "unfold, or go to the first child"
        case .foldAll: "fold everything"
        case .unfoldAll: "unfold everything"
        case .toggleFold: "fold or unfold"
        case .nextSibling: "go to the next sibling"
        case .previousSibling: "go to the previous sibling"
        case .refresh: "read again"
        case .redraw: "draw the screen again"
        case .delete: "delete, after asking"
        case .trim: "trim a thread to its newest messages, after asking"
        case .export: "export to a file"
        case .undo: "undo the newest trim or delete, after asking"
        case .copy: "copy id, title, path or text to the clipboard"
        case .pager: "show in the pager"
        case .jobs: "show the work under way"
        case .stopJob: "stop this job"
        case .history: "show past messages with cause and help"
        case .help: "show the keys that work here"
        case .suspend: "suspend the program"
        case .cancelWork: "cancel running work; twice within a second quits"
        case .confirm: "confirm"
        case .press: "press the button in focus"
        case .focusNext: "go to the next button"
        case .focusPrevious: "go to the previous button"
        case .dismiss: "cancel"
        case .more: "keep one more"
        case .fewer: "keep one less"
        case .snap: "move the cut so that no tool call is parted from its result"
        case .scope: "delete only the record, or its whole context"
        case .accept: "accept what is typed"
        case .erase: "erase the character before the cursor"
        case .eraseWord: "erase the word before the cursor"
        case .eraseAll: "erase all"
        case .cursorLeft: "move the cursor left"
        case .cursorRight: "move the cursor right"
        case .cursorStart: "move the cursor to the start"
        case .cursorEnd: "move the cursor to the end"
        }
    }

    /// One word for the hint line; `nil` for what is not hinted at.
    public var hint: String? {
        switch self {
        case .open: "open"
        case .up: "back"
        case .filter: "filter"
        case .search: "search"
        case .sort: "sort"
        case .trim: "trim"
        case .delete: "delete"
        case .export: "export"
        case .undo: "undo"
        case .help: "help"
        case .raw: "raw"
        case .foldTools: "tools"
        case .metadata: "meta"
        case .facts: "about"
        case .toggleFold: "fold"
        case .nextDocument: "document"
        case .wrap: "wrap"
        case .stopJob: "stop"
        case .confirm: "yes"
        case .press: "press"
        case .dismiss: "cancel"
        case .accept: "accept"
        case .more: "more"
        case .fewer: "fewer"
        case .snap: "safe cut"
        case .scope: "scope"
        case .refresh: "refresh"
        default: nil
        }
    }

    /// The heading of the help screen it stands under.
    public var group: Group {
        switch self {
        case .lineDown, .lineUp, .halfPageDown, .halfPageUp, .pageDown, .pageUp, .toTop, .toBottom, .goTo, .columnLeft,
            .columnRight, .nextSibling, .previousSibling, .nextMessage, .previousMessage:
            .moving
        case .open, .back, .up, .showIndexes, .showThreads, .showArtifacts, .showTasks, .showSources, .showRaw,
            .nextPane,
            .previousPane, .previousRecord, .nextRecord, .nextDocument, .previousDocument:
            .going
        case .filter, .search, .searchNext, .searchPrevious, .sort, .reverseSort, .wrap, .raw, .metadata, .facts,
            .foldTools,
            .fold, .unfold, .foldAll, .unfoldAll, .toggleFold, .refresh, .previewDown, .previewUp:
            .looking
        case .delete, .trim, .export, .undo, .copy, .pager: .acting
        case .jobs, .stopJob, .history, .help, .suspend, .cancelWork, .quitNow, .redraw: .program
        case .confirm, .press, .focusNext, .focusPrevious, .dismiss, .more, .fewer, .snap, .scope, .accept, .erase,
            .eraseWord, .eraseAll, .cursorLeft, .cursorRight, .cursorStart, .cursorEnd:
            .answering
        }
    }

    public enum Group: String, Sendable, CaseIterable {
        case moving = "Moving"
        case going = "Going somewhere"
        case looking = "Looking"
        case acting = "Changing and taking along"
        case program = "The program"
        case answering = "Answering"
    }
}
