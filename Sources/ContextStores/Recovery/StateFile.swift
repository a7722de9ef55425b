internal import Glibc
public import StoredRecords

/// A small file of the state directory: for its user's eyes only, replaced as a whole.
public struct StateFile: Sendable {
    public let path: String
    private let directory: String

    /// What is larger was not written by this program.
    private static let largest = 4 << 20

    public init(_ name: String, in directory: String) {
        self.directory = directory
        path = directory + "/" + name
    }

    /// The file's bytes; `nil` when there is none.
    public func read() throws(StorageError) -> [UInt8]? {
        let operation = "read what is remembered"
        var info = stat()
        if stat(path, &info) == 0, info.st_size > Self.largest {
            throw StorageError(.invalid, operation: operation, place: path, reason: "it is too large")
        }
        return try PosixFile.read(path, operation: operation)
    }

    /// Replaces the file; whoever reads it meanwhile, or writes it too, sees the old bytes or the new.
    public func write(_ bytes: [UInt8]) throws(StorageError) {
        let operation = "write what is to be remembered"
        try PosixFile.makeDirectory(directory, operation: operation)
        try PosixFile.replace(path, with: bytes, operation: operation, isDurable: false, isShared: true)
    }
}
