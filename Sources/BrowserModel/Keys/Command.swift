/// A verb of the browser; keys are bound to it in `KeyMap`.
public enum Command: String, Sendable, Hashable, CaseIterable {
    // Moving
    case lineDown, lineUp, halfPageDown, halfPageUp, pageDown, pageUp, toTop, toBottom
    case columnLeft, columnRight
    // Going somewhere
    case open, back, up, quitNow
    case showIndexes, showThreads, showArtifacts, showTasks, showSources, showRaw
    case nextPane, previousPane, previousRecord, nextRecord, previewDown, previewUp
    case nextDocument, previousDocument, nextMessage, previousMessage, openDemo
    case nextUserTurn, previousUserTurn, nextToolCall, previousToolCall, nextError, previousError
    // Looking
    case mark, markRange, markAll, columns, levelBack
    case filter, search, searchNext, searchPrevious, sort, reverseSort
    case searchEverywhere, nextKind, previousKind, foldHits, stopSearch, follow
    case wrap, raw, metadata, facts, foldTools, foldAllTools
    case sortColumn, filterRows, openCell
    case compare, nextDifference, previousDifference, showWhole
    case fold, unfold, foldAll, unfoldAll, toggleFold, nextSibling, previousSibling
    case refresh, redraw
    // Changing and taking along
    case delete, trim, export, undo, copy, pager, editor, pipe, recovery
    // In the preview of a trim
    case leaveTrim, askTrim, keepMore, keepFewer, safeCut
    // The program
    case jobs, stopJob, history, help, commandLine, suspend, cancelWork
    // In a dialog
    case confirm, press, focusNext, focusPrevious, dismiss, more, fewer, snap, scope, toggle, moveDown, moveUp
    // In an input
    case accept, erase, eraseWord, eraseAll, cursorLeft, cursorRight, cursorStart, cursorEnd, olderLine, newerLine
}

extension Command {
    /// Whether stored data may be gone after it; such a command always asks first.
    public var isDestructive: Bool {
        switch self {
        case .delete, .trim, .confirm, .press: true
        default: false
        }
    }

    /// Whether it leads to a change of stored data, and is away where nothing may be changed.
    var changesStores: Bool {
        switch self {
        case .delete, .trim, .undo: true
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
        case .columnLeft: "scroll left, in a table go a column to the left"
        case .columnRight: "scroll right, in a table go a column to the right"
        case .open: "open what is selected"
        case .back: "leave the range, clear marks, clear the filter or search, else go back one level"
        case .levelBack: "go back one level"
        case .up: "go back one level, at the root quit"
        case .quitNow: "quit at once"
        case .showIndexes: "list indexes"
        case .showThreads: "list threads"
        case .showArtifacts: "list artifacts"
        case .showTasks: "list tasks"
        case .showSources: "list sources"
        case .showRaw: "list raw records: what no known layout explains"
        case .nextPane: "go to the next pane"
        case .previousPane: "go to the previous pane"
        case .previousRecord: "show the previous record of the list"
        case .nextRecord: "show the next record of the list"
        case .previewDown: "scroll the preview down"
        case .previewUp: "scroll the preview up"
        case .nextDocument: "show the next document of the record"
        case .previousDocument: "show the previous document of the record"
        case .openDemo: "open demo stores, where no source was found"
        case .nextMessage: "go to the next message"
        case .previousMessage: "go to the previous message"
        case .mark: "mark or unmark, and move down"
        case .markRange: "begin a range of marks, or end it and mark it"
        case .markAll: "mark all that the filter lets through"
        case .columns: "choose the columns of the list"
        case .nextUserTurn: "go to the next user turn"
        case .previousUserTurn: "go to the previous user turn"
        case .nextToolCall: "go to the next tool call"
        case .previousToolCall: "go to the previous tool call"
        case .nextError: "go to the next error of a tool or a broken message"
        case .previousError: "go to the previous error of a tool or a broken message"
        case .search:
            "search; /a.*b/ is a pattern, in JSON key:TEXT looks in keys only, value:TEXT in values, over bytes 0x followed by digits"
        case .filter: "show only what holds some words"
        case .searchNext: "go to the next match"
        case .searchPrevious: "go to the previous match"
        case .searchEverywhere: "search the contents of every source"
        case .nextKind: "show what was found in the next kind"
        case .previousKind: "show what was found in the previous kind"
        case .foldHits: "show the records alone, or the places in them too"
        case .follow: "follow: show what is added by itself; again stops"
        case .stopSearch: "stop searching; what was found stays"
        case .sort: "choose what the list is sorted by"
        case .reverseSort: "reverse the order of the list"
        case .wrap: "wrap long lines or not"
        case .raw: "show the stored form"
        case .metadata: "show or hide metadata"
        case .facts: "show what is known of the record, its notes first"
        case .compare: "show what differs: of two marked records, or of the one that is open and the next in the list"
        case .nextDifference: "go to the next difference"
        case .previousDifference: "go to the previous difference"
        case .showWhole: "show all of a long value or line, both sides below each other; again its beginning"
        case .sortColumn: "sort the rows by this column; again downwards, once more as stored"
        case .filterRows: "show only rows that fit: words, column:word, column=value, column>number"
        case .openCell: "open the value of this cell"
        case .foldTools: "fold or unfold the call, result, prompt or data of this line, else all of them"
        case .foldAllTools: "fold or unfold all tool calls, results and prompts"
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
        case .trim: "choose where to cut a thread, to keep its newest messages"
        case .export: "export to a file"
        case .undo: "undo the newest trim or delete, in the recovery screen the selected one, after asking"
        case .recovery: "list what can be undone, look inside and restore"
        case .leaveTrim: "leave the preview; nothing is changed"
        case .askTrim: "trim at this cut, after asking"
        case .keepMore: "keep one message more"
        case .keepFewer: "keep one message less"
        case .safeCut: "move the cut so that no tool call is parted from its result"
        case .copy: "copy value, id, path, JSON or text to the clipboard"
        case .pager: "show in the pager"
        case .editor: "show a copy in the editor; what is changed there is not kept"
        case .pipe: "give what is shown to a command line; Tab there keeps its output in the browser"
        case .jobs: "show the work under way"
        case .stopJob: "stop this job"
        case .history: "show past messages with cause and help"
        case .help: "show the keys that work here"
        case .commandLine:
            "type a command, the number of a line or message, a JSON path (.a.b[17]) or an offset (0x1f0)"
        case .suspend: "suspend the program"
        case .cancelWork: "cancel running work; twice within a second quits"
        case .confirm: "confirm"
        case .press: "press the button in focus"
        case .focusNext: "go to the next button, format or completion"
        case .focusPrevious: "go to the previous button, format or completion"
        case .dismiss: "cancel"
        case .more: "keep one more"
        case .fewer: "keep one less"
        case .snap: "move the cut so that no tool call is parted from its result"
        case .scope: "delete only the record, or its whole context"
        case .toggle: "show the column or not"
        case .moveDown: "move the column to the right"
        case .moveUp: "move the column to the left"
        case .accept: "accept what is typed"
        case .erase: "erase the character before the cursor"
        case .eraseWord: "erase the word before the cursor"
        case .eraseAll: "erase all"
        case .cursorLeft: "move the cursor left"
        case .cursorRight: "move the cursor right"
        case .cursorStart: "move the cursor to the start"
        case .cursorEnd: "move the cursor to the end"
        case .olderLine: "bring back an older line that begins as this one"
        case .newerLine: "bring back a newer line"
        }
    }

    /// One word for the hint line; `nil` for what is not hinted at.
    public var hint: String? {
        switch self {
        case .open: "open"
        case .up: "back"
        case .filter: "filter"
        case .search: "search"
        case .searchEverywhere: "search all"
        case .nextKind: "kind"
        case .foldHits: "records"
        case .stopSearch: "stop"
        case .follow: "follow"
        case .sort, .sortColumn: "sort"
        case .filterRows: "filter"
        case .mark: "mark"
        case .markRange: "range"
        case .markAll: "all"
        case .compare: "compare"
        case .nextDifference: "next"
        case .showWhole: "whole"
        case .trim: "trim"
        case .delete: "delete"
        case .export: "export"
        case .undo: "undo"
        case .recovery: "recovery"
        case .leaveTrim: "leave"
        case .askTrim: "trim"
        case .keepMore: "more"
        case .keepFewer: "fewer"
        case .safeCut: "safe cut"
        case .help: "help"
        case .raw: "raw"
        case .foldTools: "fold"
        case .nextUserTurn: "next turn"
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
        case .toggle: "on or off"
        case .moveDown: "move"
        case .refresh: "refresh"
        case .openDemo: "demo"
        default: nil
        }
    }

    /// The heading of the help screen it stands under.
    public var group: Group {
        switch self {
        case .lineDown, .lineUp, .halfPageDown, .halfPageUp, .pageDown, .pageUp, .toTop, .toBottom, .columnLeft,
            .columnRight, .nextSibling, .previousSibling, .nextMessage, .previousMessage,
            .nextUserTurn, .previousUserTurn, .nextToolCall, .previousToolCall, .nextError, .previousError:
            .moving
        case .open, .back, .levelBack, .up, .showIndexes, .showThreads, .showArtifacts, .showTasks, .showSources,
            .showRaw,
            .nextPane,
            .previousPane, .openDemo, .previousRecord, .nextRecord, .nextDocument, .previousDocument:
            .going
        case .filter, .search, .searchNext, .searchPrevious, .sort, .reverseSort, .columns, .wrap, .raw, .metadata,
            .facts,
            .foldTools, .foldAllTools, .sortColumn, .filterRows, .openCell, .compare, .nextDifference,
            .previousDifference, .showWhole,
            .fold, .unfold, .foldAll, .unfoldAll, .toggleFold, .refresh, .searchEverywhere, .nextKind, .previousKind,
            .foldHits, .stopSearch, .follow, .previewDown, .previewUp:
            .looking
        case .mark, .markRange, .markAll, .delete, .trim, .export, .undo, .copy, .pager, .editor, .pipe, .recovery,
            .leaveTrim, .askTrim, .keepMore, .keepFewer, .safeCut:
            .acting
        case .jobs, .stopJob, .history, .help, .commandLine, .suspend, .cancelWork, .quitNow, .redraw: .program
        case .confirm, .press, .focusNext, .focusPrevious, .dismiss, .more, .fewer, .snap, .scope, .toggle, .moveDown,
            .moveUp, .accept, .erase, .eraseWord, .eraseAll, .cursorLeft, .cursorRight, .cursorStart, .cursorEnd,
            .olderLine, .newerLine:
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
