internal import JSONText
internal import StoredRecords

/// A search through the keys and values of a JSON document.
public struct TreeSearch: Sendable, Equatable {
    public var report: OutlineReport
    public var text: TreeSearchText
    /// Forwards, what begins here or behind counts; backwards, what begins before.
    public var from: Int
    public var isForward: Bool

    /// The key or value found next, as bytes of the document; `nil` when there is none.
    public func run(isCancelled: () -> Bool) -> Range<Int>? {
        var search = text.search(isForward ? .forward : .backward, from: from)
        while !isCancelled() {
            switch report.outline.step(&search) {
            case .found(let match): return match.range
            case .searching: continue
            case .waiting, .exhausted: return nil
            }
        }
        return nil
    }
}

/// What is looked for in a tree, as it is typed: a text that a key or value
/// holds; `key:` or `value:` before it looks in one of the two only.
public struct TreeSearchText: Sendable, Equatable {
    public enum Scope: Sendable, Equatable {
        case everything, keys, values
    }

    public let scope: Scope
    public let needle: String
    /// What `/a.*b/` stands for.
    private let pattern: TextPattern?

    public init(_ typed: String) {
        for (word, scope) in [("key:", Scope.keys), ("value:", .values)]
        where typed.hasPrefix(word) && typed.count > word.count {
            self.scope = scope
            needle = String(typed.dropFirst(word.count))
            pattern = try? TextPattern.typed(needle)
            return
        }
        scope = .everything
        needle = typed
        pattern = try? TextPattern.typed(typed)
    }

    /// Any case of letters, unless the text holds a capital.
    func search(_ direction: JSONSearch.Direction, from: Int) -> JSONSearch {
        let scope: JSONSearch.Scope =
            switch scope {
            case .everything: .everything
            case .keys: .keys
            case .values: .values
            }
        if let pattern {
            return JSONSearch(
                passing: { pattern.matches($0, isCancelled: { Task.isCancelled }) }, in: scope, direction, from: from)
        }
        let ignoresCase = !needle.contains(where: \.isUppercase)
        return JSONSearch(needle, ignoresCase: ignoresCase, in: scope, direction, from: from)
    }
}
