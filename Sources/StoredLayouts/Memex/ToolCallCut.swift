internal import StoredRecords

/// Where a list of messages may be cut such that no tool call is parted from
/// its result.
///
/// A result that names no call belongs to the last message before it that is
/// no result.
struct ToolCallCut: Sendable {
    struct Entry: Sendable, Hashable {
        /// Ids of the calls the message makes.
        var calls: [String]
        var isResult: Bool
        /// The calls a result answers, when it says so.
        var answers: [String]

        init(calls: [String], isResult: Bool, answers: [String]) {
            self.calls = calls
            self.isResult = isResult
            self.answers = answers
        }

        /// Calls and results are stored beside a content or among its parts.
        ///
        /// - Parameter isResult: whether the message as a whole answers a call.
        init(calls: [ToolCall], isResult: Bool, answers: String?, content: [ContentBlock]) {
            let parts = content.compactMap(\.toolCall)
            self.calls = (calls + parts).compactMap(\.id)
            // What a server's tool answers stands beside its call.
            let results = content.compactMap(\.toolResult)
            let others = results.compactMap(\.callID).filter { id in !parts.contains { $0.id == id } }
            self.answers = [answers].compactMap { $0 } + others
            self.isResult = isResult || !others.isEmpty || results.contains { $0.callID == nil }
        }
    }

    /// For each gap between messages, whether a cut there parts something:
    /// gap g lies before message g.
    private let parts: [Bool]

    init(_ entries: [Entry]) {
        var parts = [Bool](repeating: false, count: entries.count + 1)
        var caller: Int?
        var callers: [String: Int] = [:]
        for (index, entry) in entries.enumerated() {
            if entry.isResult {
                let known = entry.answers.compactMap { callers[$0] }.min()
                // A result whose call is out of sight stays with what is before it.
                let from = known ?? caller ?? -1
                for gap in (from + 1)...max(from + 1, index) where gap <= index { parts[gap] = true }
            } else {
                caller = index
            }
            for call in entry.calls { callers[call] = index }
        }
        self.parts = parts
    }

    func isSafe(_ gap: Int) -> Bool { !parts[gap] }

    /// The gaps that are not safe, as runs.
    var partedRuns: [Range<Int>] {
        var runs: [Range<Int>] = []
        var start: Int?
        for gap in parts.indices {
            if parts[gap] {
                start = start ?? gap
            } else if let from = start {
                runs.append(from..<gap)
                start = nil
            }
        }
        if let start { runs.append(start..<parts.count) }
        return runs
    }

    /// The nearest safe gaps before and behind this one, which itself is none.
    /// - Returns: `nil` for a side that has none in sight.
    func nearest(to gap: Int) -> (before: Int?, behind: Int?) {
        let before = stride(from: gap - 1, through: 0, by: -1).first { !parts[$0] }
        let behind = stride(from: gap + 1, to: parts.count, by: 1).first { !parts[$0] }
        return (before, behind)
    }

    /// The count nearest to `keep`; of two the one that keeps more.
    static func nearest(_ safeKeeps: [Int], to keep: Int) -> Int? {
        safeKeeps.min { (abs($0 - keep), -$0) < (abs($1 - keep), -$1) }
    }
}
