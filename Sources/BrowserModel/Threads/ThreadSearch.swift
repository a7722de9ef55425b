/// The text searched for in a thread and what was found of it so far.
struct ThreadSearch: Sendable, Equatable {
    /// The hits of neighbouring messages in order, with how many come before each.
    private struct Run: Sendable, Equatable {
        var hits: [MessageHits] = []
        var sums: [Int] = []
        var count = 0

        mutating func append(_ more: [MessageHits]) {
            for hits in more where hits.position > self.hits.last?.position ?? -1 {
                self.hits.append(hits)
                sums.append(count)
                count += hits.count
            }
        }

        /// The first message at or after a position.
        func index(from position: Int) -> Int {
            var low = 0
            var high = hits.count
            while low < high {
                let middle = (low + high) / 2
                if hits[middle].position < position { low = middle + 1 } else { high = middle }
            }
            return low
        }
    }

    /// A hit: a message and which of its places.
    struct Hit: Sendable, Equatable {
        var position: Int
        var number: Int
        var place: MessageHits.Place
    }

    /// A place to look on from.
    struct Point: Sendable, Equatable, Comparable {
        var position: Int
        var place: MessageHits.Place

        static func < (left: Point, right: Point) -> Bool {
            left.position != right.position ? left.position < right.position : left.place < right.place
        }
    }

    enum Step: Equatable {
        case hit(Hit, wraps: Bool)
        /// What lies between is not read yet.
        case wait
        case nothing
    }

    let text: String
    let needle: TextNeedle
    /// Where reading began: hits from there on and hits before it come apart.
    private let from: Int
    private var after = Run()
    private var before = Run()
    private var readEnd: Int
    private var readStart = 0
    private var hasReadToEnd = false
    private(set) var isFinished = false
    /// The hit the cursor was put on.
    var current: Hit?
    /// Which way to go as soon as that is known.
    var pending: Bool?
    /// Whether the pending step may take the line of the cursor.
    var takesCursorLine = false
    var job: RequestID?
    /// Whether the thread was ever read for it; before, what is on the screen is marked and no more.
    var isBegun = false
    /// Whether the whole thread was not read: the search was stopped.
    private(set) var isPartial = false

    init(_ text: String, from: Int) {
        self.text = text
        needle = TextNeedle(text)
        self.from = from
        readEnd = from
    }

    var count: Int { before.count + after.count }
    var readCount: Int { readEnd - from + readStart }

    mutating func take(_ findings: ThreadFindings) {
        before.append(findings.hits.filter { $0.position < from })
        after.append(findings.hits.filter { $0.position >= from })
        if findings.read.lowerBound >= from, !hasReadToEnd {
            readEnd = max(readEnd, findings.read.upperBound)
        } else {
            hasReadToEnd = true
            readStart = max(readStart, findings.read.upperBound)
        }
    }

    mutating func finish() {
        isFinished = true
        hasReadToEnd = true
        readStart = max(readStart, from)
        job = nil
    }

    /// The search ends before all was read.
    mutating func stop() {
        isFinished = true
        isPartial = true
        job = nil
    }

    /// The number of the current hit among all of the thread.
    var currentNumber: Int? {
        guard let current else { return nil }
        let isAfter = current.position >= from
        let run = isAfter ? after : before
        let index = run.index(from: current.position)
        guard run.hits.indices.contains(index) else { return nil }
        return (isAfter ? before.count : 0) + run.sums[index] + current.number + 1
    }

    func step(from point: Point, forward: Bool) -> Step {
        if let hit = hit(from: point, forward: forward) {
            let low = min(point.position, hit.position)
            let high = max(point.position, hit.position)
            return isRead(low, high) ? .hit(hit, wraps: false) : .wait
        }
        if count == 0 { return isFinished ? .nothing : .wait }
        let isEdgeRead = forward ? isReadToEnd(from: point.position) : isRead(0, point.position)
        guard isEdgeRead else { return .wait }
        let edge = Point(
            position: forward ? -1 : .max, place: MessageHits.Place(part: forward ? -1 : .max, offset: 0))
        guard let hit = hit(from: edge, forward: forward) else { return isFinished ? .nothing : .wait }
        let isWayRead = forward ? isRead(0, hit.position) : isReadToEnd(from: hit.position)
        return isWayRead ? .hit(hit, wraps: true) : .wait
    }

    private func isRead(_ low: Int, _ high: Int) -> Bool {
        if isFinished { return true }
        let isLowRead = low >= from || readStart >= min(high + 1, from)
        let isHighRead = high < from || high < readEnd || hasReadToEnd
        return isLowRead && isHighRead
    }

    private func isReadToEnd(from low: Int) -> Bool {
        isFinished || (hasReadToEnd && isRead(low, max(low, from)))
    }

    /// The nearest known hit beyond a point.
    private func hit(from point: Point, forward: Bool) -> Hit? {
        let runs = forward ? [before, after] : [after, before]
        for run in runs {
            var index = run.index(from: point.position)
            if !forward, index >= run.hits.count || run.hits[index].position > point.position { index -= 1 }
            while run.hits.indices.contains(index) {
                let hits = run.hits[index]
                let isSame = hits.position == point.position
                let number =
                    forward
                    ? hits.places.firstIndex { !isSame || $0 > point.place }
                    : hits.places.lastIndex { !isSame || $0 < point.place }
                if let number { return Hit(position: hits.position, number: number, place: hits.places[number]) }
                index += forward ? 1 : -1
            }
        }
        return nil
    }
}
