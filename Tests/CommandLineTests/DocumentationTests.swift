import CommandLineTool
import TestSupport
import Testing

/// A document of the package, and what it says that can be checked.
private struct Document {
    let path: String
    let text: String

    init(_ path: String) throws {
        self.path = path
        text = String(decoding: try RawFiles.read("\(PackagePlaces.root)/\(path)"), as: UTF8.self)
    }

    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

    /// What stands between two marks, every time.
    func parts(from start: String, to end: String) -> [Substring] {
        var parts: [Substring] = []
        var rest = text[...]
        while let begin = rest.firstRange(of: start),
            let stop = rest[begin.upperBound...].firstRange(of: end)
        {
            parts.append(rest[begin.upperBound..<stop.lowerBound])
            rest = rest[stop.upperBound...]
        }
        return parts
    }

    /// Everything that is written as code: lines of blocks, and what stands between backticks.
    var code: [String] {
        var code: [String] = []
        var isBlock = false
        for line in lines {
            if line.hasPrefix("```") {
                isBlock.toggle()
            } else if isBlock {
                code.append(String(line))
            } else {
                let parts = line.split(separator: "`", omittingEmptySubsequences: false)
                code += parts.enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
            }
        }
        return code
    }
}

@Suite("What the documents say")
struct DocumentationTests {
    @Test("Every test that the comparison names is in the file that it names")
    func namedTests() throws {
        let document = try Document("docs/comparison.md")
        var count = 0
        for mention in document.parts(from: "](../", to: "”") {
            guard let end = mention.firstIndex(of: ")"), let quote = mention.firstIndex(of: "“") else {
                Issue.record("a link without a sentence: \(mention)")
                continue
            }
            let sentence = mention[mention.index(after: quote)...]
            let file = try Document(String(mention[..<end])).text
            #expect(
                file.contains("\"\(sentence)\"") || file.contains("`\(sentence)`"),
                "\(mention[..<end]) has no test \"\(sentence)\"")
            count += 1
        }
        // A sentence without its file would not be looked at.
        #expect(count == document.text.count { $0 == "“" })
        #expect(count > 100)
    }

    @Test("Every feature of the table and every request has a proof, or says where it is")
    func proofs() throws {
        let document = try Document("docs/comparison.md")
        let parts = document.text.split(separator: "\n## ")
        let features = try #require(parts.first { $0.hasPrefix("Features") })
        let requests = try #require(parts.first { $0.hasPrefix("What users") })
        let rows = features.split(separator: "\n").compactMap { line in
            line.hasPrefix("| ") ? Int(line.dropFirst(2).prefix { $0.isNumber }) : nil
        }
        let proofs = Self.items(features)
        #expect(rows == Array(1...40))
        #expect(proofs.map(\.number) == rows)
        #expect(Self.items(requests).map(\.number) == Array(1...33))
        for item in proofs + Self.items(requests) {
            #expect(item.text.contains("“") || item.text.contains(" above"), "\(item.number) has no proof")
        }
    }

    private static func items(_ text: Substring) -> [(number: Int, text: String)] {
        var items: [(number: Int, text: String)] = []
        for line in text.split(separator: "\n") {
            let digits = line.prefix { $0.isNumber }
            if let number = Int(digits), line.dropFirst(digits.count).hasPrefix(". ") {
                items.append((number, String(line)))
            } else if !items.isEmpty {
                items[items.count - 1].text += "\n" + line
            }
        }
        return items
    }

    @Test(
        "Every command that a document shows is one the program understands",
        arguments: ["README.md", "docs/comparison.md"])
    func commands(_ path: String) throws {
        let commands = try Document(path).code.filter { $0.hasPrefix("ctxbrowse ") }
        #expect(commands.count > 2)
        for command in commands {
            if case .failure(let error) = CommandLineOptions.parse(Array(Self.words(command).dropFirst())) {
                Issue.record("\(command): \(error)")
            }
        }
    }

    /// The words as a shell takes them: quotes hold them together, a `#` begins a comment.
    private static func words(_ command: String) -> [String] {
        var words: [String] = []
        var word: String?
        var isQuoted = false
        for character in command {
            if character == "\"" {
                isQuoted.toggle()
                word = word ?? ""
            } else if character == " ", !isQuoted {
                if let done = word { words.append(done) }
                word = nil
            } else if character == "#", word == nil {
                break
            } else {
                word = (word ?? "") + String(character)
            }
        }
        return words + (word.map { [$0] } ?? [])
    }

    @Test("Every file and every target of make that README names is there")
    func places() throws {
        let readme = try Document("README.md")
        let links = readme.parts(from: "](", to: ")").filter { !$0.contains("://") }
        #expect(!links.isEmpty)
        for link in links {
            #expect(RawFiles.exists("\(PackagePlaces.root)/\(link)"), "\(link)")
        }
        let targets = try Document("Makefile").lines
        let named = readme.code.filter { $0.hasPrefix("make ") }
        #expect(!named.isEmpty)
        for command in named {
            let target = command.dropFirst(5).prefix { $0.isLetter || $0 == "-" }
            #expect(targets.contains { $0.hasPrefix("\(target):") }, "\(command)")
        }
    }
}
