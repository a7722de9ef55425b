import BrowserTestSupport
import StoredRecords
import Testing

@Suite("What a filter lets through")
struct FilterTests {
    private let now = PretendRecords.now

    private func record(
        _ key: String = "t-1", title: String = "Refund Policy of 2025", age: Int64 = 3600, messages: Int? = 12,
        bytes: Int64? = 2048
    ) -> RecordSummary {
        var record = PretendRecords.thread("memex", key, title: title, age: age, agent: "support-bot")
        record.messages = messages
        record.bytes = bytes
        return record
    }

    private func lets(_ filter: String, _ record: RecordSummary) throws -> Bool {
        try #require(try RecordFilter.read(filter, now: now)).matches(record)
    }

    @Test(
        "Words are found in any order, in any field, in any case unless they have a capital",
        arguments: [
            ("policy refund", true), ("Policy refund", true), ("POLICY", false), ("t-1 memex", true),
            ("support", true), ("refund nothing", false), ("!nothing refund", true), ("!refund", false),
            ("\"policy of\"", true), ("\"of policy\"", false), ("/home/me", false), ("http://x", false),
        ])
    func words(_ filter: String, _ isLet: Bool) throws {
        #expect(try lets(filter, record()) == isLet)
    }

    @Test(
        "A regular expression stands between slashes",
        arguments: [
            ("/refund.*2025$/", true), ("/^policy/", false), ("/^Refund/ bot", true), ("/REFUND/", false),
            ("!/[0-9]{4}/", false), (#"/\d{4}$/"#, true), (#"/a\/b/"#, false), ("/refund policy/", true),
        ])
    func patterns(_ filter: String, _ isLet: Bool) throws {
        #expect(try lets(filter, record()) == isLet)
    }

    @Test(
        "Ages, sizes, numbers and names are conditions",
        arguments: [
            ("older:30m", true), ("older:2h", false), ("newer:2h", true), ("older:2025-06-15", false),
            ("newer:2025-06-15", true), ("larger:1k", true), ("larger:2k", false), ("smaller:1m", true),
            ("size:>=2k", true), ("messages:>11", true), ("messages:>12", false), ("messages:12", true),
            ("messages:<=12", true), ("messages:<12", false), ("tokens:>1", false), ("!tokens:>1", false),
            ("source:mem", true), ("!source:mem", false), ("source:files", false), ("agent:support", true),
            ("older:30m refund messages:>2", true),
        ])
    func conditions(_ filter: String, _ isLet: Bool) throws {
        #expect(try lets(filter, record()) == isLet)
    }

    @Test(
        "A filter that makes no sense says in one sentence what would",
        arguments: [
            ("/(/", "/(/ is no pattern: a ( is not closed"), ("/a)/", "/a)/ is no pattern: a ) has no ( before it"),
            ("/[a/", "/[a/ is no pattern: a [ is not closed"),
            ("/*/", "/*/ is no pattern: a * has nothing before it to repeat"),
            ("/a{3,1}/", "/a{3,1}/ is no pattern: {3,1} counts backwards"),
            (#"/(a)\1/"#, #"/(a)\1/ is no pattern: back references are not supported"#),
            ("/(?=a)/", "/(?=a)/ is no pattern: look-around and named groups are not supported"),
            ("older:soon", "older: takes an age like 30d, 12h, 2w or 1y, or a date like 2025-01-31"),
            ("larger:big", "larger: takes a size like 500, 20k, 1m or 2g"),
            ("messages:many", "messages: takes a number like >100, <5 or 12"),
            ("source:", "source: takes the beginning of a name"),
            ("/(((((a{900}){900}){900}))))/", "/(((((a{900}){900}){900}))))/ is no pattern: a ) has no ( before it"),
            ("/((a{900}){900})/", "/((a{900}){900})/ is no pattern: it is too long with its repeats written out"),
        ])
    func problems(_ filter: String, _ reason: String) {
        do throws(FilterProblem) {
            _ = try RecordFilter.read(filter, now: now)
            Issue.record("it was taken")
        } catch {
            #expect(error.reason == reason)
        }
    }

    @Test("Spaces alone let everything through")
    func nothing() throws {
        #expect(try RecordFilter.read("  ", now: now) == nil)
    }

    @Test("Conditions on sums are told apart from what every store can decide")
    func parts() throws {
        let filter = try #require(try RecordFilter.read("refund messages:>100 older:30m larger:1k", now: now))
        let record = record(messages: nil, bytes: nil)
        #expect(!filter.matches(record))
        #expect(filter.withoutSums?.matches(record) == true)
        #expect(filter.bySums?.matches(record) == false)
        #expect(filter.allows(source: "memex"))
    }

    @Test(
        "Patterns match what regular expressions of other tools match",
        arguments: [
            ("a|b", "xxb", true), ("^(a|b)$", "ab", false), ("(ab)+c", "xababc", true), ("a?b*c", "c", true),
            ("a{2,3}$", "baa", true), ("^a{2,3}$", "aaaa", false), ("^a{2,}$", "aaaa", true), ("a{,2}", "a{,2}", true),
            ("[^a-c]", "abc", false), ("[^a-c]", "abcd", true), ("[]x]", "]", true), ("[a-]", "-", true),
            (#"\bword\b"#, "a word here", true), (#"\bword\b"#, "swords", false), (#"\Bor\B"#, "word", true),
            (#"\."#, "ab", false), (#"\."#, "a.b", true), (#"\w+@\w+\.com"#, "me@example.com", true),
            (#"[\d.]+"#, "v1.2", true), (#"\S\s\S"#, "a b", true), ("(a*)*b", "aaaa", false), ("(|a)+$", "", true),
            ("(?i)ABC", "xabcx", true), ("(?:ab)c", "abc", true), ("ÄÖ", "äöü", false), ("äö", "ÄÖÜ", true),
            ("日本", "日本語", true), (".", "\n", false), ("$^", "", true), ("a.c", "abc", true), ("x*", "", true),
            ("a+?b", "aab", true),
        ])
    func dialect(_ pattern: String, _ text: String, _ isMatch: Bool) throws {
        #expect(try TextPattern(pattern).matches(text) == isMatch)
    }

    @Test(
        "The place of a match is the first, as long as the pattern likes it, told in bytes of the text",
        arguments: [
            ("b+", "aabbbab", 2..<5), ("a|ab", "xab", 1..<2), ("ä.", "xÄö", 1..<5), ("^b", "a\nb", 2..<3),
            ("a$", "ab a\nb", 3..<4), ("i", "İI", 0..<2), ("a.*c", "abcbc\nc", 0..<5), ("x?", "ax", 0..<0),
        ])
    func place(_ pattern: String, _ text: String, _ range: Range<Int>) throws {
        #expect(try TextPattern(pattern).range(in: text) == range)
    }

    @Test("A part of a text is matched as a part: what stands beside it counts for borders")
    func partOfText() throws {
        let text = Array("swords word".utf8)
        let pattern = try TextPattern(#"\bword\b"#)
        let found = text.withUnsafeBufferPointer { (pattern.range(in: $0, 1..<5), pattern.range(in: $0, 1..<11)) }
        #expect(found.0 == nil)
        #expect(found.1 == 7..<11)
        #expect(text.withUnsafeBufferPointer { pattern.range(in: $0, 7..<11) } == 7..<11)
    }

    @Test("A search takes words and patterns, and keeps what is no pattern as a word")
    func searchText() throws {
        let both = try #require(try TextFilter.read("Deploy /err(or)? \\d+/ /home/me"))
        #expect(both.parts == ["Deploy", "/home/me"])
        #expect(both.patterns.map(\.source) == [#"err(or)? \d+"#])
        #expect(both.matches(["/home/me", "Deploy: Error 42"]))
        #expect(!both.matches(["/home/me", "Deploy: Error x"]))
        #expect(!both.matches(["/home/me", "deploy: error 42"]))
        #expect(try TextFilter.read("  ") == nil)
        #expect(try TextFilter.read("!no \"two words\"")?.parts == ["!no", "two words"])
        #expect(throws: FilterProblem.self) { try TextFilter.read("/(/") }
        #expect(TextFilter("/a.b/")?.parts == ["/a.b/"])
    }

    @Test("A word that looks like a key and is none is told; times, addresses and what is quoted are not")
    func unknownNames() throws {
        func names(_ text: String) throws -> [String]? {
            try RecordFilter.read(text, now: PretendRecords.now)?.unknownNames
        }
        #expect(try names("tag:ci !foo:bar tag:x source:a older:3d") == ["tag", "foo"])
        #expect(try names(#"12:30 http://x.org a::b error: C:/x /foo:bar/"#) == [])
    }

    @Test("Quoted words of a search must stand next to each other as written; a quote that none closes is no search")
    func searchPhrase() throws {
        let phrase = try #require(try TextFilter.read(#"late "rate limit""#))
        #expect(phrase.parts == ["late", "rate limit"])
        #expect(phrase.matches(["the Rate Limit", "too late"]))
        #expect(!phrase.matches(["limit the rate, late"]))
        #expect(!phrase.matches(["late rate  limit"]))
        let exact = try #require(try TextFilter.read(#""Rate limit""#))
        #expect(exact.matches(["the Rate limit"]) && !exact.matches(["the rate limit"]))
        for open in [#""two words"#, #"late "rate limit"#] {
            #expect(throws: FilterProblem.self) { try TextFilter.read(open) }
            #expect(throws: FilterProblem.self) { try RecordFilter.read(open, now: PretendRecords.now) }
        }
        #expect(try TextFilter.read(#"two" words" 5" """#)?.parts == [#"two""#, #"words""#, #"5""#, #""""#])
        // Quotes within a word are there to be found, as in JSON.
        #expect(try TextFilter.read(#""role":"user" "id":"#)?.parts == [#""role":"user""#, #""id":"#])
        // Within quotes nothing else has a meaning.
        let literal = try #require(try TextFilter.read(#""/a.b/ c""#))
        #expect(literal.patterns.isEmpty && literal.parts == ["/a.b/ c"])
        // A list that is given a search's words means the same by them.
        let list = RecordFilter(phrase)
        #expect(list.matches(["the Rate Limit", "too late"]) && !list.matches(["limit the rate, late"]))
        #expect(RecordFilter(try #require(try TextFilter.read("/a+b/"))).matches(["caab"]))
    }

    @Test(
        "No pattern is slow: those that stop others take a number of steps in proportion to the text",
        arguments: ["(a+)+$", "(a|aa)+$", "(.*)*x", "(a*)*b", "a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?aaaaaaaaaaaaaaa!"])
    func linear(_ pattern: String) throws {
        // Tried one after the other, the ways through this would outlast the universe.
        let text = String(repeating: "a", count: 5000) + "?"
        #expect(try TextPattern(pattern).matches(text) == false)
    }
}
