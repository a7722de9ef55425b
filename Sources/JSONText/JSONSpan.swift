/// Where a value stands in the bytes of a document.
public struct JSONSpan: Sendable, Hashable {
    public var kind: JSONKind
    /// The bytes of the value, quotes or brackets included.
    public var range: Range<Int>
    /// The bytes of the key with its quotes, when the value is a member of an object.
    public var key: Range<Int>?
    /// How many elements or members there are, duplicates counted; nil for a scalar or when nobody counted.
    public var childCount: Int?

    public init(kind: JSONKind, range: Range<Int>, key: Range<Int>? = nil, childCount: Int? = nil) {
        self.kind = kind
        self.range = range
        self.key = key
        self.childCount = childCount
    }

    /// The bytes from the key, or else from the value, to the end of the value.
    var outer: Range<Int> { (key?.lowerBound ?? range.lowerBound)..<range.upperBound }
}
