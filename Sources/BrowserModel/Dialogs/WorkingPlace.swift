/// Where the program runs: what paths that are typed start from.
public struct WorkingPlace: Sendable, Equatable {
    /// The current directory; empty where it is not known.
    public var directory: String
    /// What `~` stands for.
    public var home: String

    public init(directory: String = "", home: String = "") {
        self.directory = directory
        self.home = home
    }

    /// The directory that a file will be in whose path is typed so; `nil` where that is not known.
    public func directory(ofFile path: String) -> String? {
        guard let full = full(path) else { return nil }
        guard let slash = full.lastIndex(of: "/") else { return full }
        return tidy(full[..<slash])
    }

    /// The whole path of a file whose path is typed so; `nil` where that is not known.
    public func file(_ path: String) -> String? { full(path).map { tidy($0[...]) } }

    /// The directory whose path is typed so; `nil` where that is not known.
    public func directory(_ path: String) -> String? { full(path).map { tidy($0[...]) } }

    private func full(_ path: String) -> String? {
        if path.hasPrefix("/") { return path }
        // As an export reads it; `~name` is a name as any other.
        if path == "~" || path.hasPrefix("~/") { return home.isEmpty ? nil : home + path.dropFirst() }
        return directory.isEmpty ? nil : "\(directory)/\(path)"
    }

    /// Without what says nothing. `..` stays: where it leads, only the file system knows.
    private func tidy(_ path: Substring) -> String {
        "/" + path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
    }
}
