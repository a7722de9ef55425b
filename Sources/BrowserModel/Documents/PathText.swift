internal import JSONText

/// Paths as people type them: what `JSONPath` reads, and keys with any
/// characters but dots and brackets without quotes, as in `.odd-key[0]`.
enum PathText {
    /// Whether a text is meant as a path and not as a number.
    static func isPath(_ text: String) -> Bool { text.hasPrefix(".") || text.hasPrefix("[") }

    static func steps(_ text: String) -> [JSONPath.Component]? {
        if let path = try? JSONPath(parsing: text) { return path.components }
        var steps: [JSONPath.Component] = []
        var rest = Substring(text)
        while let first = rest.first {
            if first == "." {
                rest = rest.dropFirst()
                let name = rest.prefix { $0 != "." && $0 != "[" }
                if name.isEmpty {
                    if rest.isEmpty || rest.first == "[" { continue }
                    return nil
                }
                steps.append(.key(String(name)))
                rest = rest.dropFirst(name.count)
            } else if first == "[" {
                guard let (step, length) = bracket(rest) else { return nil }
                steps.append(step)
                rest = rest.dropFirst(length)
            } else {
                return nil
            }
        }
        return steps
    }

    /// The last step that is still being typed, and the whole path before it.
    static func unfinished(_ text: String) -> (done: String, typed: String) {
        var start = text.startIndex
        var isQuoted = false
        for index in text.indices {
            if text[index] == "\"" { isQuoted.toggle() }
            if !isQuoted, text[index] == "." || text[index] == "[" { start = index }
        }
        let done = String(text[..<start])
        return (done.isEmpty ? "." : done, String(text[start...]))
    }

    /// One step as it is written behind a path.
    static func spelling(of step: JSONPath.Component) -> String {
        let text = JSONPath([step]).description
        // `.["a b"]` and `.[0]` begin with the dot of the root.
        return text.hasPrefix(".[") ? String(text.dropFirst()) : text
    }

    private static func bracket(_ text: Substring) -> (JSONPath.Component, Int)? {
        if text.dropFirst().first == "\"" {
            var isEscaped = false
            for (offset, character) in text.enumerated().dropFirst(2) {
                if !isEscaped, character == "\"" {
                    guard text.dropFirst(offset + 1).first == "]",
                        let key = JSONString(spelling: String(text.prefix(offset).dropFirst(2)))
                    else { return nil }
                    return (.key(key.text), offset + 2)
                }
                isEscaped = !isEscaped && character == "\\"
            }
            return nil
        }
        let digits = text.dropFirst().prefix { $0 != "]" }
        guard let index = Int(digits), text.dropFirst(digits.count + 1).first == "]" else { return nil }
        return (.index(index), digits.count + 2)
    }
}
