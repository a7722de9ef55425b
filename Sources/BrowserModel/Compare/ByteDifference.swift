internal import StoredRecords

/// Where two runs of bytes begin to differ, found piece by piece so that it can be stopped.
enum ByteDifference: Equatable {
    case none
    case at(Int)
    case cancelled

    /// Bytes that are compared before it is asked again whether to go on.
    static let pieceBytes = 1 << 20

    static func of(_ left: StoredBytes, _ right: StoredBytes, _ isCancelled: () -> Bool) -> ByteDifference {
        left.withBytes { a in right.withBytes { b in of(a, b, isCancelled) } }
    }

    static func of(
        _ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer, _ isCancelled: () -> Bool
    ) -> ByteDifference {
        let shared = min(left.count, right.count)
        var start = 0
        while start < shared {
            if start > 0, isCancelled() { return .cancelled }
            let end = min(shared, start + pieceBytes)
            let mine = UnsafeRawBufferPointer(rebasing: left[start..<end])
            let theirs = UnsafeRawBufferPointer(rebasing: right[start..<end])
            if !mine.elementsEqual(theirs) {
                return .at(start + (mine.indices.first { mine[$0] != theirs[$0] } ?? 0))
            }
            start = end
        }
        return left.count == right.count ? .none : .at(shared)
    }
}
