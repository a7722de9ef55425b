internal import Glibc
internal import StoredRecords

/// Takes in the body of a response: in memory while it is small, else in a
/// temporary file without a name, which is then mapped. So an object larger
/// than memory can be looked at, and nothing is left when the program ends.
struct BodyCollector {
    /// What is kept in memory at most.
    static let memoryLimit = 8 << 20

    private var bytes: [UInt8] = []
    private var file: Int32 = -1
    private var fileSize = 0

    /// 0, or the errno for which the body could not be taken in.
    mutating func add(_ piece: UnsafeRawBufferPointer) -> Int32 {
        if file < 0 {
            if bytes.count + piece.count <= Self.memoryLimit {
                bytes += piece
                return 0
            }
            file = Self.makeFile()
            if file < 0 { return errno }
            let code = bytes.withUnsafeBytes { Self.write($0, to: file) }
            if code != 0 { return code }
            fileSize = bytes.count
            bytes = []
        }
        fileSize += piece.count
        return Self.write(piece, to: file)
    }

    mutating func finish() -> Result<StoredBytes, TransferFailure> {
        guard file >= 0 else { return .success(StoredBytes(bytes)) }
        defer { discard() }
        guard let address = mmap(nil, fileSize, PROT_READ, MAP_PRIVATE, file, 0), address != MAP_FAILED else {
            return .failure(.storage(errno))
        }
        return .success(
            StoredBytes(mapping: UnsafeRawBufferPointer(start: address, count: fileSize)) { buffer in
                if let start = buffer.baseAddress { munmap(UnsafeMutableRawPointer(mutating: start), buffer.count) }
            })
    }

    mutating func discard() {
        bytes = []
        if file >= 0 { close(file) }
        file = -1
    }

    private static func makeFile() -> Int32 {
        let directory = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(directory)/ctxbrowse-XXXXXX".utf8CString)
        let file = mkstemp(&template)
        if file >= 0 {
            unlink(template)
            _ = fcntl(file, F_SETFD, FD_CLOEXEC)
        }
        return file
    }

    private static func write(_ bytes: UnsafeRawBufferPointer, to file: Int32) -> Int32 {
        var done = 0
        while done < bytes.count {
            let count = Glibc.write(file, bytes.baseAddress.map { $0 + done }, bytes.count - done)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return count < 0 ? errno : ENOSPC }
            done += count
        }
        return 0
    }
}
