internal import Glibc

/// One name in a directory.
struct DirectoryEntry {
    let name: FileName
    let kind: FileStatus.Kind

    /// The bytes by which the entry is ordered among full keys.
    var sortName: [UInt8] {
        kind == .directory ? Array(name.bytes) + [UInt8(ascii: "/")] : Array(name.bytes)
    }

    struct ReadFailure: Error {
        let code: Int32
    }

    /// The entries whose names begin so, in key order, without `.`, `..` and temporary files.
    static func read(
        _ directory: borrowing Descriptor, beginning: ArraySlice<UInt8>
    ) -> Result<[DirectoryEntry], ReadFailure> {
        // The stream takes its descriptor over, so it gets one of its own; a
        // duplicate would share the position with other readers.
        let own = retrying { openat(directory.number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard own >= 0 else { return .failure(ReadFailure(code: errno)) }
        guard let stream = fdopendir(own) else {
            let code = errno
            close(own)
            return .failure(ReadFailure(code: code))
        }
        defer { closedir(stream) }
        var found: [(order: [UInt8], entry: DirectoryEntry)] = []
        while true {
            errno = 0
            guard let raw = readdir(stream) else {
                if errno != 0 { return .failure(ReadFailure(code: errno)) }
                break
            }
            let bytes = nameBytes(raw)
            if bytes.elementsEqual(dot) || bytes.elementsEqual(dotDot) { continue }
            guard bytes.starts(with: beginning), !TemporaryName.matches(bytes[...]) else { continue }
            let name = FileName(bytes)
            guard let kind = kind(raw.pointee.d_type, directory, name) else { continue }
            let entry = DirectoryEntry(name: name, kind: kind)
            found.append((entry.sortName, entry))
        }
        found.sort { $0.order.lexicographicallyPrecedes($1.order) }
        return .success(found.map(\.entry))
    }

    private static let dot = [UInt8(ascii: ".")]
    private static let dotDot = [UInt8(ascii: "."), UInt8(ascii: ".")]

    private static func nameBytes(_ raw: UnsafeMutablePointer<dirent>) -> [UInt8] {
        withUnsafePointer(to: &raw.pointee.d_name) { start in
            let bytes = UnsafeRawPointer(start).assumingMemoryBound(to: UInt8.self)
            let length = strlen(UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self))
            return Array(UnsafeBufferPointer(start: bytes, count: length))
        }
    }

    /// `nil` for a name that is gone again.
    private static func kind(
        _ type: UInt8, _ directory: borrowing Descriptor, _ name: FileName
    ) -> FileStatus.Kind? {
        switch Int(type) {
        case Int(DT_REG): .regular
        case Int(DT_DIR): .directory
        case Int(DT_LNK): .link
        case Int(DT_UNKNOWN): FileStatus(in: directory, name)?.kind
        default: .special
        }
    }
}
