import JSONText
import Testing

@Suite("Splices")
struct JSONSpliceTests {
    private func apply(_ text: String, _ edit: (inout JSONSplice) -> Void) throws -> String {
        var splice = JSONSplice()
        edit(&splice)
        return String(decoding: try splice.apply(to: Array(text.utf8)), as: UTF8.self)
    }

    @Test("Several values change and every other byte stays")
    func replace() throws {
        let text = "{\r\n\t\"id\" : \"c-17\",  \"n\":1.50,\"index\":17 , \"x\":\"\\u0061\"}\n"
        let changed = try apply(text) {
            $0.replace(".index", with: 3)
            $0.replace(".id", with: "c-3")
        }
        #expect(changed == "{\r\n\t\"id\" : \"c-3\",  \"n\":1.50,\"index\":3 , \"x\":\"\\u0061\"}\n")
    }

    @Test("Of duplicate keys the one that readers see is replaced")
    func duplicates() throws {
        #expect(try apply(#"{"a":1,"a":2}"#) { $0.replace(".a", with: 9) } == #"{"a":1,"a":9}"#)
        #expect(try apply(#"{"a":1,"b":0,"a":2}"#) { $0.remove(".a") } == #"{"b":0}"#)
    }

    @Test(
        "A new member is laid out like its neighbours",
        arguments: [
            (#"{}"#, #"{"k":1}"#), (#"{"a":0}"#, #"{"a":0,"k":1}"#),
            (#"{"a": 0, "b": 1}"#, #"{"a": 0, "b": 1, "k": 1}"#),
            ("{\n  \"a\": 0\n}", "{\n  \"a\": 0,\n  \"k\": 1\n}"),
            ("{\n  \"a\": 0,\n  \"b\": 1\n}\n", "{\n  \"a\": 0,\n  \"b\": 1,\n  \"k\": 1\n}\n"),
            (#"{"k":0}"#, #"{"k":1}"#),
        ])
    func insert(text: String, changed: String) throws {
        #expect(try apply(text) { $0.set("k", to: 1) } == changed)
    }

    @Test(
        "A removed child takes one comma along",
        arguments: [
            ("[1, 2, 3]", [0], "[2, 3]"), ("[1, 2, 3]", [1], "[1, 3]"), ("[1, 2, 3]", [2], "[1, 2]"),
            ("[1, 2, 3]", [0, 1], "[3]"),
            ("[1, 2, 3]", [1, 2], "[1]"), ("[1, 2, 3]", [0, 2], "[2]"), ("[ 1, 2 ]", [0, 1], "[]"),
            ("[\n  1,\n  2\n]", [1], "[\n  1\n]"), ("[1]", [0], "[]"),
        ] as [(String, [Int], String)])
    func remove(text: String, indexes: [Int], changed: String) throws {
        let result = try apply(text) { splice in
            for index in indexes { splice.remove(JSONPath([.index(index)])) }
        }
        #expect(result == changed)
    }

    @Test("Removing and adding in one container work together")
    func combined() throws {
        #expect(
            try apply("[1, 2, 3]") {
                $0.remove(".[2]")
                $0.append(4, to: .root)
            } == "[1, 2, 4]")
        #expect(
            try apply(#"{ "a":1 }"#) {
                $0.remove(".a")
                $0.set("b", to: 2)
            } == #"{ "b":2 }"#)
        #expect(
            try apply(#"{"a":[1],"b":{"c":2}}"#) {
                $0.append([0x37], to: ".a")
                $0.append(8, to: ".a")
                $0.replace(".b.c", with: "x")
                $0.set("d", in: ".b", to: .null)
            } == #"{"a":[1,7,8],"b":{"c":"x","d":null}}"#)
    }

    @Test("Edits that cannot be made are refused")
    func refusals() {
        let cases: [(JSONError.Kind, (inout JSONSplice) -> Void)] = [
            (.pathNotFound, { $0.replace(".zzz", with: 1) }), (.pathNotFound, { $0.remove(".a[9]") }),
            (.pathNotFound, { $0.remove(.root) }), (.pathNotFound, { $0.set("x", in: ".b.c", to: 1) }),
            (.notAContainer, { $0.set("x", in: ".a", to: 1) }), (.notAContainer, { $0.append(1, to: ".b") }),
            (.trailingContent, { $0.replace(".a", with: Array("1,2".utf8)) }),
            (
                .conflictingEdits,
                {
                    $0.replace(".a", with: 1); $0.replace(".a[0]", with: 1)
                }
            ),
            (
                .conflictingEdits,
                {
                    $0.replace(".a", with: 1); $0.replace(".a", with: 2)
                }
            ),
            (
                .conflictingEdits,
                {
                    $0.remove(".a"); $0.replace(".a", with: 2)
                }
            ),
            (
                .conflictingEdits,
                {
                    $0.set("n", to: 1); $0.set("n", to: 2)
                }
            ),
        ]
        for (kind, edit) in cases {
            let error = #expect(throws: JSONError.self) { try apply(#"{"a":[1],"b":2}"#, edit) }
            #expect(error?.kind == kind)
        }
        let broken = #expect(throws: JSONError.self) { try apply("[1,]") { $0.replace(".[0]", with: 2) } }
        #expect(broken?.kind == .trailingComma)
    }

    @Test("In random documents everything around a replaced value stays", arguments: 0..<200 as Range<UInt64>)
    func random(seed: UInt64) throws {
        var documents = RandomDocuments(seed: seed)
        let value = documents.value()
        let text = documents.text(of: value)
        let paths = RandomDocuments.paths(of: value)
        let path = paths[documents.pick(paths.count)]
        let replacement = documents.value(depth: 2)
        var splice = JSONSplice()
        splice.replace(path, with: replacement)
        let changed = try splice.apply(to: text)
        #expect(try JSONValue.parse(changed)[path] == replacement)
        // Putting the old bytes back must give the old document.
        let old = try text.withUnsafeBytes { buffer in
            let scanner = JSONScanner(buffer)
            return Array(scanner.bytes(of: try #require(try scanner.locate(path))))
        }
        var back = JSONSplice()
        back.replace(path, with: old)
        #expect(try back.apply(to: changed) == text)
    }

    @Test("Random removals and additions do to the text what they do to the tree", arguments: 0..<200 as Range<UInt64>)
    func removals(seed: UInt64) throws {
        var documents = RandomDocuments(seed: seed)
        let children = (0..<documents.pick(7)).map { _ in documents.value(depth: 2) }
        let gone = children.indices.filter { _ in documents.pick(2) == 0 }
        let added = (0..<documents.pick(3)).map { _ in documents.value(depth: 1) }
        let kept = children.indices.filter { !gone.contains($0) }.map { children[$0] } + added

        var list = JSONSplice()
        for index in gone { list.remove(JSONPath([.key("x"), .index(index)])) }
        for value in added { list.append(value, to: ".x") }
        let lists = documents.text(of: ["x": .array(children), "y": 1])
        #expect(try JSONValue.parse(list.apply(to: lists)) == ["x": .array(kept), "y": 1])

        func members(_ values: [JSONValue], from name: Int) -> [JSONMember] {
            values.enumerated().map { JSONMember("k\(name + $0.offset)", $0.element) }
        }
        let before = members(children, from: 0)
        let new = members(added, from: 100)
        var object = JSONSplice()
        for index in gone { object.remove(JSONPath([.key(before[index].name)])) }
        for member in new { object.set(member.name, to: member.value) }
        let after = before.indices.filter { !gone.contains($0) }.map { before[$0] } + new
        #expect(try JSONValue.parse(object.apply(to: documents.text(of: .object(before)))) == .object(after))
    }
}
