/// Which runs of two sequences correspond, found with bounded effort.
///
/// Elements that occur once on both sides are the anchors (patience); what is
/// between two anchors is aligned by the shortest edit script, as long as that
/// is not too long.
struct SequenceDiff: Sendable, Equatable {
    struct Run: Sendable, Equatable {
        var left: Int
        var right: Int
        var count: Int
    }

    private(set) var runs: [Run] = []
    /// Whether some stretch was too different to be aligned element by element.
    private(set) var isBounded = false
    private(set) var isCancelled = false

    /// Edits that are looked for between two anchors.
    private static let mostEdits = 1_000

    init(_ left: [Int], _ right: [Int], mostEdits: Int = SequenceDiff.mostEdits, isCancelled: () -> Bool = { false }) {
        var work: [(left: Range<Int>, right: Range<Int>)] = [(0..<left.count, 0..<right.count)]
        while let (wholeLeft, wholeRight) = work.popLast() {
            if isCancelled() {
                self.isCancelled = true
                return
            }
            let (restLeft, restRight) = trim(left, wholeLeft, right, wholeRight)
            guard !restLeft.isEmpty, !restRight.isEmpty else { continue }
            let anchors = Self.anchors(left, restLeft, right, restRight, isCancelled)
            if isCancelled() { continue }
            guard !anchors.isEmpty else {
                align(left, restLeft, right, restRight, mostEdits, isCancelled)
                continue
            }
            var (fromLeft, fromRight) = (restLeft.lowerBound, restRight.lowerBound)
            for (atLeft, atRight) in anchors {
                work.append((fromLeft..<atLeft, fromRight..<atRight))
                runs.append(Run(left: atLeft, right: atRight, count: 1))
                (fromLeft, fromRight) = (atLeft + 1, atRight + 1)
            }
            work.append((fromLeft..<restLeft.upperBound, fromRight..<restRight.upperBound))
        }
        join()
    }

    /// Takes what both begin and end with.
    private mutating func trim(
        _ left: [Int], _ leftRange: Range<Int>, _ right: [Int], _ rightRange: Range<Int>
    ) -> (Range<Int>, Range<Int>) {
        var (startLeft, startRight) = (leftRange.lowerBound, rightRange.lowerBound)
        var (endLeft, endRight) = (leftRange.upperBound, rightRange.upperBound)
        while startLeft < endLeft, startRight < endRight, left[startLeft] == right[startRight] {
            startLeft += 1
            startRight += 1
        }
        while endLeft > startLeft, endRight > startRight, left[endLeft - 1] == right[endRight - 1] {
            endLeft -= 1
            endRight -= 1
        }
        add(leftRange.lowerBound, rightRange.lowerBound, startLeft - leftRange.lowerBound)
        add(endLeft, endRight, leftRange.upperBound - endLeft)
        return (startLeft..<endLeft, startRight..<endRight)
    }

    private mutating func add(_ left: Int, _ right: Int, _ count: Int) {
        if count > 0 { runs.append(Run(left: left, right: right, count: count)) }
    }

    // MARK: Anchors

    /// The longest ascending series of elements that occur once on each side.
    private static func anchors(
        _ left: [Int], _ leftRange: Range<Int>, _ right: [Int], _ rightRange: Range<Int>,
        _ isCancelled: () -> Bool
    ) -> [(Int, Int)] {
        var places: [Int: (left: Int, right: Int)] = [:]
        for at in leftRange {
            if at & 0xFFFF == 0xFFFF, isCancelled() { return [] }
            places[left[at]] = places[left[at]] == nil ? (at, -1) : (-1, -1)
        }
        for at in rightRange {
            if at & 0xFFFF == 0xFFFF, isCancelled() { return [] }
            guard let place = places[right[at]] else { continue }
            places[right[at]] = place.left >= 0 && place.right < 0 ? (place.left, at) : (-1, -1)
        }
        let pairs = places.values.filter { $0.left >= 0 && $0.right >= 0 }.sorted { $0.left < $1.left }
        // Patience: the top of each pile, and for each pair the one it lies on.
        var piles: [Int] = []
        var below = [Int](repeating: -1, count: pairs.count)
        for (index, pair) in pairs.enumerated() {
            if index & 0xFFFF == 0xFFFF, isCancelled() { return [] }
            var low = 0
            var high = piles.count
            while low < high {
                let middle = (low + high) / 2
                if pairs[piles[middle]].right < pair.right { low = middle + 1 } else { high = middle }
            }
            if low > 0 { below[index] = piles[low - 1] }
            if low == piles.count { piles.append(index) } else { piles[low] = index }
        }
        var series: [(Int, Int)] = []
        var at = piles.last ?? -1
        while at >= 0 {
            series.append((pairs[at].left, pairs[at].right))
            at = below[at]
        }
        return series.reversed()
    }

    // MARK: The shortest edit script

    private mutating func align(
        _ left: [Int], _ leftRange: Range<Int>, _ right: [Int], _ rightRange: Range<Int>, _ mostEdits: Int,
        _ isCancelled: () -> Bool
    ) {
        // Without a common element there is nothing to align.
        let known = Set(left[leftRange])
        guard right[rightRange].contains(where: known.contains) else { return }
        let (n, m) = (leftRange.count, rightRange.count)
        let (atLeft, atRight) = (leftRange.lowerBound, rightRange.lowerBound)
        var trace: [[Int]] = []
        var furthest = [1: 0]
        for edits in 0...min(n + m, mostEdits) {
            if edits & 0x3F == 0x3F, isCancelled() { return }
            var reached = [Int](repeating: 0, count: 2 * edits + 1)
            for diagonal in stride(from: -edits, through: edits, by: 2) {
                let isDown =
                    diagonal == -edits
                    || diagonal != edits && (furthest[diagonal - 1] ?? -1) < (furthest[diagonal + 1] ?? -1)
                var x = isDown ? furthest[diagonal + 1] ?? 0 : (furthest[diagonal - 1] ?? 0) + 1
                var y = x - diagonal
                while x < n, y < m, left[atLeft + x] == right[atRight + y] {
                    x += 1
                    y += 1
                }
                furthest[diagonal] = x
                reached[diagonal + edits] = x
                if x >= n, y >= m {
                    trace.append(reached)
                    return follow(trace, atLeft, atRight, n, m)
                }
            }
            trace.append(reached)
        }
        isBounded = true
    }

    /// Walks back from the end over the diagonals that were reached.
    private mutating func follow(_ trace: [[Int]], _ atLeft: Int, _ atRight: Int, _ n: Int, _ m: Int) {
        var (x, y) = (n, m)
        for edits in stride(from: trace.count - 1, through: 1, by: -1) {
            let before = trace[edits - 1]
            func reached(_ diagonal: Int) -> Int {
                abs(diagonal) <= edits - 1 ? before[diagonal + edits - 1] : -1
            }
            let diagonal = x - y
            let isDown =
                diagonal == -edits || diagonal != edits && reached(diagonal - 1) < reached(diagonal + 1)
            let startX = isDown ? reached(diagonal + 1) : reached(diagonal - 1)
            let startY = startX - (isDown ? diagonal + 1 : diagonal - 1)
            let (snakeX, snakeY) = isDown ? (startX, startY + 1) : (startX + 1, startY)
            add(atLeft + snakeX, atRight + snakeY, x - snakeX)
            (x, y) = (startX, startY)
        }
        add(atLeft, atRight, min(x, y))
    }

    /// Puts the runs in order and neighbours together.
    private mutating func join() {
        runs.sort { $0.left < $1.left }
        var joined: [Run] = []
        for run in runs {
            if let last = joined.last, last.left + last.count == run.left, last.right + last.count == run.right {
                joined[joined.count - 1].count += run.count
            } else {
                joined.append(run)
            }
        }
        runs = joined
    }
}
