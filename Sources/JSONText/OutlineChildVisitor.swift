/// Tells the children of one container as nodes and stops at a child that has a record.
struct OutlineChildVisitor: JSONVisitor {
    /// The open containers, the one whose children are told included.
    private(set) var depth: Int
    /// The position of the next child.
    private(set) var ordinal: Int
    /// Where the next recorded child starts.
    private let recordStart: Int
    private let body: (JSONOutlineNode) -> Bool
    private var keyRange: Range<Int>?
    private var start = 0
    private var startKind = JSONKind.null
    private var grandchildren = 0

    /// Whether the reading stopped behind the bracket of the child at `recordStart`.
    private(set) var isAtRecord = false
    /// Whether `body` has asked for no more children.
    private(set) var isSatisfied = false

    init(depth: Int, ordinal: Int, recordStart: Int, body: @escaping (JSONOutlineNode) -> Bool) {
        self.depth = depth
        self.ordinal = ordinal
        self.recordStart = recordStart
        self.body = body
    }

    var isFinished: Bool { isAtRecord || isSatisfied }

    mutating func key(_ range: Range<Int>) {
        if depth == 1 { keyRange = range }
    }

    mutating func scalar(_ kind: JSONKind, _ range: Range<Int>) {
        if depth == 1 {
            tell(kind, range.lowerBound, range.upperBound, nil)
        } else if depth == 2 {
            grandchildren += 1
        }
    }

    mutating func open(_ kind: JSONKind, at offset: Int) {
        if depth == 1 {
            start = offset
            startKind = kind
            grandchildren = 0
            if offset == recordStart {
                isAtRecord = true
                return
            }
        } else if depth == 2 {
            grandchildren += 1
        }
        depth += 1
    }

    mutating func close(_ kind: JSONKind, endingAt offset: Int) {
        depth -= 1
        if depth == 1 { tell(kind, start, offset, grandchildren) }
    }

    /// Tells the child in whose middle the reading has come to its limit.
    mutating func tellUnfinished(string: Int?) {
        if depth > 1 {
            tell(startKind, start, nil, grandchildren)
        } else if depth == 1, let string {
            tell(.string, string, nil, nil)
        }
    }

    private mutating func tell(_ kind: JSONKind, _ start: Int, _ end: Int?, _ childCount: Int?) {
        let node = JSONOutlineNode(
            kind: kind, start: start, end: end, key: keyRange, ordinal: ordinal, childCount: childCount)
        ordinal += 1
        isSatisfied = !body(node)
    }

    /// The key of the child at whose record the reading stopped.
    var recordKey: Range<Int>? { isAtRecord ? keyRange : nil }
}
