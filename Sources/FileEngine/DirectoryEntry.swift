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

    /// Hands over every name of the directory as the file system orders them,
    /// without `.`, `..` and temporary files, until the receiver says false.
    ///
    /// The bytes are only valid during the call.
    static func forEach(
        in directory: borrowing Descriptor, _ receive: (UnsafeBufferPointer<UInt8>, FileStatus.Kind) -> Bool
    ) -> ReadFailure? {
        // The stream closes its descriptor, so it gets one of its own. Opening
        // the directory anew would take the right to search it besides.
        let own = fcntl(directory.number, F_DUPFD_CLOEXEC, 0)
        guard own >= 0 else { return ReadFailure(code: errno) }
        guard let stream = fdopendir(own) else {
            let code = errno
            close(own)
            return ReadFailure(code: code)
        }
        defer { closedir(stream) }
        // The two descriptors share one position.
        rewinddir(stream)
        while true {
            errno = 0
            guard let raw = readdir(stream) else { return errno == 0 ? nil : ReadFailure(code: errno) }
            let goesOn = withUnsafePointer(to: &raw.pointee.d_name) { start in
                let bytes = UnsafeRawPointer(start).assumingMemoryBound(to: UInt8.self)
                let length = strlen(UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self))
                let name = UnsafeBufferPointer(start: bytes, count: length)
                if isLeftOut(name) { return true }
                return receive(name, kind(raw.pointee.d_type, directory, name))
            }
            if !goesOn { return nil }
        }
    }

    private static func isLeftOut(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        guard name.first == UInt8(ascii: ".") else { return false }
        return name.count == 1 || (name.count == 2 && name[1] == UInt8(ascii: ".")) || TemporaryName.matches(name)
    }

    private static func kind(
        _ type: UInt8, _ directory: borrowing Descriptor, _ name: UnsafeBufferPointer<UInt8>
    ) -> FileStatus.Kind {
        switch Int(type) {
        case Int(DT_REG): .regular
        case Int(DT_DIR): .directory
        case Int(DT_LNK): .link
        // A name that cannot be asked is looked at once more when it is listed.
        case Int(DT_UNKNOWN): FileStatus(in: directory, FileName(name))?.kind ?? .regular
        default: .special
        }
    }
}
