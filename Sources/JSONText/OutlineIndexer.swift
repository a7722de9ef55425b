/// Fills an outline's index while the document is read.
///
/// A frame is made for every container of the document, so frames are kept
/// small: where there is no key or record, they hold -1 in place of an optional.
struct OutlineIndexer: JSONVisitor, Sendable {
    private struct Frame {
        var start: Int
        var keyStart: Int
        var ordinal: Int
        var childCount = 0
        var lastCheckpoint: Int
        var spacing: Int
        var record: Int32 = -1
        var kind: JSONKind
    }

    private(set) var index: OutlineIndex
    /// The innermost open container; at first the document itself, which is never recorded.
    private var top: Frame
    private var below: ContiguousArray<Frame> = []
    private var keyStart = -1

    init(threshold: Int) {
        index = OutlineIndex(threshold: threshold)
        top = Frame(start: 0, keyStart: -1, ordinal: 0, lastCheckpoint: 0, spacing: .max, kind: .null)
    }

    var isFinished: Bool { false }

    /// Takes the counts of the containers that are still open into their records.
    mutating func updateOpenRecords() {
        for frame in below + [top] {
            if frame.record >= 0 { index.records[Int(frame.record)].childCount = frame.childCount }
        }
    }

    /// The value that is being read or comes next, for an error in the middle of the document.
    func path(in bytes: JSONBytes, includingNextElement: Bool) -> JSONPath {
        var components: [JSONPath.Component] = []
        let frames = (below + [top]).dropFirst()
        for frame in frames { append(frame.keyStart, frame.ordinal, in: bytes, to: &components) }
        if !frames.isEmpty {
            if top.kind == .object {
                if keyStart >= 0 { append(keyStart, 0, in: bytes, to: &components) }
            } else if includingNextElement {
                components.append(.index(top.childCount))
            }
        }
        return JSONPath(Array(components.dropFirst(frames.isEmpty ? 0 : 1)))
    }

    private func append(
        _ keyStart: Int, _ ordinal: Int, in bytes: JSONBytes, to components: inout [JSONPath.Component]
    ) {
        if keyStart >= 0, let end = try? bytes.stringEnd(keyStart + 1) {
            components.append(.key(JSONString(quoted: keyStart..<end + 1, in: bytes).text))
        } else {
            components.append(.index(ordinal))
        }
    }

    @inline(__always)
    mutating func key(_ range: Range<Int>) { keyStart = range.lowerBound }

    @inline(__always)
    mutating func scalar(_ kind: JSONKind, _ range: Range<Int>) {
        beginChild(at: keyStart >= 0 ? keyStart : range.lowerBound)
        keyStart = -1
    }

    @inline(__always)
    mutating func open(_ kind: JSONKind, at offset: Int) {
        beginChild(at: keyStart >= 0 ? keyStart : offset)
        let ordinal = top.childCount &- 1
        below.append(top)
        top = Frame(
            start: offset, keyStart: keyStart, ordinal: ordinal, lastCheckpoint: offset,
            spacing: index.spacing(atDepth: below.count), kind: kind)
        keyStart = -1
    }

    @inline(__always)
    mutating func close(_ kind: JSONKind, endingAt offset: Int) {
        if top.record >= 0 || offset &- top.start >= top.spacing { closeRecord(endingAt: offset) }
        if let outer = below.popLast() { top = outer }
    }

    @inline(__always)
    private mutating func beginChild(at offset: Int) {
        if offset &- top.lastCheckpoint >= top.spacing { addCheckpoint(at: offset) }
        top.childCount &+= 1
    }

    private mutating func addCheckpoint(at offset: Int) {
        top.lastCheckpoint = offset
        index.records[recordTop()].checkpoints.append(OutlineIndex.Checkpoint(ordinal: top.childCount, offset: offset))
    }

    private mutating func closeRecord(endingAt offset: Int) {
        let record = recordTop()
        index.records[record].end = offset
        index.records[record].childCount = top.childCount
    }

    /// Makes records of the innermost container and, before it, of all around it that have none.
    private mutating func recordTop() -> Int {
        if top.record >= 0 { return Int(top.record) }
        var first = below.count
        while first > 1, below[first - 1].record < 0 { first -= 1 }
        var parent = below[first - 1].record
        for level in first..<max(first, below.count) {
            parent = append(below[level], parent)
            below[level].record = parent
        }
        top.record = append(top, parent)
        return Int(top.record)
    }

    private mutating func append(_ frame: Frame, _ parent: Int32) -> Int32 {
        index.records.append(
            OutlineIndex.Record(
                kind: frame.kind, start: frame.start, end: nil, childCount: frame.childCount, ordinal: frame.ordinal,
                keyStart: frame.keyStart < 0 ? nil : frame.keyStart, parent: parent < 0 ? nil : Int(parent)))
        return Int32(truncatingIfNeeded: index.records.count - 1)
    }
}
