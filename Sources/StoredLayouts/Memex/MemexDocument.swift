internal import JSONText
internal import StoredRecords

/// A thread as one JSON document: `{id, metadata, messages: [...]}`, read
/// without turning the messages into values.
struct MemexDocument: Sendable {
    let bytes: StoredBytes
    /// Why the value cannot be read as a thread; `nil` when it can.
    private(set) var problem: String?
    private(set) var metadata: JSONValue?
    private(set) var created: Timestamp?
    private(set) var updated: Timestamp?
    /// The bytes of each message, in order.
    private(set) var messages: [Range<Int>] = []
    private(set) var notes: [String] = []
    /// The bytes between the brackets of the messages.
    private var inside: Range<Int>?

    init(_ bytes: StoredBytes) {
        self.bytes = bytes
        bytes.withBytes { read($0) }
    }

    private mutating func read(_ buffer: UnsafeRawBufferPointer) {
        let scanner = JSONScanner(buffer)
        let names = ["messages", "metadata", "created_at", "updated_at"]
        do {
            let root = try scanner.root()
            guard root.kind == .object else {
                problem = "the value is no JSON object"
                return
            }
            let spans = try scanner.locate(names.map { JSONPath.root.appending(key: $0) })
            if let span = spans[1] { metadata = try scanner.value(of: span) }
            created = try time(spans[2], scanner)
            updated = try time(spans[3], scanner)
            guard let array = spans[0], array.kind == .array else {
                problem = spans[0] == nil ? "it has no messages" : "its messages are no array"
                return
            }
            messages = try scanner.children(of: array).map(\.range)
            inside = array.range.lowerBound + 1..<array.range.upperBound - 1
        } catch {
            problem = "the value is not JSON"
            return
        }
        if metadata == nil { notes.append("it has no metadata") }
        if let metadata, metadata.objectValue == nil { notes.append("the metadata is not a JSON object") }
    }

    private func time(_ span: JSONSpan?, _ scanner: JSONScanner) throws(JSONError) -> Timestamp? {
        guard let span else { return nil }
        return try scanner.value(of: span).stringValue.flatMap { Timestamp(iso8601: $0) }
    }

    var isThread: Bool { problem == nil }

    /// A message as a value; an empty object where its bytes do not read.
    func message(at position: Int) -> (value: JSONValue, bytes: [UInt8]) {
        let bytes = self.bytes.slice(messages[position])
        return ((try? JSONValue.parse(bytes)) ?? .null, bytes)
    }

    // MARK: Changing

    /// The document without its first messages; every other byte as it was.
    func dropping(_ count: Int) -> StoredBytes {
        guard count > 0, count < messages.count else { return bytes }
        let all = bytes.array
        return StoredBytes(
            Array(all[..<messages[0].lowerBound]) + Array(all[messages[count].lowerBound...]))
    }

    /// The document with these messages before its own; every other byte as it was.
    func prepending(_ elements: [[UInt8]]) -> StoredBytes {
        guard let inside, let first = elements.first else { return bytes }
        var added = first
        for element in elements.dropFirst() { added += Array(", ".utf8) + element }
        let all = bytes.array
        let at = messages.first?.lowerBound ?? inside.lowerBound
        if !messages.isEmpty { added += Array(", ".utf8) }
        return StoredBytes(Array(all[..<at]) + added + Array(all[at...]))
    }
}
