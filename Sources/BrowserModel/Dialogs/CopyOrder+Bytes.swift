internal import JSONText
internal import StoredRecords

extension CopyOrder {
    /// The text to be copied, as bytes.
    public var bytes: [UInt8] {
        switch content {
        case .text(let text): return Array(text.utf8)
        case .bytes(let bytes, let range): return bytes.slice(range)
        case .string(let bytes, let range):
            let spelling = bytes.slice(range)
            return (try? JSONValue.parse(spelling))?.stringValue.map { Array($0.utf8) } ?? spelling
        }
    }
}
