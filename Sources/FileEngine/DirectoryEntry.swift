internal import Glibc

/// One name in a directory.
struct DirectoryEntry: Sendable {
    let name: FileName
    let kind: FileStatus.Kind
    /// The bytes by which the entry is ordered among full keys: a directory's end in `/`.
    let sortName: [UInt8]

    init(name: FileName, kind: FileStatus.Kind) {
        self.name = name
        self.kind = kind
        sortName = kind == .directory ? Array(name.bytes) + [UInt8(ascii: "/")] : Array(name.bytes)
    }

    struct ReadFailure: Error {
        let code: Int32
    }

    /// All entries in key order, without `.`, `..` and temporary files.
    static func read(_ directory: borrowing Descriptor) -> Result<[DirectoryEntry], ReadFailure> {
        // The stream closes its descriptor, so it gets one of its own. Opening
        // the directory anew would take the right to search it besides.
        let own = fcntl(directory.number, F_DUPFD_CLOEXEC, 0)
        guard own >= 0 else { return .failure(ReadFailure(code: errno)) }
        guard let stream = fdopendir(own) else {
            let code = errno
            close(own)
            return .failure(ReadFailure(code: code))
        }
        defer { closedir(stream) }
        // The two descriptors share one position.
        rewinddir(stream)
        var found: [DirectoryEntry] = []
        while true {
            errno = 0
            guard let raw = readdir(stream) else {
                if errno != 0 { return .failure(ReadFailure(code: errno)) }
                break
            }
            let bytes = nameBytes(raw)
            if bytes.elementsEqual(dot) || bytes.elementsEqual(dotDot) { continue }
            if TemporaryName.matches(bytes[...]) { continue }
            let name = FileName(bytes)
            found.append(DirectoryEntry(name: name, kind: kind(raw.pointee.d_type, directory, name)))
        }
        found.sort { $0.sortName.lexicographicallyPrecedes($1.sortName) }
        return .success(found)
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

    private static func kind(_ type: UInt8, _ directory: borrowing Descriptor, _ name: FileName) -> FileStatus.Kind {
        switch Int(type) {
        case Int(DT_REG): .regular
        case Int(DT_DIR): .directory
        case Int(DT_LNK): .link
        // A name that cannot be asked is looked at once more when it is listed.
        case Int(DT_UNKNOWN): FileStatus(in: directory, name)?.kind ?? .regular
        default: .special
        }
    }
}
