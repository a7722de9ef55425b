/// Text in which `${NAME}` stands for the value of an environment variable.
enum VariableText {
    enum Problem: Error {
        case unclosed
        case unset(String)

        var sentence: String {
            switch self {
            case .unclosed: "\"${\" has no closing \"}\""
            case .unset(let name): "the environment variable \(name) is not set"
            }
        }
    }

    /// The text with every `${NAME}` replaced by that environment variable.
    static func expanded(_ text: String, _ environment: ProcessEnvironment) throws(Problem) -> String {
        var rest = text[...]
        var expanded = ""
        while let start = rest.firstRange(of: "${") {
            expanded += rest[..<start.lowerBound]
            rest = rest[start.upperBound...]
            guard let end = rest.firstIndex(of: "}") else { throw .unclosed }
            let name = String(rest[..<end])
            guard let value = environment.value(name) else { throw .unset(name) }
            expanded += value
            rest = rest[rest.index(after: end)...]
        }
        return expanded + rest
    }

    /// The text without its variables, whose values come from elsewhere.
    static func withoutVariables(_ text: String) -> String {
        var rest = text[...]
        var kept = ""
        while let start = rest.firstRange(of: "${"), let end = rest[start.upperBound...].firstIndex(of: "}") {
            kept += rest[..<start.lowerBound]
            rest = rest[rest.index(after: end)...]
        }
        return kept + rest
    }
}
