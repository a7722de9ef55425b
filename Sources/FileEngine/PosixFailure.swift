internal import Glibc
internal import StoredRecords

/// Repeats a system call for as long as a signal interrupts it.
func retrying<Number: SignedInteger>(_ call: () -> Number) -> Number {
    while true {
        let result = call()
        if result != -1 || errno != EINTR { return result }
    }
}

extension StorageError {
    /// The one place where an error number of a file call gets its meaning.
    static func posix(_ code: Int32, _ operation: String, place: String) -> StorageError {
        let number = Int(code)
        func make(_ kind: Kind, _ reason: String, help: String = "") -> StorageError {
            StorageError(kind, operation: operation, place: place, reason: reason, help: help, vendorCode: number)
        }
        switch code {
        case ENOENT: return make(.notFound, "there is no such file or directory")
        case ENOTDIR: return make(.notFound, "it is not a directory")
        case EACCES, EPERM:
            return make(.denied, "the permission is missing", help: "check its owner and mode")
        case EROFS: return make(.readOnly, "the file system is mounted read-only")
        case ENOSPC: return make(.full, "no space is left on the disk", help: "free some space and try again")
        case EDQUOT: return make(.full, "the disk quota is used up", help: "free some space and try again")
        case EFBIG: return make(.full, "the file would be larger than is allowed")
        case EEXIST: return make(.conflict, "there is already a file of this name")
        case EISDIR: return make(.invalid, "it is a directory")
        case ENAMETOOLONG: return make(.invalid, "the name is too long for the file system")
        case EILSEQ, EINVAL: return make(.invalid, "the file system does not allow it")
        case EMFILE, ENFILE: return make(.unavailable, "too many files are open", help: "try again")
        case EBUSY, ETXTBSY: return make(.busy, "another program holds it", help: "try again")
        case ESTALE, ETIMEDOUT, ENOTCONN, EHOSTDOWN, EHOSTUNREACH:
            return make(.unavailable, "the file system does not answer", help: "check that it is mounted")
        default:
            return make(.failed, String(cString: strerror(code)))
        }
    }

    static func linkRefused(_ operation: String, place: String) -> StorageError {
        StorageError(
            .denied, operation: operation, place: place,
            reason: "a part of the path is a symbolic link, and links inside a source are not followed",
            help: "open the place it points to as a source of its own")
    }

    static func specialFile(_ operation: String, place: String) -> StorageError {
        StorageError(.unsupported, operation: operation, place: place, reason: "it is not a regular file")
    }
}
