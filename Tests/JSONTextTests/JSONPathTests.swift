import JSONText
import Testing

@Suite("Paths")
struct JSONPathTests {
    @Test(
        "Paths print as they are parsed",
        arguments: [
            ".", ".a", ".contextState.blobs[17][1]", #".["odd key"]"#, ".[0]", ".[0].a", #".a["b c"].d"#,
            #".["quo\"te"]"#,
            #".["\u001b"]"#, #".["\u202e"]"#, #".[""]"#, ".a_1", #".["1a"]"#, #".["é"]"#,
        ])
    func roundTrip(text: String) throws {
        #expect(try JSONPath(parsing: text).description == text)
    }

    @Test(
        "Other ways to write a path are understood",
        arguments: [
            (#".a.["b"]"#, ".a.b"), ("a.b", ".a.b"), ("[0]", ".[0]"), (#"["a"]"#, ".a"), (".a.[3]", ".a[3]"),
            (#".["\u0061"]"#, ".a"),
        ])
    func variants(text: String, canonical: String) throws {
        #expect(try JSONPath(parsing: text).description == canonical)
    }

    @Test(
        "Text that is no path is refused",
        arguments: [
            "", "..", ".a.", ".[", ".[]", ".[-1]", ".[1", ".a b", #".["a]"#, #".["a\"]"#, ".1",
            ".a[99999999999999999999]", ".[0]a",
        ])
    func refuses(text: String) {
        let error = #expect(throws: JSONError.self) { try JSONPath(parsing: text) }
        #expect(error?.kind == .invalidPath)
        #expect(error?.description.isEmpty == false)
    }

    @Test("Keys are compared byte for byte")
    func equality() {
        #expect(JSONPath([.key("e\u{301}")]) != JSONPath([.key("\u{E9}")]))
        #expect(JSONPath([.key("a"), .index(1)]) == ".a[1]")
        #expect(JSONPath([.key("0")]) != ".[0]")
    }

    @Test("A path finds what it names in a tree")
    func lookup() throws {
        let value = try JSONValue.parse(#"{"a":[{"b":1,"b":2}]}"#)
        #expect(value[".a[0].b" as JSONPath]?.intValue == 2)
        #expect(value[".a[1]" as JSONPath] == nil)
        #expect(value[JSONPath.root] == value)
    }

    @Test("Random text never traps, and what is a path prints as the same path", arguments: 0..<50 as Range<UInt64>)
    func fuzz(seed: UInt64) throws {
        var documents = RandomDocuments(seed: seed)
        let parts = [".", "[", "]", "\"", "a", "0", "17", "\\", "\\u0041", "é", " ", "\u{202E}", #"["x"]"#]
        for _ in 0..<200 {
            let text = "." + (0..<documents.pick(6)).map { _ in parts[documents.pick(parts.count)] }.joined()
            guard let path = try? JSONPath(parsing: text) else { continue }
            #expect(try JSONPath(parsing: path.description) == path)
        }
    }
}
