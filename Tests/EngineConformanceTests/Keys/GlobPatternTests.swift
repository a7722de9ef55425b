import EngineCore
import Testing

@Suite struct GlobPatternTests {
    @Test(arguments: [
        ("", "", true), ("", "a", false), ("*", "", true), ("*", "anything", true), ("?", "", false), ("?", "a", true),
        ("a*", "a", true), ("a*", "ba", false), ("*a", "ba", true), ("a*b*c", "aXbYc", true), ("a*b*c", "acb", false),
        ("**", "x", true), ("*a*a*", "aa", true), ("*a*a*", "a", false), ("a?c", "abc", true), ("a?c", "ac", false),
        ("[abc]", "b", true), ("[abc]", "d", false), ("[^abc]", "d", true), ("[^abc]", "a", false), ("[^a]", "", false),
        ("[a-c]x", "bx", true), ("[c-a]x", "bx", true), ("[a-c]x", "dx", false), ("[a-]", "-", false),
        ("[\\]]", "]", true), ("[\\-a]", "-", true), ("[]", "]", false), ("[a", "a", true), ("[^a", "b", true),
        ("\\*", "*", true), ("\\*", "a", false), ("\\?", "?", true), ("\\[a]", "[a]", true), ("a\\", "a\\", true),
        ("\\a", "a", true), ("thread:*:messages", "thread:1:2:messages", true), ("THREAD", "thread", false),
        ("日?", "日x", true), ("???", "日", true), ("*\n*", "a\nb", true),
    ])
    func `a pattern means what Redis lets it mean`(pattern: String, text: String, matches: Bool) {
        #expect(GlobPattern(pattern).matches(Array(text.utf8)) == matches)
    }

    @Test func `a pattern of many stars takes no endless time`() {
        let pattern = GlobPattern(String(repeating: "*a", count: 60) + "b")
        #expect(!pattern.matches([UInt8](repeating: UInt8(ascii: "a"), count: 20_000)))
    }
}
