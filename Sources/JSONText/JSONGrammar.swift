/// What is told of a document while `JSONGrammar` reads it, in the order of the text.
///
/// Ranges of strings and keys include the quotes. A visitor that sets
/// `isFinished` stops the reading behind the token it was told last.
protocol JSONVisitor {
    var isFinished: Bool { get }
    mutating func key(_ range: Range<Int>)
    mutating func scalar(_ kind: JSONKind, _ range: Range<Int>)
    mutating func open(_ kind: JSONKind, at offset: Int)
    mutating func close(_ kind: JSONKind, endingAt offset: Int)
}

/// The grammar of RFC 8259 as a machine that can pause and go on.
///
/// There is one such machine in the module; trees, scanners, splices and
/// outlines are visitors of it, so all of them accept the same texts. Nesting
/// is kept in a stack of bits, never on the call stack.
struct JSONGrammar {
    /// What may stand at `offset`.
    enum Expectation: UInt8 {
        case value, firstElement, firstKey, key, colon, commaOrEnd, restOfString, restOfKey, end, finished
    }

    private(set) var offset: Int
    private(set) var expectation: Expectation
    private var nesting = NestingStack()
    /// Where the string or key that the machine paused in begins.
    private var tokenStart = 0
    private let depthLimit: Int
    /// Whether bytes may follow the value, as they do when one value of a document is read alone.
    private let isPartOfDocument: Bool

    /// Reads a whole document.
    init(depthLimit: Int) {
        offset = 0
        expectation = .value
        self.depthLimit = depthLimit
        isPartOfDocument = false
    }

    /// Reads the one value that begins at or behind `offset`.
    init(valueAt offset: Int) {
        self.offset = offset
        expectation = .value
        depthLimit = .max
        isPartOfDocument = true
    }

    /// Reads on in a container up to its end.
    ///
    /// `offset` is where a child begins (in an object, its key) or, when
    /// `isBehindChild`, anywhere between the end of one and the comma behind it.
    init(resumingIn kind: JSONKind, at offset: Int, isBehindChild: Bool) {
        self.offset = offset
        expectation = isBehindChild ? .commaOrEnd : kind == .object ? .key : .value
        nesting.push(isObject: kind == .object)
        depthLimit = .max
        isPartOfDocument = true
    }

    /// Whether the value, and of a whole document the text, has been read to its end.
    var isAtEnd: Bool { expectation == .finished }

    /// Where the string begins that the machine stands in the middle of, when it does and the string is a value.
    var unfinishedString: Int? { expectation == .restOfString ? tokenStart : nil }

    /// Where the machine would have to begin to read the token again that it stands in the middle of.
    var tokenOffset: Int { expectation == .restOfString || expectation == .restOfKey ? tokenStart : offset }

    /// Reads up to the end, or to the first token that begins at or after `pause`.
    ///
    /// Strings are left in the middle from `stringPause` on. On a fault the
    /// machine stays as it was when it was last called, while the visitor knows
    /// all that stands before the fault.
    @inline(__always)
    mutating func run<Visitor: JSONVisitor>(
        _ bytes: JSONBytes, _ visitor: inout Visitor, pause: Int = .max, stringPause: Int = .max
    ) throws(JSONFault) {
        var index = offset
        var state = expectation
        var stack = nesting
        var start = tokenStart

        if index == 0, !isPartOfDocument, state == .value { try refuseForeignEncoding(bytes) }

        reading: while index < pause, !visitor.isFinished {
            switch state {
            case .value, .firstElement:
                index = bytes.skipWhitespace(index)
                guard index < bytes.count else {
                    let isEmpty = stack.count == 0
                    throw JSONFault(kind: isEmpty ? .empty : .unexpectedEnd, offset: bytes.count)
                }
                switch bytes[index] {
                case 0x22:
                    start = index
                    let end = try valueEnd(bytes, index + 1, stringPause, start)
                    if bytes[end] != 0x22 {
                        index = end
                        state = .restOfString
                        continue reading
                    }
                    index = end + 1
                    visitor.scalar(.string, start..<index)
                case 0x7B:
                    guard stack.count < depthLimit else { throw JSONFault(kind: .tooDeep, offset: index) }
                    visitor.open(.object, at: index)
                    stack.push(isObject: true)
                    index += 1
                    state = .firstKey
                    continue reading
                case 0x5B:
                    guard stack.count < depthLimit else { throw JSONFault(kind: .tooDeep, offset: index) }
                    visitor.open(.array, at: index)
                    stack.push(isObject: false)
                    index += 1
                    state = .firstElement
                    continue reading
                case 0x2D, 0x30...0x39:
                    let end = try bytes.numberEnd(index)
                    visitor.scalar(.number, index..<end)
                    index = end
                case 0x74:
                    let end = try bytes.literalEnd(index, "true")
                    visitor.scalar(.bool, index..<end)
                    index = end
                case 0x66:
                    let end = try bytes.literalEnd(index, "false")
                    visitor.scalar(.bool, index..<end)
                    index = end
                case 0x6E:
                    let end = try bytes.literalEnd(index, "null")
                    visitor.scalar(.null, index..<end)
                    index = end
                case 0x5D where state == .firstElement:
                    index += 1
                    stack.pop()
                    visitor.close(.array, endingAt: index)
                default:
                    throw missingValue(bytes, index, isInArray: stack.count > 0 && !stack.isObject)
                }
                state = stack.count == 0 ? .end : .commaOrEnd

            case .firstKey, .key:
                index = bytes.skipWhitespace(index)
                guard index < bytes.count else { throw JSONFault(kind: .unexpectedEnd, offset: bytes.count) }
                if bytes[index] == 0x22 {
                    start = index
                    let end = try bytes.stringEnd(index + 1, pause: stringPause)
                    if bytes[end] != 0x22 {
                        index = end
                        state = .restOfKey
                        continue reading
                    }
                    index = end + 1
                    visitor.key(start..<index)
                    state = .colon
                } else if bytes[index] == 0x7D, state == .firstKey {
                    index += 1
                    stack.pop()
                    visitor.close(.object, endingAt: index)
                    state = stack.count == 0 ? .end : .commaOrEnd
                } else {
                    throw missingKey(bytes, index)
                }

            case .colon:
                index = bytes.skipWhitespace(index)
                guard index < bytes.count else { throw JSONFault(kind: .unexpectedEnd, offset: bytes.count) }
                guard bytes[index] == 0x3A else { throw JSONFault(kind: .expectedColon, offset: index) }
                index += 1
                state = .value

            case .commaOrEnd:
                index = bytes.skipWhitespace(index)
                guard index < bytes.count else { throw JSONFault(kind: .unexpectedEnd, offset: bytes.count) }
                let byte = bytes[index]
                let isObject = stack.isObject
                if byte == 0x2C {
                    index += 1
                    state = isObject ? .key : .value
                } else if byte == (isObject ? 0x7D : 0x5D) {
                    index += 1
                    stack.pop()
                    visitor.close(isObject ? .object : .array, endingAt: index)
                    if stack.count == 0 { state = .end }
                } else {
                    throw JSONFault(kind: .expectedCommaOrEnd, offset: index)
                }

            case .restOfString, .restOfKey:
                let end = try valueEnd(bytes, index, stringPause, start)
                index = end
                guard bytes[end] == 0x22 else { continue reading }
                index = end + 1
                if state == .restOfKey {
                    visitor.key(start..<index)
                    state = .colon
                } else {
                    visitor.scalar(.string, start..<index)
                    state = stack.count == 0 ? .end : .commaOrEnd
                }

            case .end:
                if !isPartOfDocument {
                    index = bytes.skipWhitespace(index)
                    if index < bytes.count { throw JSONFault(kind: .trailingContent, offset: index) }
                }
                state = .finished
                break reading

            case .finished: break reading
            }
        }
        offset = index
        expectation = state
        nesting = stack
        tokenStart = start
    }

    /// The end of a string value; a fault in it names where the string begins.
    @inline(__always)
    private func valueEnd(
        _ bytes: JSONBytes, _ index: Int, _ pause: Int, _ start: Int
    ) throws(JSONFault) -> Int {
        do throws(JSONFault) {
            return try bytes.stringEnd(index, pause: pause)
        } catch {
            throw JSONFault(kind: error.kind, offset: error.offset, string: start)
        }
    }

    private func refuseForeignEncoding(_ bytes: JSONBytes) throws(JSONFault) {
        guard bytes.count >= 2 else { return }
        switch (bytes[0], bytes[1]) {
        case (0xEF, 0xBB) where bytes.count >= 3 && bytes[2] == 0xBF:
            throw JSONFault(kind: .byteOrderMark, offset: 0)
        case (0xFE, 0xFF), (0xFF, 0xFE), (0, _), (_, 0):
            throw JSONFault(kind: .notUTF8, offset: 0)
        default: return
        }
    }

    /// Names the fault where a value must stand and none does.
    private func missingValue(_ bytes: JSONBytes, _ index: Int, isInArray: Bool) -> JSONFault {
        switch bytes[index] {
        case 0x5D where isInArray: JSONFault(kind: .trailingComma, offset: index)
        case 0x27: JSONFault(kind: .singleQuote, offset: index)
        case 0x2F: JSONFault(kind: .comment, offset: index)
        case 0x4E, 0x49: JSONFault(kind: .notFinite, offset: index)
        case 0x2B, 0x2E: JSONFault(kind: .invalidNumber, offset: index)
        case 0x41...0x5A, 0x61...0x7A: JSONFault(kind: .invalidLiteral, offset: index)
        case 0x80...0xFF where bytes.utf8Length(index) == 0: JSONFault(kind: .invalidUTF8, offset: index)
        default: JSONFault(kind: .expectedValue, offset: index)
        }
    }

    /// Names the fault where a key must stand and none does.
    private func missingKey(_ bytes: JSONBytes, _ index: Int) -> JSONFault {
        switch bytes[index] {
        case 0x7D: JSONFault(kind: .trailingComma, offset: index)
        case 0x27: JSONFault(kind: .singleQuote, offset: index)
        case 0x2F: JSONFault(kind: .comment, offset: index)
        default: JSONFault(kind: .expectedKey, offset: index)
        }
    }
}

/// The kinds of the open containers, one bit each.
struct NestingStack {
    private(set) var count = 0
    private var top: UInt64 = 0
    private var below: [UInt64] = []

    /// Whether the innermost open container is an object.
    @inline(__always)
    var isObject: Bool { top & 1 == 1 }

    @inline(__always)
    mutating func push(isObject: Bool) {
        if count & 63 == 0, count > 0 { below.append(top) }
        top = top << 1 | (isObject ? 1 : 0)
        count &+= 1
    }

    @inline(__always)
    mutating func pop() {
        count &-= 1
        top >>= 1
        if count & 63 == 0, count > 0, let word = below.popLast() { top = word }
    }
}
