internal import EngineCore
internal import Glibc
internal import StoredRecords

/// What the file system says about a name, without following a link.
struct FileStatus {
    enum Kind {
        case regular, directory, link, special
    }

    private let raw: stat

    private init(raw: stat) {
        self.raw = raw
    }

    /// `nil` with `errno` set when there is no such name or it cannot be asked.
    init?(in directory: borrowing Descriptor, _ name: FileName) {
        var raw = stat()
        let number = directory.number
        guard name.withPointer({ path in retrying { fstatat(number, path, &raw, AT_SYMLINK_NOFOLLOW) } }) == 0 else {
            return nil
        }
        self.init(raw: raw)
    }

    init?(of file: borrowing Descriptor) {
        var raw = stat()
        let number = file.number
        guard retrying({ fstat(number, &raw) }) == 0 else { return nil }
        self.init(raw: raw)
    }

    var kind: Kind {
        switch raw.st_mode & S_IFMT {
        case S_IFREG: .regular
        case S_IFDIR: .directory
        case S_IFLNK: .link
        default: .special
        }
    }

    func isSameFile(as other: FileStatus) -> Bool { raw.st_ino == other.raw.st_ino && raw.st_dev == other.raw.st_dev }

    var device: UInt64 { UInt64(raw.st_dev) }
    var size: Int64 { Int64(raw.st_size) }
    var permissions: mode_t { raw.st_mode & 0o7777 }
    var owner: uid_t { raw.st_uid }
    var group: gid_t { raw.st_gid }

    /// Changes with the file's content, name, owner or mode: a write in place
    /// moves the times, a replacement the inode too.
    var tag: String {
        let parts: [Int64] = [
            Int64(bitPattern: UInt64(raw.st_ino)), size, Int64(raw.st_mtim.tv_sec), Int64(raw.st_mtim.tv_nsec),
            Int64(raw.st_ctim.tv_sec), Int64(raw.st_ctim.tv_nsec),
        ]
        return parts.map { String($0, radix: 36) }.joined(separator: ".")
    }

    func info(_ key: ObjectKey) -> ObjectInfo {
        ObjectInfo(
            key: key, size: size,
            modified: Timestamp(seconds: Int64(raw.st_mtim.tv_sec), nanoseconds: Int32(raw.st_mtim.tv_nsec)), tag: tag)
    }
}
