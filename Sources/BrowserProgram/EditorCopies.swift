internal import Glibc
internal import StoredRecords
internal import Synchronization

/// Files that editors are given: each in a directory of its own that nobody
/// else can look into, and gone when it has been looked at.
final class EditorCopies: Sendable {
    private let directories = Mutex<Set<String>>([])
    private static let pieceBytes = 1 << 20

    /// Writes a copy and returns its path.
    func make(
        _ bytes: StoredBytes, name: String, isCancelled: () -> Bool, progress: (Int) -> Void
    ) throws(StorageError) -> String {
        let base = getenv("TMPDIR").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        var template = Array("\(base)/ctxbrowse-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Self.failure(base, errno) }
        let directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        _ = directories.withLock { $0.insert(directory) }
        let path = directory + "/" + Self.fileName(name)
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            let code = errno
            remove(path)
            throw Self.failure(path, code)
        }
        defer { close(file) }
        var start = 0
        while start < bytes.count {
            var rest = bytes.slice(start..<start + Self.pieceBytes)[...]
            start += rest.count
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else {
                    let code = errno
                    remove(path)
                    throw Self.failure(path, code)
                }
                rest = rest.dropFirst(count)
            }
            if isCancelled() {
                remove(path)
                throw StorageError(
                    .cancelled, operation: "copy \(name) for the editor", place: path, reason: "it was cancelled")
            }
            progress(start)
        }
        return path
    }

    /// Removes a copy, with what an editor has left beside it.
    func remove(_ path: String) {
        guard let end = path.lastIndex(of: "/") else { return }
        remove(directory: String(path[..<end]))
    }

    func removeAll() {
        for directory in directories.withLock({ $0 }) { remove(directory: directory) }
    }

    private func remove(directory: String) {
        // Only what was made here.
        guard directories.withLock({ $0.remove(directory) }) != nil else { return }
        if let stream = opendir(directory) {
            while let entry = readdir(stream) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name != ".", name != ".." { unlink(directory + "/" + name) }
            }
            closedir(stream)
        }
        rmdir(directory)
    }

    /// What tells whether a file was written to.
    static func stamp(_ path: String) -> String? {
        var facts = stat()
        guard stat(path, &facts) == 0 else { return nil }
        return "\(facts.st_ino) \(facts.st_size) \(facts.st_mtim.tv_sec) \(facts.st_mtim.tv_nsec)"
    }

    /// Letters that no program takes for anything else.
    static func fileName(_ name: String) -> String {
        let kept = name.unicodeScalars.map { scalar -> Character in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", ".", "_": Character(scalar)
            default: "-"
            }
        }
        let text = String(kept.suffix(60)).drop { $0 == "." || $0 == "-" }
        return text.isEmpty ? "copy" : String(text)
    }

    private static func failure(_ path: String, _ code: Int32) -> StorageError {
        StorageError(
            .failed, operation: "write a copy for the editor", place: path, reason: String(cString: strerror(code)),
            help: "set TMPDIR to a directory that has room and can be written")
    }
}
