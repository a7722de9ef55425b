internal import JSONText

/// Where the files of an index come from, told from `source` of its documents.
struct IndexOrigin: Sendable, Hashable {
    /// The word for the kind of source: "github"; empty when none is stored.
    var type: String
    /// What is indexed there: "acme/web-app@main", "https://docs.example.com".
    var name: String

    /// Both for one column: "github acme/web-app@main".
    var text: String {
        if type.isEmpty || name.isEmpty { return type + name }
        return "\(type) \(name)"
    }

    init(source: JSONValue) {
        type = source["type"]?.stringValue ?? ""
        let config = source["config"] ?? .object([])
        func text(_ member: String) -> String? {
            switch config[member] {
            case .some(let value):
                if let text = value.stringValue { return text.isEmpty ? nil : text }
                return value.childCount == nil && !value.isNull ? value.serialized(.compact) : nil
            case .none: return nil
            }
        }
        switch type {
        case "github":
            name = Self.repository([text("owner"), text("repo")], ref: text("ref"), host: text("baseUrl"))
        case "gitlab":
            name = Self.repository([text("projectId")], ref: text("ref"), host: text("baseUrl"))
        case "bitbucket":
            name = Self.repository([text("workspace"), text("repo")], ref: text("ref"), host: text("baseUrl"))
        default:
            // A website, or a kind this version does not know: whichever member names a place.
            name = ["url", "rootPath", "path", "name"].lazy.compactMap(text).first ?? ""
        }
    }

    /// `owner/repo@ref (host)`, of what is there.
    private static func repository(_ parts: [String?], ref: String?, host: String?) -> String {
        var name = parts.compactMap(\.self).joined(separator: "/")
        if let ref { name += "@\(ref)" }
        if let host { name += name.isEmpty ? host : " (\(host))" }
        return name
    }
}
