/// One value of an outlined document, as a row of a tree shows it.
///
/// A node is identified by where its value starts, which never changes while
/// the document stays as it is. What is not known yet, because the reading has
/// not come that far, is nil and can be asked for again later.
public struct JSONOutlineNode: Sendable, Hashable, Identifiable {
    public var kind: JSONKind
    /// Where the value begins, behind its key.
    public var start: Int
    /// Where the value ends; nil while that has not been read.
    public var end: Int?
    /// The bytes of the key with its quotes, when the value is a member of an object.
    public var key: Range<Int>?
    /// The position among the children of the container, from 0; 0 for the root.
    public var ordinal: Int
    /// How many elements or members there are, as far as they have been read; nil for a scalar.
    public var childCount: Int?

    public var id: Int { start }

    /// Whether the value has been read to its end, so that `childCount` is final.
    public var isComplete: Bool { end != nil }

    /// The length of the value when it is known.
    public var byteCount: Int? { end.map { $0 - start } }

    public init(kind: JSONKind, start: Int, end: Int?, key: Range<Int>?, ordinal: Int, childCount: Int?) {
        self.kind = kind
        self.start = start
        self.end = end
        self.key = key
        self.ordinal = ordinal
        self.childCount = childCount
    }
}
