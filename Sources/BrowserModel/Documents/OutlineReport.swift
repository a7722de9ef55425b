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
