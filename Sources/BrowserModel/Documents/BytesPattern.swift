internal import StoredRecords

/// What is looked for in bytes.
public struct BytesPattern: Sendable, Equatable {
    /// The bytes; letters in lower case when any case fits.
    public let bytes: [UInt8]
    public let ignoresCase: Bool
    /// What is looked for in each line in place of the bytes.
    let pattern: TextPattern?

    /// A text: any case of ASCII letters, unless it holds a capital. `/a.*b/` is a pattern.
    public init(_ text: String) {
        pattern = try? TextPattern.typed(text)
        bytes = Array(text.utf8)
        ignoresCase = !text.contains(where: \.isUppercase)
    }

    /// Just these bytes.
    public init(_ bytes: [UInt8]) {
        pattern = nil
        self.bytes = bytes
        ignoresCase = false
    }

    /// What is typed over bytes: `0x` and pairs of hexadecimal digits, spaces
    /// allowed, mean these bytes; anything else is a text.
    public init(hexOrText typed: String) {
        if typed.hasPrefix("0x"), let bytes = Self.hexBytes(typed.dropFirst(2)) {
            self.init(bytes)
        } else {
            self.init(typed)
        }
    }

    private static func hexBytes(_ digits: Substring) -> [UInt8]? {
        let values = digits.filter { $0 != " " }.map(\.hexDigitValue)
        guard !values.isEmpty, values.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: values.count, by: 2) {
            guard let high = values[index], let low = values[index + 1] else { return nil }
            bytes.append(UInt8(high * 16 + low))
        }
        return bytes
    }
}
