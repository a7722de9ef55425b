/// Why bytes were refused as JSON, or why an edit of JSON could not be made.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, as a closed list to act on.
    public enum Kind: String, Sendable, Hashable {
        // What the text lacks
        case empty, unexpectedEnd, expectedValue, expectedKey, expectedColon, expectedCommaOrEnd
        // What the text has too much of
        case trailingComma, trailingContent, tooDeep
        // Bytes that are never JSON
        case byteOrderMark, notUTF8, invalidUTF8, controlCharacter
        // Tokens that are nearly JSON
        case invalidEscape, invalidNumber, leadingZero, notFinite, invalidLiteral, singleQuote, comment
        // Edits and look-ups
        case pathNotFound, notAContainer, conflictingEdits, invalidPath
    }

    public var kind: Kind
    /// Where the fault is, in bytes from the start of the document.
    public var offset: Int
    /// The line of the fault, counted from 1 by line feeds.
    public var line: Int
    /// The character of the fault in its line, counted from 1 in Unicode scalars.
    public var column: Int
    /// The value that was being read, as far as it was read.
    public var path: JSONPath
    /// The byte found at `offset`, or nil at the end of the document.
    public var found: UInt8?

    public init(kind: Kind, offset: Int, line: Int = 1, column: Int = 1, path: JSONPath = .root, found: UInt8? = nil) {
        self.kind = kind
        self.offset = offset
        self.line = line
        self.column = column
        self.path = path
        self.found = found
    }

    /// One sentence without stored content beyond the one byte that was found.
    public var description: String {
        switch kind {
        case .pathNotFound: return "The JSON has no value at the path that was asked for."
        case .notAContainer: return "The JSON value at the path that was asked for is not of the kind the edit needs."
        case .conflictingEdits: return "Two edits of the same JSON document touch the same value."
        case .invalidPath: return "The text is not a JSON path at character \(column): \(reason)."
        default: return "The text is not valid JSON at line \(line), column \(column) (byte \(offset)): \(reason)."
        }
    }

    private var reason: String {
        switch kind {
        case .empty: "there is no value"
        case .unexpectedEnd: "the text ends too early"
        case .expectedValue: "a value must stand here, found \(foundText)"
        case .expectedKey: "a key in double quotes must stand here, found \(foundText)"
        case .expectedColon: "a colon must follow the key, found \(foundText)"
        case .expectedCommaOrEnd: "a comma or the end of the list or object must stand here, found \(foundText)"
        case .trailingComma: "a comma stands before the end of the list or object"
        case .trailingContent: "the value has ended but more text follows, found \(foundText)"
        case .tooDeep: "the values are nested too deeply"
        case .byteOrderMark: "the text begins with a byte order mark; save it as UTF-8 without one"
        case .notUTF8: "the text looks like UTF-16 or UTF-32; save it as UTF-8"
        case .invalidUTF8: "the bytes are not UTF-8, found \(foundText)"
        case .controlCharacter: "a string holds a control character that must be escaped, found \(foundText)"
        case .invalidEscape: "a string holds an unknown escape"
        case .invalidNumber: "the number is not spelled as JSON numbers are"
        case .leadingZero: "a number may not begin with a zero before other digits"
        case .notFinite: "NaN and Infinity are not JSON"
        case .invalidLiteral: "only true, false and null may stand without quotes"
        case .singleQuote: "strings stand in double quotes, not single ones"
        case .comment: "comments are not JSON"
        case .invalidPath: "a path is like .key, .[0] or .[\"odd key\"]"
        case .pathNotFound, .notAContainer, .conflictingEdits: ""
        }
    }

    private var foundText: String {
        guard let found else { return "the end" }
        if found > 0x20, found < 0x7F { return "'\(Character(Unicode.Scalar(found)))'" }
        let digits = String(found, radix: 16, uppercase: true)
        return "byte 0x" + (digits.utf8.count == 1 ? "0" : "") + digits
    }
}

/// A fault as the byte readers throw it: cheap, without line, column and path.
struct JSONFault: Error {
    var kind: JSONError.Kind
    var offset: Int
    /// Where the string value begins that the fault is in.
    var string: Int?
}

extension JSONFault {
    /// Whether the fault stands behind a value, so that no element was being read.
    var isBetweenValues: Bool { kind == .expectedCommaOrEnd || kind == .expectedKey || kind == .trailingComma }

    /// The public error, with line, column and path worked out from the bytes before the fault.
    func located(in bytes: JSONBytes) -> JSONError {
        let place = JSONTextPosition(of: offset, in: bytes)
        var tracker = PathTracker()
        var grammar = JSONGrammar(depthLimit: .max)
        // The bytes before the fault were read without one; what they leave open is the path.
        try? grammar.run(bytes, &tracker, pause: offset, stringPause: offset)
        let path = tracker.path(in: bytes, includingNextElement: !isBetweenValues)
        return JSONError(
            kind: kind, offset: offset, line: place.line, column: place.column, path: path,
            found: offset < bytes.count ? bytes[offset] : nil)
    }
}
