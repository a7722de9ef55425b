/// The command lines that were carried out, oldest first, each once.
public struct LineHistory: Sendable, Equatable {
    public static let rememberedLines = 300

    public private(set) var lines: [String]

    public init(_ lines: [String] = []) {
        self.lines = Array(lines.suffix(Self.rememberedLines))
    }

    /// Remembers a line, unless it may hold a password.
    mutating func add(_ line: String) {
        let line = line.trimmed
        guard !line.isEmpty, line.count <= 1000, !Self.mayHoldSecret(line) else { return }
        lines.removeAll { $0 == line }
        lines.append(line)
        if lines.count > Self.rememberedLines { lines.removeFirst() }
    }

    /// These lines behind those of another history, each once.
    func merged(over other: LineHistory) -> LineHistory {
        let own = Set(lines)
        return LineHistory(other.lines.filter { !own.contains($0) } + lines)
    }

    /// The place of the next line before `place` that begins with `beginning`.
    func older(than place: Int, beginning: String) -> Int? {
        lines[..<min(place, lines.count)].lastIndex { $0.hasPrefix(beginning) && $0 != beginning }
    }

    func newer(than place: Int, beginning: String) -> Int? {
        guard place < lines.count else { return nil }
        return lines[(place + 1)...].firstIndex { $0.hasPrefix(beginning) && $0 != beginning }
    }

    /// Whether something in the line may be a password: what stands before the
    /// `@` of a URL, or is named like one. Names of variables, `${NAME}`, are none.
    static func mayHoldSecret(_ line: String) -> Bool {
        let line = withoutVariables(line)
        if let mark = line.firstRange(of: "://") {
            let behind = line[mark.upperBound...]
            if let at = behind.lastIndex(of: "@") {
                let user = behind[..<at]
                let isPostgres =
                    line[..<mark.lowerBound].hasSuffix("postgres")
                    || line[..<mark.lowerBound].hasSuffix("postgresql")
                // Only PostgreSQL has a user's name without a password there.
                let isName = isPostgres && user.allSatisfy { $0.isLetter || $0.isNumber || "_-.".contains($0) }
                if !user.allSatisfy({ $0 == ":" }), !isName, !(isPostgres && isNameWithColon(user)) { return true }
            }
        }
        let folded = line.lowercased()
        return secretNames.contains { name in
            guard let found = folded.firstRange(of: name) else { return false }
            let rest = folded[found.upperBound...].drop { $0.isLetter || $0 == "_" || $0 == "-" }
            guard rest.first == "=" else { return false }
            return rest.dropFirst().first.map { $0 != "&" && $0 != " " } ?? false
        }
    }

    private static let secretNames = ["pass", "secret", "token", "credential", "key", "pwd"]

    private static func isNameWithColon(_ user: Substring) -> Bool {
        user.last == ":" && user.dropLast().allSatisfy { $0.isLetter || $0.isNumber || "_-.".contains($0) }
    }

    private static func withoutVariables(_ line: String) -> String {
        var kept = ""
        var rest = line[...]
        while let start = rest.firstRange(of: "${"), let end = rest[start.upperBound...].firstIndex(of: "}") {
            kept += rest[..<start.lowerBound]
            rest = rest[rest.index(after: end)...]
        }
        return kept + rest
    }
}
