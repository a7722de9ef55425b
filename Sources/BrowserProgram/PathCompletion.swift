internal import BrowserModel
internal import Glibc

/// The names in a directory that go on as what was typed.
enum PathCompletion {
    /// Paths that are offered; of the others their number is told.
    private static let mostOffered = 200

    /// - Parameter typed: the beginning of a path; `~` is the user's own directory.
    static func choices(for typed: String) -> PathChoices {
        if typed == "~" { return PathChoices(paths: ["~/"], count: 1) }
        let end = typed.lastIndex(of: "/").map { typed.index(after: $0) } ?? typed.startIndex
        let directory = String(typed[..<end])
        let beginning = Array(typed[end...].utf8)
        guard let stream = opendir(directory.isEmpty ? "." : expanded(directory)) else {
            return PathChoices(paths: [], count: 0)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            // A name that is no text cannot be typed.
            guard bytes.starts(with: beginning), let name = String(validating: bytes, as: UTF8.self) else { continue }
            if name == "." || name == ".." || bytes.first == UInt8(ascii: ".") && beginning.isEmpty { continue }
            names.append(name)
        }
        names.sort()
        let paths = names.prefix(mostOffered).map { name in
            directory + name + (isDirectory(expanded(directory + name)) ? "/" : "")
        }
        return PathChoices(paths: paths, count: names.count)
    }

    private static func expanded(_ path: String) -> String {
        guard path.hasPrefix("~/"), let home = getenv("HOME") else { return path }
        return String(cString: home) + path.dropFirst()
    }

    private static func isDirectory(_ path: String) -> Bool {
        var info = stat()
        return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
    }
}
