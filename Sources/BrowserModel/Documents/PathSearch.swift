internal import JSONText

/// A search for the value at a path of a JSON document.
public struct PathSearch: Sendable, Equatable {
    public var report: OutlineReport
    /// The path as it was typed: `.contextState.blobs[17][1]`.
    public var path: String

    public init(report: OutlineReport, path: String) {
        self.report = report
        self.path = path
    }

    /// Goes down the path step by step. Of duplicate keys the last one is meant, so all members are looked at.
    public func run(isCancelled: () -> Bool = { false }) -> PathFinding {
        guard let steps = PathText.steps(path) else {
            return .missing("\"\(path)\" is no path; one looks like .contextState.blobs[17][1]")
        }
        let outline = report.outline
        guard var node = outline.root else { return .missing("the document has no value") }
        var walked = JSONPath.root
        for step in steps {
            switch Self.child(of: node, step, outline, isCancelled) {
            case .success(let child): node = child
            case .failure(let reason):
                if isCancelled() { return .cancelled }
                return .missing(sentence(reason, node, step, walked))
            }
            walked = walked.appending(step)
        }
        return .found(start: node.start)
    }

    private enum Absence: Error {
        case noContainer, wrongKind, notThere
    }

    private static func child(
        of node: JSONOutlineNode, _ step: JSONPath.Component, _ outline: JSONOutline, _ isCancelled: () -> Bool
    ) -> Result<JSONOutlineNode, Absence> {
        switch (node.kind, step) {
        case (.array, .index(let index)):
            let place = index < 0 ? (node.childCount ?? 0) + index : index
            guard place >= 0 else { return .failure(.notThere) }
            return outline.children(of: node, in: place..<place + 1).first.map { .success($0) } ?? .failure(.notThere)
        case (.object, .key):
            var found: JSONOutlineNode?
            outline.forEachChild(of: node) { child in
                if outline.key(of: child).map(JSONPath.Component.key) == step { found = child }
                return child.ordinal & 0xFFF != 0 || !isCancelled()
            }
            return found.map { .success($0) } ?? .failure(.notThere)
        case (.object, .index), (.array, .key): return .failure(.wrongKind)
        default: return .failure(.noContainer)
        }
    }

    /// One sentence that names the step that is not there.
    private func sentence(
        _ absence: Absence, _ node: JSONOutlineNode, _ step: JSONPath.Component, _ walked: JSONPath
    ) -> String {
        let place = walked.components.isEmpty ? "the document" : walked.description
        let name = Self.name(step)
        let outline = report.outline
        let isPartly = !outline.isFinished && !node.isComplete
        let part = isPartly ? " in the \(Int(outline.progress * 100)) % read so far" : ""
        switch (absence, node.kind) {
        case (.notThere, .array):
            let count = node.childCount ?? 0
            return "\(place) has \(Words.count(count, "elements"))\(part): \(name) is not there"
        case (.notThere, _):
            let keys = outline.children(of: node, in: 0..<4).compactMap(outline.key(of:))
            let more = (node.childCount ?? 0) > keys.count ? ", …" : ""
            let known = keys.isEmpty ? "it is empty" : "it has " + keys.joined(separator: ", ") + more
            return "\(place) has no member \(name)\(part); \(known)"
        case (.wrongKind, .array): return "\(place) is an array: \(name) is not there, its elements are [0], [1] …"
        case (.wrongKind, _): return "\(place) is an object: \(name) is not there, its members have keys"
        case (.noContainer, _): return "\(place) is \(Self.word(node.kind)) and holds nothing: \(name) is not there"
        }
    }

    private static func name(_ step: JSONPath.Component) -> String {
        switch step {
        case .index(let index): "[\(index)]"
        case .key(let key): "\"\(key)\""
        }
    }

    private static func word(_ kind: JSONKind) -> String {
        switch kind {
        case .object: "an object"
        case .array: "an array"
        case .string: "a string"
        case .number: "a number"
        case .bool: "a truth value"
        case .null: "null"
        }
    }
}

/// What came of a search for a path.
public enum PathFinding: Sendable, Equatable {
    case found(start: Int)
    /// One sentence that names the step that is not there.
    case missing(String)
    case cancelled
}
