/// How well what was typed fits a name; used for completion only, never to choose what to act on.
enum FuzzyMatch {
    /// Lower is better; `nil` when the letters do not occur in this order.
    static func rank(_ typed: String, in name: String) -> Int? {
        if typed.isEmpty { return 1 }
        let typed = Array(typed.lowercased())
        let name = Array(name.lowercased())
        if typed == name { return 0 }
        if name.starts(with: typed) { return 1 }
        guard let first = firstPlace(of: typed, in: name) else { return spread(typed, name) }
        return first > 0 && name[first - 1] == "-" ? 2 : 3
    }

    /// The names nearest to a word that is none of them, at most `count`.
    static func nearest(to word: String, in names: [String], count: Int) -> [String] {
        let ranked = names.enumerated().compactMap { place, name -> (Int, Int, String)? in
            let distance = distance(word.lowercased(), name.lowercased())
            if let rank = rank(word, in: name) { return (min(rank - 5, distance), place, name) }
            // Half of the letters wrong is another word.
            return distance * 2 <= max(2, word.count) ? (distance, place, name) : nil
        }
        return ranked.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.prefix(count).map(\.2)
    }

    private static func firstPlace(of part: [Character], in all: [Character]) -> Int? {
        guard part.count <= all.count else { return nil }
        var inside: Int?
        for start in 0...(all.count - part.count) where all[start..<start + part.count].elementsEqual(part) {
            // The beginning of a part of the name counts for more than an earlier place within one.
            if start > 0, all[start - 1] == "-" { return start }
            inside = inside ?? start
        }
        return inside
    }

    private static func spread(_ typed: [Character], _ name: [Character]) -> Int? {
        var rest = name[...]
        for character in typed {
            guard let index = rest.firstIndex(of: character) else { return nil }
            rest = rest[(index + 1)...]
        }
        return 4
    }

    /// How many letters are to be put in, left out, changed or swapped with the next one.
    private static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.prefix(40))
        let right = Array(right.prefix(40))
        var before: [Int] = []
        var last = Array(0...right.count)
        for (row, character) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var best = min(last[column + 1] + 1, current[column] + 1, last[column] + (character == other ? 0 : 1))
                if row > 0, column > 0, character == right[column - 1], left[row - 1] == other {
                    best = min(best, before[column - 1] + 1)
                }
                current.append(best)
            }
            before = last
            last = current
        }
        return last.last ?? 0
    }
}
