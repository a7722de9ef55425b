/// Builds a tree of values from what the grammar tells.
///
/// Values whose container is still open wait on one of two stacks; a container
/// that ends moves its own off the top, so that every array of the tree is
/// allocated once, at its exact size. Whoever makes a builder deallocates it.
struct TreeBuilder: JSONVisitor {
    private let bytes: JSONBytes
    private var elements = MovingStack<JSONValue>()
    private var members = MovingStack<JSONMember>()
    private var containers = MovingStack<Container>()
    private var innermost = Container(isObject: false, start: 0)

    private struct Container {
        var isObject: Bool
        /// The height of the stack of its children when it was opened.
        var start: Int
    }

    init(_ bytes: JSONBytes) { self.bytes = bytes }

    /// The value of the document, once the grammar has read it all.
    var root: JSONValue { elements.last ?? .null }

    func deallocate() {
        elements.deallocate()
        members.deallocate()
        containers.deallocate()
    }

    var isFinished: Bool { false }

    mutating func key(_ range: Range<Int>) {
        members.push(JSONMember(key: JSONString(quoted: range, in: bytes), value: .null))
    }

    @inline(__always)
    mutating func scalar(_ kind: JSONKind, _ range: Range<Int>) {
        switch kind {
        case .string: add(.string(JSONString(quoted: range, in: bytes)))
        case .number: add(.number(JSONNumber(range, in: bytes)))
        case .bool: add(.bool(bytes[range.lowerBound] == 0x74))
        case .null, .array, .object: add(.null)
        }
    }

    mutating func open(_ kind: JSONKind, at offset: Int) {
        containers.push(innermost)
        innermost = Container(isObject: kind == .object, start: kind == .object ? members.count : elements.count)
    }

    mutating func close(_ kind: JSONKind, endingAt offset: Int) {
        let ended = innermost
        if let outer = containers.pop() { innermost = outer }
        if ended.isObject {
            add(.object(members.popAll(above: ended.start)))
        } else {
            add(.array(elements.popAll(above: ended.start)))
        }
    }

    @inline(__always)
    private mutating func add(_ value: consuming JSONValue) {
        if innermost.isObject {
            members.updateLast { $0.value = value }
        } else {
            elements.push(value)
        }
    }
}

/// A stack that hands out its top as an array without copying the elements.
///
/// The memory is its owner's to deallocate: a non-copyable type with a
/// `deinit` would do that by itself, but the compiler's debug mode cannot pass
/// one through the generic grammar.
struct MovingStack<Element> {
    private var base: UnsafeMutablePointer<Element>
    private var capacity = 16
    private(set) var count = 0

    init() { base = .allocate(capacity: capacity) }

    func deallocate() {
        base.deinitialize(count: count)
        base.deallocate()
    }

    var last: Element? { count > 0 ? base[count - 1] : nil }

    @inline(__always)
    mutating func push(_ element: consuming Element) {
        if count == capacity { grow() }
        (base + count).initialize(to: element)
        count &+= 1
    }

    @inline(__always)
    mutating func pop() -> Element? {
        guard count > 0 else { return nil }
        count &-= 1
        return (base + count).move()
    }

    @inline(__always)
    mutating func updateLast(_ body: (inout Element) -> Void) {
        if count > 0 { body(&base[count - 1]) }
    }

    mutating func popAll(above start: Int) -> [Element] {
        let length = count - start
        guard length > 0 else { return [] }
        count = start
        return Array(unsafeUninitializedCapacity: length) { buffer, initialized in
            buffer.baseAddress?.moveInitialize(from: base + start, count: length)
            initialized = length
        }
    }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
        larger.moveInitialize(from: base, count: count)
        base.deallocate()
        base = larger
        capacity *= 2
    }
}
