/// Finds values in the bytes of a document without building a tree.
///
/// A scanner neither copies nor owns the bytes; they must outlive it. What it
/// reads it checks in full, so a look-up in a document that is not valid fails
/// with the error that `JSONValue.parse` would give. Memory does not grow with
/// the document, except for the spans asked for.
public struct JSONScanner {
    private let bytes: UnsafeRawBufferPointer
    private let limits: JSONLimits

    public init(_ bytes: UnsafeRawBufferPointer, limits: JSONLimits = .default) {
        self.bytes = bytes
        self.limits = limits
    }

    /// The value of the whole document, white space around it left out.
    public func root() throws(JSONError) -> JSONSpan {
        guard let root = try locate([.root])[0] else { throw JSONError(kind: .empty, offset: 0) }
        return root
    }

    /// The value at a path, or nil when a valid document has none there.
    public func locate(_ path: JSONPath) throws(JSONError) -> JSONSpan? {
        try locate([path])[0]
    }

    /// The values at several paths, found in one pass over the bytes, in the order asked for.
    ///
    /// Of duplicate keys the last one is found. Containers come with their child counts.
    public func locate(_ paths: [JSONPath]) throws(JSONError) -> [JSONSpan?] {
        let text = try text()
        var locator = PathLocator(paths, in: text)
        try run(&locator, in: text)
        return locator.spans
    }

    /// Reads the whole document and only tells whether it is valid.
    public func validate() throws(JSONError) {
        let text = try text()
        var nothing = IgnoringVisitor()
        try run(&nothing, in: text)
    }

    /// The elements or members of a container that this scanner found, in their order; none for a scalar.
    public func children(of container: JSONSpan) throws(JSONError) -> [JSONSpan] {
        var children: [JSONSpan] = []
        if let count = container.childCount { children.reserveCapacity(count) }
        try forEachChild(of: container) { child in
            children.append(child)
            return true
        }
        return children
    }

    /// Tells the elements or members of a container one by one until `body` returns false.
    public func forEachChild(of container: JSONSpan, _ body: (JSONSpan) -> Bool) throws(JSONError) {
        guard container.kind.isContainer else { return }
        let text = try text()
        try withoutActuallyEscaping(body) { body throws(JSONError) in
            var visitor = ChildVisitor(body: body)
            var grammar = JSONGrammar(valueAt: container.range.lowerBound)
            do throws(JSONFault) {
                try grammar.run(text, &visitor)
            } catch {
                throw error.located(in: text)
            }
        }
    }

    /// The bytes of a value.
    public func bytes(of span: JSONSpan) -> UnsafeRawBufferPointer { slice(span.range) }

    /// The decoded key of a member; nil when the value is not one.
    public func key(of span: JSONSpan) -> String? {
        guard let key = span.key, let text = JSONBytes(bytes) else { return nil }
        return JSONString(quoted: key, in: text).text
    }

    /// The value of a span as a tree.
    public func value(of span: JSONSpan) throws(JSONError) -> JSONValue {
        try JSONValue.parse(bytes(of: span), limits: limits)
    }

    private func slice(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[range.clamped(to: 0..<bytes.count)])
    }

    private func text() throws(JSONError) -> JSONBytes {
        guard let text = JSONBytes(bytes) else { throw JSONError(kind: .empty, offset: 0) }
        return text
    }

    private func run(_ visitor: inout some JSONVisitor, in text: JSONBytes) throws(JSONError) {
        var grammar = JSONGrammar(depthLimit: limits.depth)
        do {
            try grammar.run(text, &visitor)
        } catch {
            throw error.located(in: text)
        }
    }
}

/// Learns nothing; what is left of a reading is the check.
struct IgnoringVisitor: JSONVisitor {
    var isFinished: Bool { false }
    mutating func key(_ range: Range<Int>) {}
    mutating func scalar(_ kind: JSONKind, _ range: Range<Int>) {}
    mutating func open(_ kind: JSONKind, at offset: Int) {}
    mutating func close(_ kind: JSONKind, endingAt offset: Int) {}
}

/// Tells the direct children of the container that is read, and counts theirs.
private struct ChildVisitor: JSONVisitor {
    let body: (JSONSpan) -> Bool
    var isFinished = false
    private var depth = 0
    private var keyRange: Range<Int>?
    private var start = 0
    private var grandchildren = 0

    init(body: @escaping (JSONSpan) -> Bool) { self.body = body }

    mutating func key(_ range: Range<Int>) {
        if depth == 1 { keyRange = range }
    }

    mutating func scalar(_ kind: JSONKind, _ range: Range<Int>) {
        if depth == 1 { tell(JSONSpan(kind: kind, range: range, key: keyRange)) }
        if depth == 2 { grandchildren += 1 }
    }

    mutating func open(_ kind: JSONKind, at offset: Int) {
        if depth == 1 {
            start = offset
            grandchildren = 0
        }
        if depth == 2 { grandchildren += 1 }
        depth += 1
    }

    mutating func close(_ kind: JSONKind, endingAt offset: Int) {
        depth -= 1
        if depth == 1 {
            tell(JSONSpan(kind: kind, range: start..<offset, key: keyRange, childCount: grandchildren))
        }
    }

    private mutating func tell(_ span: JSONSpan) {
        keyRange = nil
        isFinished = !body(span)
    }
}
