import JSONText
import Testing

@Suite("Values")
struct JSONValueTests {
    @Test("Numbers keep their spelling")
    func numberSpelling() throws {
        let text = #"[9007199254740993,1e5,0.10,-0,1E+2,123456789012345678901234567890]"#
        #expect(try JSONValue.parse(text).serialized() == text)
    }

    @Test("Order, duplicate keys and escapes survive")
    func spelling() throws {
        let text = #"{"b":1,"a":"\u0061\/","b":[2],"\u0062":"\ud800"}"#
        let value = try JSONValue.parse(text)
        #expect(value.serialized() == text)
        #expect(value["b"]?.stringValue == "\u{FFFD}")
        #expect(value.all("b").count == 3)
        #expect(value["a"]?.stringValue == "a/")
    }

    @Test(
        "Escapes are decoded, halves of surrogate pairs become the replacement character",
        arguments: [
            (#"\u00e9\u0041"#, "éA"), (#"\ud83d\ude00"#, "😀"), (#"\uDBFF\uDFFF"#, "\u{10FFFF}"),
            (#"\ud800"#, "\u{FFFD}"),
            (#"\udc00\udc00"#, "\u{FFFD}\u{FFFD}"), (#"\ud800\ud83d\ude00"#, "\u{FFFD}😀"), (#"\ud800x"#, "\u{FFFD}x"),
            (#"\ud800\n"#, "\u{FFFD}\n"), (#"\b\f\n\r\t\/\\\""#, "\u{8}\u{C}\n\r\t/\\\""), (#"\u0000"#, "\0"),
        ])
    func decoding(spelling: String, text: String) {
        #expect(JSONString(spelling: spelling)?.text == text)
        #expect(JSONString(spelling: spelling)?.means(text) == true)
    }

    @Test("Keys are told apart by their bytes")
    func canonicalEquivalence() throws {
        let value = try JSONValue.parse("{\"e\u{301}\":1,\"\u{E9}\":2}")
        #expect(value["e\u{301}"]?.intValue == 1)
        #expect(value["\u{E9}"]?.intValue == 2)
    }

    @Test(
        "Whole numbers are exact or nothing",
        arguments: [
            ("9007199254740993", 9_007_199_254_740_993), ("1e5", 100_000), ("2.0", 2), ("-0", 0),
            ("0e999999999999999999999", 0),
            ("-9223372036854775808", .min), ("9223372036854775807", .max), ("9223372036854775808", nil), ("1.5", nil),
            ("1e19", nil), ("1500e-2", 15), ("1501e-3", nil), ("1e99999999999999999999", nil), ("0.1e1", 1),
            ("92233720368547758070e-1", .max), ("1e-99999999999999999999", nil), ("9e18", 9_000_000_000_000_000_000),
        ] as [(String, Int?)])
    func intValue(spelling: String, value: Int?) throws {
        #expect(try JSONValue.parse(spelling).intValue == value)
    }

    @Test(
        "Doubles are spelled as JavaScript and Python spell them",
        arguments: [
            (1.0, "1", "1.0"), (0.1, "0.1", "0.1"), (1e20, "100000000000000000000", "1e+20"), (1e21, "1e+21", "1e+21"),
            (1e16, "10000000000000000", "1e+16"), (1e15, "1000000000000000", "1000000000000000.0"),
            (123456.789, "123456.789", "123456.789"), (1e-6, "0.000001", "1e-06"), (1e-7, "1e-7", "1e-07"),
            (1.5e-10, "1.5e-10", "1.5e-10"), (-0.0, "0", "-0.0"), (0.0001, "0.0001", "0.0001"), (-2.5, "-2.5", "-2.5"),
            (0.00001234, "0.00001234", "1.234e-05"), (.leastNonzeroMagnitude, "5e-324", "5e-324"),
            (1.7976931348623157e308, "1.7976931348623157e+308", "1.7976931348623157e+308"),
        ])
    func doubleSpelling(value: Double, javaScript: String, python: String) {
        #expect(JSONNumber(value)?.spelling == javaScript)
        #expect(JSONNumber(pythonFloat: value)?.spelling == python)
    }

    @Test("NaN and infinity become null as in JSON.stringify")
    func notFinite() {
        #expect(JSONValue.double(.nan) == .null)
        #expect(JSONNumber(Double.infinity) == nil)
    }

    @Test("Styles print as JSON.stringify and json.dumps do")
    func styles() {
        let value: JSONValue = ["a": [1, 2.5, nil], "e": [], "o": [:], "s": "é\u{1F600}\n\u{1}\u{7F}\"\\/"]
        #expect(value.serialized() == "{\"a\":[1,2.5,null],\"e\":[],\"o\":{},\"s\":\"é😀\\n\\u0001\u{7F}\\\"\\\\/\"}")
        #expect(
            value.serialized(.pretty(indent: 2)) == """
                {
                  "a": [
                    1,
                    2.5,
                    null
                  ],
                  "e": [],
                  "o": {},
                  "s": "é😀\\n\\u0001\u{7F}\\\"\\\\/"
                }
                """)
        #expect(
            value.serialized(.pythonDefault)
                == #"{"a": [1, 2.5, null], "e": [], "o": {}, "s": "\u00e9\ud83d\ude00\n\u0001\u007f\"\\/"}"#)
    }

    @Test("Setting a key replaces the last duplicate or appends")
    func setting() throws {
        var value = try JSONValue.parse(#"{"a":1,"a":2}"#)
        value.set(3, for: "a")
        value.set("x", for: "b")
        #expect(value.serialized() == #"{"a":1,"a":3,"b":"x"}"#)
        #expect(value.setting(nil, for: "a").serialized() == #"{"b":"x"}"#)
    }

    @Test("Spellings are taken only when they are JSON", arguments: ["\"", "\\", "\\u12", "a\nb", "\\x", "\"a\""])
    func badSpelling(spelling: String) {
        #expect(JSONString(spelling: spelling) == nil)
        #expect(JSONNumber(spelling: spelling) == nil)
    }

    @Test("Printing and parsing a random value gives the value again", arguments: 0..<300 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var documents = RandomDocuments(seed: seed)
        let value = documents.value()
        #expect(try JSONValue.parse(value.serialized(.compact)) == value)
        #expect(try JSONValue.parse(value.serialized(.pretty(indent: 3))) == value)
        #expect(try JSONValue.parse(documents.text(of: value)) == value)
        let ascii = value.serializedBytes(.pythonDefault)
        #expect(ascii.allSatisfy { $0 < 0x7F })
        #expect(try JSONValue.parse(JSONValue.parse(ascii).serialized(.pythonDefault)) == JSONValue.parse(ascii))
    }
}
