public import StoredRecords
internal import TerminalSurface

/// A place in a thread: a line of a message.
public struct MessageLine: Sendable, Equatable, Comparable {
    /// 0-based place of the message among those that are loaded.
    public var message: Int
    public var line: Int

    public init(message: Int, line: Int) {
        self.message = message
        self.line = line
    }

    public static func < (left: MessageLine, right: MessageLine) -> Bool {
        (left.message, left.line) < (right.message, right.line)
    }
}

/// A thread read as a window over its messages.
///
/// Messages are laid out when they come into sight: whatever the length of the
/// thread and of its messages, a key costs what the lines of a screen cost.
public struct ThreadScreen: Sendable, Equatable {
    static let pageSize = 50
    /// Messages that are held before far ones are dropped.
    static let heldMessages = 250

    public let id: ScreenID
    public internal(set) var record: RecordSummary
    var window = PageWindow<StoredMessage>()
    /// The messages of the window.
    public internal(set) var blocks: [MessageBlock] = []
    /// Index into `blocks` and line of the cursor and of the first line on the screen.
    public internal(set) var cursor = MessageLine(message: 0, line: 0)
    public internal(set) var top = MessageLine(message: 0, line: 0)
    /// The first message in the list beside the text.
    public internal(set) var listTop = 0
    /// Whether keys move in the list of messages.
    public internal(set) var isListFocused = false
    public internal(set) var folds = MessageFolds()
    public internal(set) var layout: ThreadLayout
    var form: ReadingForm
    public internal(set) var error: StorageError?
    /// The list the thread was opened from, for the neighbours.
    var list: ScreenID?
    var search: ThreadSearch?
    /// Where to go once the page that was asked for is there.
    var goal: Goal?
    /// Looking whether the thread grows; `nil` while nobody asked for that.
    public internal(set) var follow: Follow?
    /// When what is shown was read.
    var read: Timestamp?
    var loadingAfter: RequestID?
    var loadingBefore: RequestID?
    var loadingAnew: RequestID?
    /// The job that looks for a message beyond what is loaded.
    var seeking: RequestID?
    /// The calls and results of the messages that are loaded, by the id of the call.
    var calls: [String: ToolCallFacts] = [:]
    var results: [String: ToolResultFacts] = [:]

    enum Goal: Sendable, Equatable {
        case end
        /// 0-based place of a message.
        case message(Int)
        /// Where the reader was before the thread was read again.
        case place(ReadingPlace)
        case landmark(MessageSeek.Landmark, Int)
        /// What the search in this thread found.
        case found(ThreadSearch.Hit)
        /// A place that a search of everything found.
        case hit(Int, HitGoal)
    }

    /// - Parameter width: columns of text of a screen that shows one thing, its gutter left out.
    init(id: ScreenID, record: RecordSummary, list: ScreenID?, width: Int) {
        self.id = id
        self.record = record
        self.list = list
        layout = ThreadLayout(columns: width + 2)
        form = ReadingForm(measure: layout.measure, room: layout.room)
    }

    public var total: Total { window.total }
    public var isLoaded: Bool { window.isLoaded }
    public var isLoading: Bool { loadingAfter != nil || loadingBefore != nil || loadingAnew != nil }
    /// The message the cursor is in.
    public var current: StoredMessage? {
        blocks.indices.contains(cursor.message) ? blocks[cursor.message].message : nil
    }
    public var searchText: String { search?.text ?? "" }
    public var notes: [String] { window.notes }
    public var showsMetadata: Bool { form.showsMetadata }
    public var wraps: Bool { form.wraps }
    var hasList: Bool { layout.listColumns > 0 }

    /// Tokens of the whole thread, where they are known.
    public var tokens: Int? {
        if let tokens = record.tokens { return tokens }
        guard window.isAtStart, window.isAtEnd, !blocks.isEmpty else { return nil }
        let known = blocks.compactMap(\.message.tokens)
        return known.isEmpty ? nil : known.reduce(0) { $0.addingReportingOverflow($1).partialValue }
    }

    /// `1 017 tokens`; `nil` where none are known. Of a thread that is followed also where the number comes
    /// from when not every message names its own: then it may stay although messages come.
    public var tokenWords: String? {
        guard let tokens else { return nil }
        let words = "\(Words.grouped(tokens)) tokens"
        guard follow != nil, window.isAtStart, window.isAtEnd, !blocks.isEmpty else { return words }
        let naming = blocks.count { $0.message.tokens != nil }
        if naming == 0 { return "\(words) as the thread says" }
        return naming == blocks.count ? words : "\(words) in \(Words.grouped(naming)) of them"
    }

    /// The row at a place.
    public func row(at place: MessageLine) -> MessageRow? {
        guard blocks.indices.contains(place.message) else { return nil }
        let rows = blocks[place.message].rows
        return rows.indices.contains(place.line) ? rows[place.line] : nil
    }

    /// The row of the cursor.
    var cursorRow: MessageRow? { row(at: cursor) }

    /// The line at a place.
    public func line(at place: MessageLine) -> StyledLine? { row(at: place)?.line }

    /// The place after another; `nil` at the end of what is loaded.
    public func next(_ place: MessageLine) -> MessageLine? {
        guard blocks.indices.contains(place.message) else { return nil }
        if place.line + 1 < blocks[place.message].rows.count {
            return MessageLine(message: place.message, line: place.line + 1)
        }
        return place.message + 1 < blocks.count ? MessageLine(message: place.message + 1, line: 0) : nil
    }
}
