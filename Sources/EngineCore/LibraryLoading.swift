public import StoredRecords

extension StorageError {
    /// The error for a system library that is loaded when it is needed and
    /// cannot be; `nil` when it is there.
    ///
    /// - Parameter reason: why not, as the dynamic loader words it.
    /// - Parameter package: Debian's package that brings it.
    public static func missingLibrary(
        _ reason: UnsafePointer<CChar>?, package: String, operation: String, place: String
    ) -> StorageError? {
        guard let reason else { return nil }
        return StorageError(
            .unavailable, operation: operation, place: place,
            reason: "a library cannot be loaded (\(String(cString: reason)))", help: "install \(package)")
    }
}
