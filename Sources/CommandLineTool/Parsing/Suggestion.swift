/// Finds the word a mistyped one was most likely meant to be.
enum Suggestion {
    /// The nearest candidate, or `nil` when none is near enough to be meant.
    static func nearest(to word: String, among candidates: [String]) -> String? {
        let typed = Array(word.lowercased().prefix(64))
        var best: (word: String, distance: Int)?
        for candidate in candidates {
            let wanted = Array(candidate)
            var distance = distance(typed, wanted)
            if typed.count >= 2, wanted.starts(with: typed) { distance = min(distance, 1) }
            if distance <= max(1, wanted.count / 3), distance < best?.distance ?? .max {
                best = (candidate, distance)
            }
        }
        return best?.word
    }

    /// `; did you mean 'x'?`, or nothing.
    static func clause(for word: String, among candidates: [String]) -> String {
        nearest(to: word, among: candidates).map { "; did you mean '\($0)'?" } ?? ""
    }

    /// Number of insertions, deletions, replacements and swaps of neighbours
    /// between two words (optimal string alignment).
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var before: [Int] = []
        var previous = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let cost = left[row] == right[column] ? 0 : 1
                var value = min(previous[column + 1] + 1, current[column] + 1, previous[column] + cost)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    value = min(value, before[column - 1] + 1)
                }
                current.append(value)
            }
            before = previous
            previous = current
        }
        return previous.last ?? left.count
    }
}
