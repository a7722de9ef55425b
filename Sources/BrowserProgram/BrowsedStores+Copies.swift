public import BrowserModel
internal import ContextStores
internal import Glibc
public import StoredRecords

extension BrowsedStores {
    /// Files are numbered and never replaced; they stay until the user removes them.
    public func saveCopy(_ order: CopyOrder) throws(StorageError) -> String {
        let directory = stores.stateDirectory + "/copies"
        for path in Self.parents(of: directory) { mkdir(path, 0o700) }
        var number = 1
        while true {
            let path = "\(directory)/copy-\(number)"
            let file = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
            if file < 0, errno == EEXIST {
                number += 1
                continue
            }
            guard file >= 0 else { throw Self.failure(order, path) }
            let isWritten = Self.write(order.bytes, to: file)
            let problem = isWritten ? nil : Self.failure(order, path)
            Glibc.close(file)
            if let problem {
                unlink(path)
                throw problem
            }
            return path
        }
    }

    /// The directories of a path that may have to be made, from the outermost on.
    private static func parents(of directory: String) -> [String] {
        var paths: [String] = []
        var path = ""
        for part in directory.split(separator: "/") {
            path += "/" + part
            paths.append(path)
        }
        return paths
    }

    private static func write(_ bytes: [UInt8], to file: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private static func failure(_ order: CopyOrder, _ path: String) -> StorageError {
        StorageError(
            .failed, operation: "write \(order.name) to a file", place: path, reason: String(cString: strerror(errno)),
            help: "see that the directory can be written and has room")
    }
}
