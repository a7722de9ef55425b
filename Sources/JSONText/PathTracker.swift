/// Keeps what is open while a document is read, so that a place in it has a path.
struct PathTracker: JSONVisitor {
    private struct Frame {
        var isObject: Bool
        /// The children that have ended.
        var childCount = 0
        /// The key whose value is being read, with its quotes.
        var key: Range<Int>?
    }

    private var frames: [Frame] = []

    var isFinished: Bool { false }

    mutating func key(_ range: Range<Int>) { frames[frames.count - 1].key = range }

    mutating func scalar(_ kind: JSONKind, _ range: Range<Int>) { endChild() }

    mutating func open(_ kind: JSONKind, at offset: Int) { frames.append(Frame(isObject: kind == .object)) }

    mutating func close(_ kind: JSONKind, endingAt offset: Int) {
        frames.removeLast()
        endChild()
    }

    private mutating func endChild() {
        guard !frames.isEmpty else { return }
        frames[frames.count - 1].childCount += 1
        frames[frames.count - 1].key = nil
    }

    /// The path of the value that is being read or comes next.
    func path(in bytes: JSONBytes, includingNextElement: Bool) -> JSONPath {
        var components: [JSONPath.Component] = []
        components.reserveCapacity(frames.count)
        for (level, frame) in frames.enumerated() {
            if frame.isObject {
                guard let key = frame.key else { break }
                components.append(.key(JSONString(quoted: key, in: bytes).text))
            } else if level < frames.count - 1 || includingNextElement {
                components.append(.index(frame.childCount))
            }
        }
        return JSONPath(components)
    }
}
