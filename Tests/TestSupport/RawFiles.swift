internal import Glibc

/// Files by plain system calls: how a test prepares and inspects a directory
/// without the engine it tests.
///
/// Names are C strings of bytes, so that one need not be UTF-8.
public enum RawFiles {
    /// The names in a directory without `.` and `..`, in byte order; a name
    /// that is not UTF-8 cannot be told by this.
    public static func names(_ path: String) -> [String] {
        guard let stream = opendir(path) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    public static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// Makes the directory and those above it.
    public static func makeDirectory(_ path: String) throws {
        if path.isEmpty || exists(path) { return }
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex { try makeDirectory(String(path[..<slash])) }
        guard mkdir(path, 0o755) == 0 else { throw SystemFailure("mkdir \(path)") }
    }

    public static func write(_ path: String, _ bytes: [UInt8]) throws {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw SystemFailure("open \(path)") }
        defer { close(file) }
        var done = 0
        while done < bytes.count {
            let written = bytes[done...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard written > 0 else { throw SystemFailure("write \(path)") }
            done += written
        }
    }

    public static func write(_ path: String, _ text: String) throws {
        try write(path, Array(text.utf8))
    }

    public static func read(_ path: String) throws -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw SystemFailure("open \(path)") }
        defer { close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(file, &chunk, chunk.count)
            guard count >= 0 else { throw SystemFailure("read \(path)") }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
        }
    }
}

extension RawFiles {
    /// Writes a file whose path below the root is bytes, with the directories to it.
    public static func write(root: String, _ path: [UInt8], _ bytes: [UInt8]) throws {
        let start = Array(root.utf8) + [UInt8(ascii: "/")]
        for (position, byte) in path.enumerated() where byte == UInt8(ascii: "/") {
            _ = withCString(start + path[..<position]) { mkdir($0, 0o755) }
        }
        let file = withCString(start + path) { open($0, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644) }
        guard file >= 0 else { throw SystemFailure("open \(String(decoding: path, as: UTF8.self))") }
        defer { close(file) }
        guard bytes.isEmpty || Glibc.write(file, bytes, bytes.count) == bytes.count else {
            throw SystemFailure("write")
        }
    }

    private static func withCString<R>(_ bytes: [UInt8], _ body: (UnsafePointer<CChar>) -> R) -> R {
        (bytes + [0]).map { CChar(bitPattern: $0) }.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { preconditionFailure("a C string has its NUL") }
            return body(start)
        }
    }
}

extension RawFiles {
    public static func remove(_ path: String) throws {
        guard unlink(path) == 0 else { throw SystemFailure("unlink \(path)") }
    }

    public static func rename(_ old: String, _ new: String) throws {
        guard Glibc.rename(old, new) == 0 else { throw SystemFailure("rename \(old)") }
    }
}

extension RawFiles {
    public static func setMode(_ path: String, _ mode: UInt32) throws {
        guard chmod(path, mode) == 0 else { throw SystemFailure("chmod \(path)") }
    }

    /// The permission bits.
    public static func mode(_ path: String) throws -> UInt32 {
        var status = stat()
        guard lstat(path, &status) == 0 else { throw SystemFailure("stat \(path)") }
        return status.st_mode & 0o7777
    }

    public static func makeLink(_ path: String, to target: String) throws {
        guard symlink(target, path) == 0 else { throw SystemFailure("symlink \(path)") }
    }

    /// Makes a pipe with a name: opening it waits for the other end.
    public static func makePipe(_ path: String) throws {
        guard mkfifo(path, 0o644) == 0 else { throw SystemFailure("mkfifo \(path)") }
    }

    /// Cuts the file short or makes it longer.
    public static func resize(_ path: String, to size: Int) throws {
        guard truncate(path, off_t(size)) == 0 else { throw SystemFailure("truncate \(path)") }
    }

    public static func append(_ path: String, _ bytes: [UInt8]) throws {
        try write(path, try read(path) + bytes)
    }
}

extension RawFiles {
    /// Sets the time of the last change of content.
    public static func setTimes(_ path: String, secondsAgo: Int) throws {
        let time = timespec(tv_sec: Glibc.time(nil) - secondsAgo, tv_nsec: 0)
        guard utimensat(AT_FDCWD, path, [time, time], 0) == 0 else { throw SystemFailure("utimensat \(path)") }
    }
}
