public import StoredRecords

extension ObjectKey {
    /// Why no object can have this name; `nil` for a usable name.
    ///
    /// A usable name has at least one part, and no part is empty, `.` or `..`
    /// or holds a NUL byte.
    public var problem: String? {
        if bytes.isEmpty { return "the name is empty" }
        return Self.problem(ofParts: bytes[...])
    }

    /// Why nothing can be listed below this prefix; what follows the last
    /// `/` may be any beginning of a name.
    public var prefixProblem: String? {
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else {
            return bytes.contains(0) ? "the name holds a NUL byte" : nil
        }
        if bytes[slash...].contains(0) { return "the name holds a NUL byte" }
        return Self.problem(ofParts: bytes[..<slash])
    }

    private static func problem(ofParts bytes: ArraySlice<UInt8>) -> String? {
        if bytes.contains(0) { return "the name holds a NUL byte" }
        for part in bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            if part.isEmpty { return "the name has an empty part" }
            if part.elementsEqual([UInt8(ascii: ".")]) || part.elementsEqual([UInt8(ascii: "."), UInt8(ascii: ".")]) {
                return "the name has a part that is \".\" or \"..\""
            }
        }
        return nil
    }

    /// Throws `invalid` unless an object can have this name.
    public func requireValid(_ operation: String, place: String) throws(StorageError) {
        if let problem { throw StorageError(.invalid, operation: operation, place: place, reason: problem) }
    }

    /// Throws `invalid` unless objects can have names that begin so.
    public func requireValidPrefix(_ operation: String, place: String) throws(StorageError) {
        if let problem = prefixProblem {
            throw StorageError(.invalid, operation: operation, place: place, reason: problem)
        }
    }
}
