/// JSON compared and hashed as if it had no white space between its tokens.
///
/// Both ask now and then whether to go on; stopped, they tell nothing of use.
enum CompactJSON {
    static func areSame(
        _ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer, _ isCancelled: () -> Bool
    ) -> Bool {
        if left.count == right.count {
            switch ByteDifference.of(left, right, isCancelled) {
            case .none: return true
            case .cancelled: return false
            case .at: break
            }
        }
        var asked = 0
        var a = 0
        var b = 0
        var isString = false
        while true {
            if a - asked >= ByteDifference.pieceBytes {
                asked = a
                if isCancelled() { return false }
            }
            if !isString {
                while a < left.count, isSpace(left[a]) { a += 1 }
                while b < right.count, isSpace(right[b]) { b += 1 }
            }
            guard a < left.count, b < right.count else { return a >= left.count && b >= right.count }
            guard left[a] == right[b] else { return false }
            if left[a] == UInt8(ascii: "\"") {
                isString.toggle()
            } else if isString, left[a] == UInt8(ascii: "\\"), a + 1 < left.count, b + 1 < right.count {
                guard left[a + 1] == right[b + 1] else { return false }
                a += 1
                b += 1
            }
            a += 1
            b += 1
        }
    }

    static func hash(_ bytes: UnsafeRawBufferPointer, _ isCancelled: () -> Bool) -> Int {
        var hasher = Hasher()
        var start = 0
        var at = 0
        var isString = false
        func take(_ end: Int) {
            if start < end { hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: bytes[start..<end])) }
        }
        var asked = 0
        while at < bytes.count {
            if at - asked >= ByteDifference.pieceBytes {
                asked = at
                if isCancelled() { return 0 }
            }
            let byte = bytes[at]
            if byte == UInt8(ascii: "\"") {
                isString.toggle()
            } else if isString, byte == UInt8(ascii: "\\") {
                at += 1
            } else if !isString, isSpace(byte) {
                take(at)
                start = at + 1
            }
            at += 1
        }
        take(bytes.count)
        return hasher.finalize()
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte == 10 || byte == 13 || byte == 9 }
}
