internal import StoredRecords

/// Where a source's data is, as the user names it.
///
/// Forms: a path, `sqlite:PATH`, `memory:`, and server URLs. Descriptions
/// never hold a password.
public enum StoreLocation: Sendable, Hashable {
    /// A directory or a database file; absolute.
    case path(String)
    /// A database file, whatever its first bytes say; absolute.
    case sqlite(String)
    case memory
    case server(ServerURL)

    /// Reads the text; a relative path is taken from `directory`.
    public init(_ text: String, relativeTo directory: String) {
        if text == "memory:" {
            self = .memory
        } else if text.hasPrefix("sqlite:") {
            self = .sqlite(Self.absolute(String(text.dropFirst("sqlite:".count)), from: directory))
        } else if let url = ServerURL(text) {
            self = .server(url)
        } else {
            self = .path(Self.absolute(text, from: directory))
        }
    }

    /// For people and for the recovery journal; opens the same place again.
    public var display: String {
        switch self {
        case .path(let path): path
        case .sqlite(let path): "sqlite:\(path)"
        case .memory: "memory:"
        case .server(let url): url.display
        }
    }

    /// Whether the text is written in a form that only a source can have.
    public static func looksLikeSource(_ text: String) -> Bool {
        text == "memory:" || text.hasPrefix("sqlite:") || ServerURL(text) != nil
            // Taken for an id, a URL with a password would be repeated.
            || (text.contains("@") && foreignScheme(of: text) != nil)
    }

    /// What to say of such a URL, which may hold a password.
    static func unknown(_ scheme: String) -> StorageError {
        StorageError(
            .invalid, operation: "open a \(scheme):// location", place: "",
            reason: "nothing here can reach such a place",
            help: "write a path, sqlite:PATH, or a location with postgres://, redis://, rediss://, unix:// or s3://")
    }

    /// The scheme of a URL that no engine opens: `mysql` of `mysql://...`.
    static func foreignScheme(of text: String) -> String? {
        guard let mark = text.firstRange(of: "://"), ServerURL(text) == nil, !text.hasPrefix("sqlite:") else {
            return nil
        }
        let scheme = text[..<mark.lowerBound]
        let isScheme = scheme.utf8.allSatisfy { (0x61...0x7A).contains($0 | 0x20) || "+-.0123456789".utf8.contains($0) }
        return isScheme && scheme.utf8.count <= 32 && scheme.utf8.count > 0 ? String(scheme) : nil
    }

    /// The path made absolute, with `.` and `..` resolved by name only.
    static func absolute(_ path: String, from directory: String) -> String {
        let whole = path.hasPrefix("/") ? path : directory + "/" + path
        var parts: [Substring] = []
        for part in whole.split(separator: "/") {
            switch part {
            case ".": continue
            case "..": _ = parts.popLast()
            default: parts.append(part)
            }
        }
        return "/" + parts.joined(separator: "/")
    }
}

/// Two spellings of one accented letter are two files, so paths are compared by their bytes.
extension StoreLocation {
    public static func == (left: StoreLocation, right: StoreLocation) -> Bool {
        switch (left, right) {
        case (.path(let a), .path(let b)), (.sqlite(let a), .sqlite(let b)): a.isExactly(b)
        case (.memory, .memory): true
        case (.server(let a), .server(let b)): a == b
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(ExactText(display)) }
}
