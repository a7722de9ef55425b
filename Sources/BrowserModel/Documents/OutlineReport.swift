public import JSONText

/// The index of a JSON document as far as it has been made.
public struct OutlineReport: Sendable, Equatable {
    public var outline: JSONOutline

    public init(_ outline: JSONOutline) {
        self.outline = outline
    }

    /// Two reports on a document are the same when they have read equally far.
    public static func == (left: OutlineReport, right: OutlineReport) -> Bool {
        left.outline.readCount == right.outline.readCount && left.outline.isFinished == right.outline.isFinished
            && left.outline.region.count == right.outline.region.count
    }
}

/// A search through the keys and values of a JSON document.
public struct TreeSearch: Sendable, Equatable {
    public var report: OutlineReport
    public var needle: String
    /// Forwards, what begins here or behind counts; backwards, what begins before.
    public var from: Int
    public var isForward: Bool

    /// The key or value found next, as bytes of the document; `nil` when there is none.
    public func run(isCancelled: () -> Bool) -> Range<Int>? {
        let ignoresCase = !needle.contains(where: \.isUppercase)
        var search = JSONSearch(needle, ignoresCase: ignoresCase, isForward ? .forward : .backward, from: from)
        while !isCancelled() {
            switch report.outline.step(&search) {
            case .found(let match): return match.range
            case .searching: continue
            case .waiting, .exhausted: return nil
            }
        }
        return nil
    }
}
