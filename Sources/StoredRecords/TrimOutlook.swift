/// What cuts of a thread would meet, from one reading of it: it answers for
/// every number of messages to keep without reading again.
public struct TrimOutlook: Sendable, Hashable {
    /// Messages of the thread when it was read.
    public var count: Int
    /// 0-based place of the first system message.
    public var firstSystem: Int?
    /// 0-based place of the first user message.
    public var firstUser: Int?
    /// The cuts that part a tool call from its result, ascending and apart:
    /// cut `n` lies before the message at place `n`.
    public var parted: [Range<Int>]

    public init(count: Int, firstSystem: Int?, firstUser: Int?, parted: [Range<Int>]) {
        self.count = count
        self.firstSystem = firstSystem
        self.firstUser = firstUser
        self.parted = parted
    }

    /// The run of parted cuts a cut lies in; `nil` for a safe cut.
    public func run(at cut: Int) -> Range<Int>? {
        var low = 0
        var high = parted.count
        while low < high {
            let middle = (low + high) / 2
            if parted[middle].upperBound <= cut { low = middle + 1 } else { high = middle }
        }
        return low < parted.count && parted[low].contains(cut) ? parted[low] : nil
    }

    /// The numbers of messages to keep nearest to a cut that parts something, the greater first.
    public func safeKeeps(at cut: Int) -> [Int] {
        guard let run = run(at: cut) else { return [] }
        return [run.lowerBound - 1, run.upperBound].filter { $0 >= 0 && $0 < count }.map { count - $0 }
    }
}
