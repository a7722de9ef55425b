import JSONText
import Testing

@Suite("Parsing")
struct JSONParserTests {
    static let accepted = [
        "null", " true ", "\t\r\n[]", "{}", "[ ]", "{ }", "0", "-0", "-1", "0.5", "1e1", "1E-1", "1e+01", "[1,2]",
        "[[]]",
        #""""#, #"" ""#, #""\u0000""#, #""\uD83D\uDE00""#, #""\ud800""#, #""\udc00\ud800""#, #""\b\f\n\r\t\/\\\"""#,
        "\"\u{7F}\"", "\"\u{2028}\"", "\"\u{10FFFF}\"", "\"é日😀\"", #"{"":0}"#, #"{"a":{"a":[{"a":null}]}}"#,
        #"{"a":1,"a":2}"#, "1" + String(repeating: "0", count: 500), "1e99999", #"["a" , "b"]"#, #"{"a" : 1 , "b":2}"#,
    ]

    @Test("Texts that RFC 8259 allows are accepted", arguments: accepted)
    func accepts(text: String) throws {
        let value = try JSONValue.parse(text)
        #expect(try JSONValue.parse(value.serialized()) == value)
    }

    static let refused: [(String, JSONError.Kind, Int)] = [
        ("", .empty, 0), ("  \n", .empty, 3), ("[", .unexpectedEnd, 1), ("[1", .unexpectedEnd, 2),
        ("{", .unexpectedEnd, 1),
        (#"{"a"#, .unexpectedEnd, 3), (#"{"a":"#, .unexpectedEnd, 5), ("[1,]", .trailingComma, 3),
        ("[,1]", .expectedValue, 1),
        ("[1,,2]", .expectedValue, 3), (#"{"a":1,}"#, .trailingComma, 7), ("{,}", .expectedKey, 1),
        ("{1:2}", .expectedKey, 1),
        (#"{"a" 1}"#, .expectedColon, 5), (#"{"a":}"#, .expectedValue, 5), (#"{"a":1 "b":2}"#, .expectedCommaOrEnd, 7),
        ("[1 2]", .expectedCommaOrEnd, 3), ("[1}", .expectedCommaOrEnd, 2), (#"{"a":1]"#, .expectedCommaOrEnd, 6),
        ("]", .expectedValue, 0), ("}", .expectedValue, 0), ("1 2", .trailingContent, 2),
        ("[] []", .trailingContent, 3),
        ("{}x", .trailingContent, 2), ("null,", .trailingContent, 4), ("01", .leadingZero, 0), ("-01", .leadingZero, 1),
        ("-", .unexpectedEnd, 1), ("-x", .invalidNumber, 1), ("+1", .invalidNumber, 0), (".5", .invalidNumber, 0),
        ("1.", .unexpectedEnd, 2), ("1.e1", .invalidNumber, 2), ("1e", .unexpectedEnd, 2), ("1e+", .unexpectedEnd, 3),
        ("[1e]", .invalidNumber, 3), ("0x10", .trailingContent, 1), ("NaN", .notFinite, 0), ("Infinity", .notFinite, 0),
        ("-Infinity", .notFinite, 1), ("nul", .unexpectedEnd, 3), ("nulx", .invalidLiteral, 0),
        ("True", .invalidLiteral, 0),
        ("undefined", .invalidLiteral, 0), ("'a'", .singleQuote, 0), ("{'a':1}", .singleQuote, 1),
        ("// x\n1", .comment, 0),
        ("[1, /* x */ 2]", .comment, 4), ("\"", .unexpectedEnd, 1), ("\"a", .unexpectedEnd, 2),
        (#""\x""#, .invalidEscape, 1),
        (#""\u12g4""#, .invalidEscape, 1), (#""\U0041""#, .invalidEscape, 1), (#""\u00"#, .unexpectedEnd, 5),
        (#""\"#, .unexpectedEnd, 2), ("\"a\nb\"", .controlCharacter, 2), ("\"\t\"", .controlCharacter, 1),
        ("\"0123456789abcdef\u{1}\"", .controlCharacter, 17), ("\u{FEFF}1", .byteOrderMark, 0),
        ("[\u{A0}1]", .expectedValue, 1),
        ("[1\u{C}]", .expectedCommaOrEnd, 2), ("{\"a\":1", .unexpectedEnd, 6), ("[\"a\"", .unexpectedEnd, 4),
        ("{\"a\":\"b\"}/", .trailingContent, 9), ("[\"a\",\n4\n,1,", .unexpectedEnd, 11), ("{}}", .trailingContent, 2),
        ("[\"x\"]]", .trailingContent, 5), ("{a:1}", .expectedKey, 1), ("[1:2]", .expectedCommaOrEnd, 2),
    ]

    @Test("Texts that are not JSON are refused with kind and offset", arguments: refused)
    func refuses(text: String, kind: JSONError.Kind, offset: Int) {
        let error = #expect(throws: JSONError.self) { try JSONValue.parse(text) }
        #expect(error?.kind == kind)
        #expect(error?.offset == offset)
    }

    static let badBytes: [[UInt8]] = [
        [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF],
        [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xFE], [0x80], [0xBF],
        [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xC3, 0x28], [0xE2, 0x28, 0xA1], [0xF0, 0x28, 0x8C, 0xBC],
    ]

    @Test(
        "Bytes that are not UTF-8 are refused wherever they stand", arguments: badBytes, [0, 1, 14, 15, 16, 17, 31, 40])
    func refusesBadUTF8(bytes: [UInt8], distance: Int) {
        let quote: [UInt8] = [0x22]
        let padding = Array(repeating: UInt8(ascii: "x"), count: distance)
        let error = #expect(throws: JSONError.self) {
            try JSONValue.parse(quote + padding + bytes + padding + quote)
        }
        #expect(error?.kind == .invalidUTF8)
        #expect(error?.offset == 1 + distance)
    }

    @Test(
        "UTF-16 is named as such",
        arguments: [[0xFF, 0xFE, 0x31, 0], [0xFE, 0xFF, 0, 0x31], [0, 0x31], [0x31, 0]] as [[UInt8]])
    func refusesUTF16(bytes: [UInt8]) {
        #expect(throws: JSONError(kind: .notUTF8, offset: 0, found: bytes[0])) { try JSONValue.parse(bytes) }
    }

    @Test("Errors name line, column and path")
    func place() {
        let text = "{\n  \"a b\": [1, {\"é\": [true, tru]}]\n}"
        let error = #expect(throws: JSONError.self) { try JSONValue.parse(text) }
        #expect(error?.line == 2)
        #expect(error?.column == 27)
        #expect(error?.path == JSONPath([.key("a b"), .index(1), .key("é"), .index(1)]))
        #expect(
            error?.description
                == "The text is not valid JSON at line 2, column 27 (byte 29): only true, false and null may stand without quotes."
        )
    }

    @Test("Errors show no stored text and no control characters")
    func privacy() {
        let error = #expect(throws: JSONError.self) { try JSONValue.parse("{\"secret\": \"hidden\" \u{1B}[31m}") }
        #expect(error?.description.contains("secret") == false)
        #expect(error?.description.contains("hidden") == false)
        #expect(error?.description.contains("0x1B") == true)
    }

    @Test("A million open brackets are an error, not a crash", arguments: ["[", "{\"a\":", "[{\"a\":"])
    func deep(open: String) {
        let text = String(repeating: open, count: 1_000_000)
        let error = #expect(throws: JSONError.self) { try JSONValue.parse(text) }
        #expect(error?.kind == .tooDeep)
        #expect(error?.path.components.count == 512)
        let deepest = #expect(throws: JSONError.self) { try JSONValue.parse(text, limits: JSONLimits(depth: .max)) }
        #expect(deepest?.path.components.count == JSONLimits.deepestTree)
    }

    @Test("Nesting up to the limit is read, printed and dropped")
    func limit() throws {
        let depth = JSONLimits.deepestTree
        let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        let value = try JSONValue.parse(text, limits: JSONLimits(depth: depth))
        #expect(value.serialized() == text)
        #expect(throws: JSONError.self) { try JSONValue.parse("[[]]", limits: JSONLimits(depth: 1)) }
    }

    @Test("Objects and arrays that nest in turn are told apart at every depth", arguments: [63, 64, 65, 129, 500])
    func mixedNesting(depth: Int) throws {
        let levels = (0..<depth).map { $0 % 3 == 0 ? (#"{"a":"#, "}") : ("[", "]") }
        let text = levels.map(\.0).joined() + "0" + levels.reversed().map(\.1).joined()
        #expect(try JSONValue.parse(text).serialized() == text)
        let wrong = text.dropLast() + (text.hasSuffix("]") ? "}" : "]")
        #expect(throws: JSONError.self) { try JSONValue.parse(String(wrong)) }
    }

    @Test("Random bytes never trap", arguments: 0..<200 as Range<UInt64>)
    func fuzz(seed: UInt64) {
        var documents = RandomDocuments(seed: seed)
        for _ in 0..<20 {
            var bytes = documents.text(of: documents.value())
            for _ in 0...documents.pick(3) where !bytes.isEmpty {
                let place = documents.pick(bytes.count)
                switch documents.pick(3) {
                case 0: bytes[place] = UInt8(documents.pick(256))
                case 1: bytes.remove(at: place)
                default: bytes = Array(bytes[..<place])
                }
            }
            do {
                let value = try JSONValue.parse(bytes)
                #expect(throws: Never.self) { try JSONValue.parse(value.serializedBytes()) }
            } catch {
                #expect(error.offset <= bytes.count)
                #expect(!error.description.isEmpty)
            }
            let noise = (0..<documents.pick(60)).map { _ in UInt8(documents.pick(256)) }
            _ = try? JSONValue.parse(noise)
        }
    }
}
