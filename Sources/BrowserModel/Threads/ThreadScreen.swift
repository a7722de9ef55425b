public import StoredRecords
internal import TerminalSurface

/// A place in a thread: a line of a message.
public struct MessageLine: Sendable, Equatable, Comparable {
    /// 0-based place of the message in the thread.
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
public struct ThreadScreen: Sendable, Equatable {
    static let pageSize = 50
    /// Messages that are held before far ones are dropped.
    static let heldMessages = 250

    public let id: ScreenID
    public internal(set) var record: RecordSummary
    var window = PageWindow<StoredMessage>()
    /// The messages of the window, laid out.
    public internal(set) var blocks: [MessageBlock] = []
    /// Index into `blocks` and line of the cursor and of the first line on the screen.
    public internal(set) var cursor = MessageLine(message: 0, line: 0)
    public internal(set) var top = MessageLine(message: 0, line: 0)
    public internal(set) var folds = MessageFolds()
    public internal(set) var width = 80
    public internal(set) var error: StorageError?
    /// The list the thread was opened from, for the neighbours.
    var list: ScreenID?
    var find = TextFind()
    /// Where to go once the page that was asked for is there.
    var goal: Goal?
    var loadingAfter: RequestID?
    var loadingBefore: RequestID?
    var loadingAnew: RequestID?

    enum Goal: Sendable, Equatable {
        case end
        /// 0-based place of a message.
        case message(Int)
        /// The next match of the search, downwards or upwards.
        case match(Bool)
    }

    /// The message a search began at, to come back to when there is no match.
    var searchOrigin: Int?

    init(id: ScreenID, record: RecordSummary, list: ScreenID?, width: Int) {
        self.id = id
        self.record = record
        self.list = list
        self.width = width
    }

    public var total: Total { window.total }
    public var isLoaded: Bool { window.isLoaded }
    public var isLoading: Bool { loadingAfter != nil || loadingBefore != nil || loadingAnew != nil }
    /// The message the cursor is in.
    public var current: StoredMessage? {
        blocks.indices.contains(cursor.message) ? blocks[cursor.message].message : nil
    }
    public var searchText: String { find.text }
    public var notes: [String] { window.notes }

    /// The line at a place and whether it is the first of its message.
    public func line(at place: MessageLine) -> StyledLine? {
        guard blocks.indices.contains(place.message) else { return nil }
        let lines = blocks[place.message].lines
        return lines.indices.contains(place.line) ? lines[place.line] : nil
    }

    /// The place after another; `nil` at the end of what is loaded.
    public func next(_ place: MessageLine) -> MessageLine? { moved(place, by: 1) }
}

// MARK: Moving

extension ThreadScreen {
    /// The place so many lines further, or `nil` when that is outside.
    func moved(_ place: MessageLine, by lines: Int) -> MessageLine? {
        let result = clamped(place, by: lines)
        return result.rest == 0 ? result.place : nil
    }

    /// The place so many lines further, or the last one in that direction and how many lines are missing.
    private func clamped(_ place: MessageLine, by lines: Int) -> (place: MessageLine, rest: Int) {
        guard !blocks.isEmpty else { return (MessageLine(message: 0, line: 0), lines) }
        var place = place
        var rest = lines
        while rest > 0 {
            let left = blocks[place.message].lines.count - 1 - place.line
            if rest <= left {
                place.line += rest
                return (place, 0)
            }
            guard place.message + 1 < blocks.count else {
                place.line += left
                return (place, rest - left)
            }
            rest -= left + 1
            place = MessageLine(message: place.message + 1, line: 0)
        }
        while rest < 0 {
            if -rest <= place.line {
                place.line += rest
                return (place, 0)
            }
            guard place.message > 0 else {
                rest += place.line
                place.line = 0
                return (place, rest)
            }
            rest += place.line + 1
            place = MessageLine(
                message: place.message - 1, line: blocks[place.message - 1].lines.count - 1)
        }
        return (place, 0)
    }

    mutating func move(by lines: Int, height: Int) {
        cursor = clamped(cursor, by: lines).place
        scroll(height: height)
    }

    /// Moves screen and cursor together, as a page key does.
    mutating func page(by lines: Int, height: Int) {
        top = clamped(top, by: lines).place
        cursor = clamped(cursor, by: lines).place
        scroll(height: height)
    }

    mutating func moveToMessage(_ index: Int, height: Int) {
        guard !blocks.isEmpty else { return }
        cursor = MessageLine(message: max(0, min(blocks.count - 1, index)), line: 0)
        if cursor < top || distance(from: top, to: cursor, limit: height) + 3 > height { top = cursor }
        scroll(height: height)
    }

    mutating func moveToEnd(height: Int) {
        guard let last = blocks.last else { return }
        // The blank line that parts messages is no place to be.
        let line = last.lines.lastIndex { !$0.spans.isEmpty } ?? last.lines.count - 1
        cursor = MessageLine(message: blocks.count - 1, line: line)
        scroll(height: height)
    }

    mutating func place(_ place: MessageLine, height: Int) {
        cursor = place
        clampToBlocks()
        scroll(height: height)
    }

    /// Keeps the cursor on the screen, and the screen full where there is enough.
    mutating func scroll(height: Int) {
        clampToBlocks()
        guard !blocks.isEmpty else { return }
        let height = max(1, height)
        if cursor < top { top = cursor }
        if distance(from: top, to: cursor, limit: height) >= height {
            top = clamped(cursor, by: 1 - height).place
        }
        let last = MessageLine(message: blocks.count - 1, line: blocks[blocks.count - 1].lines.count - 1)
        let below = distance(from: top, to: last, limit: height)
        if below < height - 1 { top = clamped(last, by: 1 - height).place }
    }

    private mutating func clampToBlocks() {
        cursor = clampedPlace(cursor)
        top = clampedPlace(top)
    }

    private func clampedPlace(_ place: MessageLine) -> MessageLine {
        guard !blocks.isEmpty else { return MessageLine(message: 0, line: 0) }
        let message = max(0, min(blocks.count - 1, place.message))
        return MessageLine(message: message, line: max(0, min(blocks[message].lines.count - 1, place.line)))
    }

    /// Lines from one place down to another; no more than `limit` are counted.
    private func distance(from start: MessageLine, to end: MessageLine, limit: Int) -> Int {
        if end.message == start.message { return end.line - start.line }
        var lines = blocks[start.message].lines.count - start.line
        for message in start.message + 1..<max(start.message + 1, end.message) {
            lines += blocks[message].lines.count
            if lines > limit { return lines }
        }
        return lines + end.line
    }
}

// MARK: Pages

extension ThreadScreen {
    /// The pages to ask for so that there is more to read around the cursor.
    var wanted: [PageRequest] {
        guard window.isLoaded, loadingAnew == nil, error == nil else { return [] }
        var wanted: [PageRequest] = []
        if blocks.count - cursor.message <= Self.pageSize / 2, loadingAfter == nil,
            let request = window.following(limit: Self.pageSize)
        {
            wanted.append(request)
        }
        if cursor.message <= Self.pageSize / 2, loadingBefore == nil,
            let request = window.preceding(limit: Self.pageSize)
        {
            wanted.append(request)
        }
        return wanted
    }

    mutating func began(_ id: RequestID, _ request: PageRequest) {
        switch request.start {
        case .after: loadingAfter = id
        case .before: loadingBefore = id
        default: loadingAnew = id
        }
    }

    private mutating func forget(_ id: RequestID) {
        if loadingAfter == id { loadingAfter = nil }
        if loadingBefore == id { loadingBefore = nil }
        if loadingAnew == id { loadingAnew = nil }
    }

    mutating func arrived(
        _ page: Page<StoredMessage>, for request: PageRequest, _ id: RequestID, height: Int, now: Timestamp
    ) {
        forget(id)
        error = nil
        let before = blocks.count
        window.insert(page, for: request)
        switch request.start {
        case .after:
            blocks += page.items.map { block($0, now) }
        case .before:
            blocks = page.items.map { block($0, now) } + blocks
            let added = blocks.count - before
            cursor.message += added
            top.message += added
        default:
            blocks = page.items.map { block($0, now) }
        }
        reachGoal(height: height)
        scroll(height: height)
        evict()
    }

    /// Takes in what is known anew of the thread.
    mutating func take(_ record: RecordSummary, height: Int, now: Timestamp) {
        let hasOtherNotes = record.notes != self.record.notes
        self.record = record
        guard hasOtherNotes, let first = blocks.first, first.message.position == 0 else { return }
        blocks[0] = block(first.message, now)
        scroll(height: height)
    }

    /// A message laid out; over the first of the thread stand the thread's own notes.
    private func block(_ message: StoredMessage, _ now: Timestamp) -> MessageBlock {
        MessageBlock(
            message, width: width, folds: folds, now: now, above: message.position == 0 ? record.notes : [])
    }

    mutating func failed(_ error: StorageError, _ id: RequestID) {
        forget(id)
        self.error = error
    }

    private mutating func reachGoal(height: Int) {
        switch goal {
        case .end: moveToEnd(height: height)
        case .message(let position):
            let index = blocks.firstIndex { $0.message.position >= position } ?? blocks.count - 1
            cursor = MessageLine(message: index, line: 0)
            top = cursor
        case .match: return
        case nil: break
        }
        goal = nil
    }

    /// The nearest line below or above the cursor that holds the text looked for.
    func match(forward: Bool) -> MessageLine? {
        guard !blocks.isEmpty else { return nil }
        var place = cursor
        while let next = moved(place, by: forward ? 1 : -1) {
            place = next
            if find.matches(blocks[place.message].lines[place.line].text) { return place }
        }
        return nil
    }

    /// Drops messages that are far from the cursor.
    private mutating func evict() {
        guard blocks.count > Self.heldMessages, !isLoading else { return }
        let reach = Self.heldMessages / 2 - Self.pageSize / 2
        let before = window.items.first?.position
        window.keep(max(0, cursor.message - reach)..<min(blocks.count, cursor.message + reach))
        guard let first = window.items.first?.position, let before else { return }
        let dropped = blocks.firstIndex { $0.message.position == first } ?? 0
        if first != before {
            cursor.message -= dropped
            top.message = max(0, top.message - dropped)
        }
        blocks = Array(blocks.dropFirst(dropped).prefix(window.count))
    }

    /// Lays every message out again, keeping the cursor's message where it is.
    mutating func layOut(width: Int, folds: MessageFolds, height: Int, now: Timestamp) {
        let line = distance(from: top, to: max(top, cursor), limit: height)
        let isChange = width != self.width || folds != self.folds
        guard isChange else { return }
        self.width = width
        self.folds = folds
        blocks = blocks.map { block($0.message, now) }
        guard !blocks.isEmpty else { return }
        cursor = clampedPlace(cursor)
        top = clamped(cursor, by: -min(line, height - 1)).place
        scroll(height: height)
    }
}
