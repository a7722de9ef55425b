/// What is told apart in the code of one language: a row of the table below.
struct CodeRules: Sendable, Equatable {
    /// A string's marks; a backslash keeps the closing mark from closing where `escapes` says so.
    struct Quote: Sendable, Equatable {
        var open: [UInt8]
        var close: [UInt8]
        var escapes = true
        var spansLines = false

        init(_ open: String, _ close: String? = nil, escapes: Bool = true, spansLines: Bool = false) {
            self.open = Array(open.utf8)
            self.close = Array((close ?? open).utf8)
            self.escapes = escapes
            self.spansLines = spansLines
        }
    }

    var keywords: Set<String>
    /// Words that stand for a value: `true`, `nil`.
    var values: Set<String>
    var lineComments: [[UInt8]]
    var blockComment: (open: [UInt8], close: [UInt8])?
    /// Longer marks first.
    var quotes: [Quote]
    var isCaseless = false
    /// Whether a string or a first word before a colon is the name of a value.
    var hasKeys = false
    /// Whether `$name` is a variable.
    var hasVariables = false
    /// Whether names behind `<` and `</` are what matters.
    var hasTags = false

    init(
        _ keywords: String, values: String = "", comments: [String] = [], block: (String, String)? = nil,
        quotes: [Quote] = [Quote("\""), Quote("'")]
    ) {
        self.keywords = Set(keywords.split(separator: " ").map(String.init))
        self.values = Set(values.split(separator: " ").map(String.init))
        lineComments = comments.map { Array($0.utf8) }
        blockComment = block.map { (Array($0.0.utf8), Array($0.1.utf8)) }
        self.quotes = quotes
    }

    static func == (left: CodeRules, right: CodeRules) -> Bool {
        left.keywords == right.keywords && left.values == right.values && left.lineComments == right.lineComments
            && left.quotes == right.quotes && left.isCaseless == right.isCaseless && left.hasTags == right.hasTags
    }

    private func with(_ change: (inout CodeRules) -> Void) -> CodeRules {
        var copy = self
        change(&copy)
        return copy
    }
}

extension CodeRules {
    /// The rules for the word behind a fence; `nil` for a language that is not in the table.
    static func named(_ name: String) -> CodeRules? {
        let word = name.lowercased().prefix { $0.isLetter || $0.isNumber || "+#-_".contains($0) }
        return table.first { $0.names.contains(String(word)) }?.rules
    }

    private static let slashes = (["//"], ("/*", "*/"))

    /// The languages people paste most.
    private static let table: [(names: [String], rules: CodeRules)] = [
        (
            ["python", "py", "python3", "pycon"],
            CodeRules(
                "and as assert async await break case class continue def del elif else except finally for from global if import in is lambda match nonlocal not or pass raise return try while with yield self",
                values: "True False None", comments: ["#"],
                quotes: [
                    Quote("\"\"\"", spansLines: true), Quote("'''", spansLines: true), Quote("\""), Quote("'"),
                ])
        ),
        (
            ["javascript", "js", "jsx", "typescript", "ts", "tsx", "mjs"],
            CodeRules(
                "abstract any as async await break case catch class const continue debugger declare default delete do else enum export extends finally for from function get if implements import in infer instanceof interface keyof let namespace new of private protected public readonly return set static super switch this throw try type typeof var void while with yield string number boolean unknown never",
                values: "true false null undefined NaN Infinity", comments: slashes.0, block: slashes.1,
                quotes: [Quote("`", spansLines: true), Quote("\""), Quote("'")])
        ),
        (
            ["json", "jsonc", "json5", "jsonl", "ndjson"],
            CodeRules("", values: "true false null", comments: ["//"], quotes: [Quote("\"")]).with { $0.hasKeys = true }
        ),
        (
            ["bash", "sh", "shell", "zsh", "console", "shell-session", "fish", "dockerfile", "makefile"],
            CodeRules(
                "case do done elif else esac export fi for function if in local return select set shift source sudo then trap unset until while cd echo exit FROM RUN COPY ADD ENV WORKDIR CMD ENTRYPOINT EXPOSE ARG USER",
                comments: ["#"],
                quotes: [Quote("\"", spansLines: true), Quote("'", escapes: false, spansLines: true)]
            ).with { $0.hasVariables = true }
        ),
        (
            ["swift"],
            CodeRules(
                "actor any as associatedtype async await borrowing break case catch class consuming continue convenience default defer deinit do else enum extension fallthrough fileprivate final for func get guard if import in indirect init inout internal is isolated lazy let macro mutating nonisolated open operator override package private protocol public repeat required rethrows return self Self set some static struct subscript super switch throw throws try typealias unowned var weak where while",
                values: "true false nil", comments: slashes.0, block: slashes.1,
                quotes: [Quote("\"\"\"", spansLines: true), Quote("\"")])
        ),
        (
            ["rust", "rs"],
            CodeRules(
                "as async await break const continue crate dyn else enum extern fn for if impl in let loop match mod move mut pub ref return self Self static struct super trait type unsafe use where while",
                values: "true false None Some Ok Err", comments: slashes.0, block: slashes.1,
                quotes: [Quote("\"", spansLines: true)])
        ),
        (
            ["go", "golang"],
            CodeRules(
                "break case chan const continue default defer else fallthrough for func go goto if import interface map package range return select struct switch type var",
                values: "true false nil iota", comments: slashes.0, block: slashes.1,
                quotes: [Quote("`", escapes: false, spansLines: true), Quote("\""), Quote("'")])
        ),
        (
            ["sql", "postgresql", "postgres", "mysql", "sqlite", "psql"],
            CodeRules(
                "add all alter and as asc begin between by cascade case check column commit constraint create cross database default delete desc distinct drop else end exists explain foreign from full group having if in index inner insert intersect into is join key left like limit not offset on or order outer over partition primary references returning right rollback select set table then transaction union unique update using values view when where with",
                values: "null true false", comments: ["--"], block: ("/*", "*/"),
                quotes: [Quote("'", escapes: false, spansLines: true), Quote("\"", escapes: false)]
            ).with { $0.isCaseless = true }
        ),
        (
            ["c", "cpp", "c++", "h", "hpp", "cc", "cxx", "objc", "objective-c", "cuda"],
            CodeRules(
                "alignas alignof auto bool break case catch char class const consteval constexpr continue co_await co_return co_yield decltype default delete do double else enum explicit export extern final float for friend goto if inline int long mutable namespace new noexcept operator override private protected public register requires return short signed sizeof static static_cast struct switch template this throw try typedef typename union unsigned using virtual void volatile while include define ifdef ifndef endif pragma undef",
                values: "true false nullptr NULL", comments: slashes.0, block: slashes.1)
        ),
        (
            ["java", "kotlin", "kt", "csharp", "cs", "c#", "scala", "dart", "php"],
            CodeRules(
                "abstract as assert async await boolean break byte case catch char class const continue data default do double else enum extends final finally float for foreach fun function if implements import in instanceof int interface internal is long namespace native new object open out override package private protected public readonly record return sealed short static string super suspend switch synchronized this throw throws transient try using val var virtual void volatile when where while yield",
                values: "true false null", comments: slashes.0, block: slashes.1,
                quotes: [Quote("\"\"\"", spansLines: true), Quote("\""), Quote("'")])
        ),
        (
            ["html", "xml", "svg", "vue", "svelte", "xhtml"],
            CodeRules("", block: ("<!--", "-->")).with { $0.hasTags = true }
        ),
        (
            ["yaml", "yml", "toml", "ini", "properties", "conf"],
            CodeRules("", values: "true false null yes no on off", comments: ["#"]).with { $0.hasKeys = true }
        ),
        (
            ["css", "scss", "less"],
            CodeRules("important media import from to keyframes", comments: ["//"], block: ("/*", "*/")).with {
                $0.hasKeys = true
            }
        ),
        (
            ["ruby", "rb", "perl", "pl", "r", "lua", "elixir", "ex"],
            CodeRules(
                "alias and begin break case class def defmodule do else elsif end ensure extend fn for function if in include library local loop module my next not or package private redo repeat require rescue retry return self sub super then undef unless until use when while yield",
                values: "nil true false undef TRUE FALSE NULL", comments: ["#"])
        ),
    ]
}
