internal import Glibc

/// The sections of a shared configuration or credentials file.
///
/// Source: "Configuration and credential file settings" of the AWS CLI guide:
/// `[section]`, `name = value`, lines that begin with `#` or `;`, and values
/// below an empty one indented, here named `outer.inner`.
struct SharedFile {
    private(set) var sections: [String: [String: String]] = [:]

    init(_ text: String) {
        var section: String?
        var outer: String?
        for line in text.split(omittingEmptySubsequences: true, whereSeparator: \.isNewline) {
            let content = Self.trimmed(line)
            guard let first = content.first, first != "#", first != ";" else { continue }
            if first == "[" {
                let name = content.dropFirst().prefix { $0 != "]" }
                section = Self.trimmed(name)
                outer = nil
                continue
            }
            guard let section, let equals = content.firstIndex(of: "=") else { continue }
            let name = Self.trimmed(content[..<equals]).lowercased()
            var value = Self.trimmed(content[content.index(after: equals)...])
            if let comment = [" #", " ;"].compactMap({ value.firstRange(of: $0)?.lowerBound }).min() {
                value = Self.trimmed(value[..<comment])
            }
            let isIndented = line.first?.isWhitespace ?? false
            if isIndented, let outer {
                sections[section, default: [:]]["\(outer).\(name)"] = value
            } else {
                sections[section, default: [:]][name] = value
                outer = value.isEmpty ? name : nil
            }
        }
    }

    /// The file's content, `nil` when there is no such file; the errno when it cannot be read.
    static func read(_ path: String) -> Result<SharedFile?, SharedFileFailure> {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        guard file >= 0 else {
            return errno == ENOENT || errno == ENOTDIR ? .success(nil) : .failure(SharedFileFailure(code: errno))
        }
        defer { close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 14)
        // What is longer than this is not such a file.
        while bytes.count < 1 << 22 {
            let count = Glibc.read(file, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            if count < 0 { return .failure(SharedFileFailure(code: errno)) }
            if count == 0 { break }
            bytes += chunk[..<count]
        }
        return .success(SharedFile(String(decoding: bytes, as: UTF8.self)))
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        var rest = text[...]
        while let first = rest.first, first.isWhitespace { rest = rest.dropFirst() }
        while let last = rest.last, last.isWhitespace { rest = rest.dropLast() }
        return String(rest)
    }
}

struct SharedFileFailure: Error {
    let code: Int32
    var reason: String { String(cString: strerror(code)) }
}
