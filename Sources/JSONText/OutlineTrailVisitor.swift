/// Finds the values around an offset, from the outermost to the innermost.
///
/// The innermost is the value that the offset is in, or whose key it is in;
/// between values, the container.
struct OutlineTrailVisitor: JSONVisitor {
    private let offset: Int
    private(set) var nodes: [JSONOutlineNode]
    private(set) var isFinished = false
    private var keyRange: Range<Int>?
    private var isNextMeant = false

    /// - Parameter container: The container that the reading begins inside of.
    init(to offset: Int, in container: JSONOutlineNode?) {
        self.offset = offset
        nodes = container.map { [$0] } ?? []
    }

    mutating func key(_ range: Range<Int>) {
        keyRange = range
        isNextMeant = range.contains(offset)
        isFinished = range.lowerBound > offset
    }

    mutating func scalar(_ kind: JSONKind, _ range: Range<Int>) {
        if isNextMeant || range.contains(offset) {
            add(kind, range.lowerBound, range.upperBound)
            isFinished = true
        } else if range.lowerBound > offset {
            isFinished = true
        } else {
            keyRange = nil
            countChild()
        }
    }

    mutating func open(_ kind: JSONKind, at start: Int) {
        guard isNextMeant || start <= offset else {
            isFinished = true
            return
        }
        add(kind, start, nil)
        isFinished = isNextMeant || start == offset
    }

    mutating func close(_ kind: JSONKind, endingAt end: Int) {
        if end > offset {
            isFinished = true
        } else {
            nodes.removeLast()
            countChild()
        }
    }

    /// Takes in the string in whose middle the reading has come to its limit.
    mutating func addUnfinished(string: Int) {
        if !isFinished, isNextMeant || string <= offset { add(.string, string, nil) }
    }

    private mutating func add(_ kind: JSONKind, _ start: Int, _ end: Int?) {
        let ordinal = nodes.last?.childCount ?? 0
        nodes.append(
            JSONOutlineNode(
                kind: kind, start: start, end: end, key: keyRange, ordinal: ordinal,
                childCount: kind.isContainer ? 0 : nil))
        keyRange = nil
    }

    /// While the reading goes on, the count of an open container is the position of its next child.
    private mutating func countChild() {
        if let count = nodes.last?.childCount { nodes[nodes.count - 1].childCount = count + 1 }
    }
}
