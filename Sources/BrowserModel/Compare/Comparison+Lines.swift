internal import StoredRecords

extension Comparison {
    /// Equal lines that are shown before and behind a difference.
    private static let context = 3
    /// Lines of a document that are aligned.
    private static let mostLines = 5_000_000

    /// Compares two texts line by line.
    ///
    /// - Returns: Whether it came to its end.
    mutating func compareLines(
        _ left: StoredBytes, _ right: StoredBytes, section: Int, _ isCancelled: () -> Bool, _ report: (Int) -> Void
    ) -> Bool {
        guard let mine = Lines(left, Self.mostLines, isCancelled),
            let theirs = Lines(right, Self.mostLines, isCancelled)
        else { return false }
        if mine.isCut || theirs.isCut {
            notes.append("the first \(Words.grouped(Self.mostLines)) lines are compared")
        }
        report(left.count + right.count)
        let diff = SequenceDiff(mine.tokens, theirs.tokens, isCancelled: isCancelled)
        if diff.isCancelled { return false }
        if diff.isBounded { note("where they differ much, whole stretches are shown as removed and added", section) }
        var (atLeft, atRight) = (0, 0)
        for (index, run) in diff.runs.enumerated() {
            addGap(atLeft..<run.left, mine, atRight..<run.right, theirs, section)
            let isFirst = atLeft == 0 && atRight == 0 && run.left == 0 && run.right == 0
            let isLast =
                index == diff.runs.count - 1 && run.left + run.count == mine.count
                && run.right + run.count == theirs.count
            addSame(run, mine, theirs, section, before: isLast ? 0 : Self.context, after: isFirst ? 0 : Self.context)
            atLeft = run.left + run.count
            atRight = run.right + run.count
        }
        addGap(atLeft..<mine.count, mine, atRight..<theirs.count, theirs, section)
        return true
    }

    private mutating func addGap(
        _ left: Range<Int>, _ mine: Lines, _ right: Range<Int>, _ theirs: Lines, _ section: Int
    ) {
        guard !left.isEmpty || !right.isEmpty else { return }
        // As many lines on both sides: each was made from the one at its place.
        let isPaired = left.count == right.count
        removed += left.count
        added += right.count
        var isFirst = true
        for number in left {
            if isFull { return }
            let twin = isPaired ? theirs.ranges[right.lowerBound + number - left.lowerBound] : nil
            append(
                .line(left: DiffRow.Line(number: number, range: mine.ranges[number]), right: nil, twin: twin), .removed,
                section: section, depth: 1, isDifference: isFirst)
            isFirst = false
        }
        for number in right {
            if isFull { return }
            let twin = isPaired ? mine.ranges[left.lowerBound + number - right.lowerBound] : nil
            append(
                .line(left: nil, right: DiffRow.Line(number: number, range: theirs.ranges[number]), twin: twin), .added,
                section: section, depth: 1, isDifference: isFirst)
            isFirst = false
        }
    }

    private mutating func addSame(
        _ run: SequenceDiff.Run, _ mine: Lines, _ theirs: Lines, _ section: Int, before: Int, after: Int
    ) {
        func line(_ step: Int) -> DiffRow.Content {
            .line(
                left: DiffRow.Line(number: run.left + step, range: mine.ranges[run.left + step]),
                right: DiffRow.Line(number: run.right + step, range: theirs.ranges[run.right + step]), twin: nil)
        }
        let folded = run.count - before - after
        // A single line takes no more room than the row that says it is folded.
        guard folded > 1 else {
            for step in 0..<run.count where !isFull { append(line(step), .same, section: section, depth: 1) }
            return
        }
        for step in 0..<after where !isFull { append(line(step), .same, section: section, depth: 1) }
        if !isFull {
            append(
                .sameLines(
                    left: DiffRow.Line(number: run.left + after, range: mine.ranges[run.left + after]),
                    right: DiffRow.Line(number: run.right + after, range: theirs.ranges[run.right + after]),
                    count: folded), .same, section: section, depth: 1)
        }
        for step in run.count - before..<run.count where !isFull {
            append(line(step), .same, section: section, depth: 1)
        }
    }

    /// The lines of a text, each with a number that is the same for equal lines.
    private struct Lines {
        var ranges: [Range<Int>] = []
        var tokens: [Int] = []
        var isCut = false
        var count: Int { ranges.count }

        init?(_ bytes: StoredBytes, _ most: Int, _ isCancelled: () -> Bool) {
            let isWhole = bytes.withBytes { buffer in
                var start = 0
                var asked = 0
                while start < buffer.count {
                    if start - asked >= ByteDifference.pieceBytes {
                        asked = start
                        if isCancelled() { return false }
                    }
                    if ranges.count == most {
                        isCut = true
                        return true
                    }
                    let next = ByteSearch.first(10, in: buffer, from: start) ?? buffer.count
                    let end = next > start && buffer[next - 1] == 13 ? next - 1 : next
                    var hasher = Hasher()
                    hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: buffer[start..<end]))
                    ranges.append(start..<end)
                    tokens.append(hasher.finalize())
                    start = next + 1
                }
                return true
            }
            guard isWhole else { return nil }
        }
    }
}
