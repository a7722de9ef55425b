internal import JSONText
internal import StoredRecords

/// What the documents of an index say, read without building a tree of them.
///
/// Read are `source` (kind, configuration, time of the sync), `contextState`
/// and the number of its `blobs`; of a bare context state, as the SDK exports
/// it, the same members at the top level.
struct IndexFacts: Sendable {
    /// The `source` object as stored.
    var source: JSONValue?
    /// The number of `blobs`; `nil` when the document has none.
    var files: Int?
    /// Why the document cannot be used, to follow its name: "is not valid JSON at byte 17".
    var problem: String?
    /// What is remarkable, to follow the document's name, or whole sentences once merged.
    var notes: [String] = []

    init() {}

    /// When the source was synced.
    var synced: Timestamp? { source?["syncedAt"]?.stringValue.flatMap { Timestamp(iso8601: $0) } }

    /// The facts of two documents; those found first count.
    func merging(_ other: IndexFacts, label: String) -> IndexFacts {
        var merged = self
        merged.source = source ?? other.source
        merged.files = files ?? other.files
        merged.notes += ([other.problem].compactMap(\.self) + other.notes).map { "\(label) \($0)" }
        return merged
    }

    // MARK: Whole documents

    private static let stateMember = "contextState"
    private static let stateLists = ["blobs", "addedBlobs", "deletedBlobs"]
    /// Members of a context state; one of them tells a bare one.
    private static let stateMembers = stateLists + ["checkpointId"]
    private static let knownVersion = 1

    /// Reads the whole document.
    init(scanning bytes: StoredBytes) {
        self = bytes.withBytes { buffer in
            var facts = IndexFacts()
            do throws(JSONError) {
                try facts.scan(JSONScanner(buffer))
            } catch {
                facts.problem =
                    error.kind == .unexpectedEnd || error.kind == .empty
                    ? "is cut short at byte \(error.offset)" : "is not valid JSON at byte \(error.offset)"
            }
            return facts
        }
    }

    private mutating func scan(_ scanner: JSONScanner) throws(JSONError) {
        let state = JSONPath.root.appending(key: Self.stateMember)
        let bare = Self.stateMembers.map { JSONPath.root.appending(key: $0) }
        let spans = try scanner.locate(
            [
                .root, state, state.appending(key: "blobs"), JSONPath.root.appending(key: "source"),
                JSONPath.root.appending(key: "version"),
            ] + bare)
        if let span = spans[3], span.kind == .object { source = try scanner.value(of: span) }
        if let span = spans[4], let version = try scanner.value(of: span).intValue, version != Self.knownVersion {
            notes.append("is of format version \(version), which this program does not know")
        }
        if let blobs = spans[2] ?? (spans[1] == nil ? spans[5] : nil) {
            files = blobs.childCount
            if blobs.kind != .array { notes.append("has blobs that are no list") }
        }
        if spans[0]?.kind != .object {
            problem = "is not a JSON object"
        } else if spans[1] == nil, spans[5...].allSatisfy({ $0 == nil }) {
            notes.append("does not look like an index: it has no \(Self.stateMember)")
        }
    }

    /// Hands over the path of every indexed file, its place in the document and
    /// the bytes there; false when the document is not valid JSON.
    static func forEachPath(
        in bytes: StoredBytes, _ receive: (String, String, Range<Int>) -> StreamControl
    ) -> Bool {
        bytes.withBytes { buffer in
            let scanner = JSONScanner(buffer)
            let bare = JSONPath.root.appending(key: "blobs")
            let nested = JSONPath.root.appending(key: Self.stateMember).appending(key: "blobs")
            do throws(JSONError) {
                let spans = try scanner.locate([nested, bare])
                guard let blobs = spans[0] ?? spans[1] else { return true }
                let list = (spans[0] == nil ? bare : nested).description
                var number = 0
                try scanner.forEachChild(of: blobs) { child in
                    defer { number += 1 }
                    guard let path = (try? scanner.value(of: child))?[1]?.stringValue else { return true }
                    return receive(path, "\(list)[\(number)]", child.range) == .more
                }
                return true
            } catch {
                return false
            }
        }
    }

    // MARK: Parts of long documents

    /// Reads `source` from the end of a document, where the tool writes it.
    ///
    /// It is the document's own when nothing but further members and the
    /// closing brace follow it.
    init(tail: StoredBytes) {
        self.init(end: tail)
        guard problem == nil else { return }
        let bytes = tail.array
        for at in Self.places(of: Self.sourceKey, in: bytes).reversed() {
            guard let rest = try? JSONValue.parse([UInt8(ascii: "{")] + bytes[at...]) else { continue }
            source = rest["source"]
            return
        }
    }

    /// Tells from its last bytes only whether a document is cut short.
    init(end: StoredBytes) {
        let last = end.array.last { !Self.isSpace($0) }
        if last != UInt8(ascii: "}") { problem = "is cut short" }
    }

    /// Reads `source` from the beginning of a document whose end is not known.
    init(head: StoredBytes) {
        let bytes = head.array
        for at in Self.places(of: Self.sourceKey, in: bytes) {
            guard let end = Self.endOfMember(at, in: bytes),
                let rest = try? JSONValue.parse([UInt8(ascii: "{")] + bytes[at..<end] + [UInt8(ascii: "}")]),
                let found = rest["source"], found["type"] != nil
            else { continue }
            source = found
            return
        }
    }

    /// Whether the first bytes of a document have a member that an index has:
    /// a context state, or a list of blobs.
    static func looksLikeIndex(head: StoredBytes) -> Bool {
        let bytes = head.array
        let rest = bytes.drop(while: isSpace)
        guard rest.first == UInt8(ascii: "{") else { return false }
        return hasMember(stateMember, opening: UInt8(ascii: "{"), in: bytes)
            || stateLists.contains { hasMember($0, opening: UInt8(ascii: "["), in: bytes) }
    }

    private static func hasMember(_ name: String, opening: UInt8, in bytes: [UInt8]) -> Bool {
        let key = Array("\"\(name)\"".utf8)
        return places(of: key, in: bytes).contains { at in
            let colon = bytes[(at + key.count)...].drop(while: isSpace)
            return colon.first == UInt8(ascii: ":") && colon.dropFirst().drop(while: isSpace).first == opening
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x0A, 0x0D, 0x09].contains(byte) }

    private static let sourceKey = Array("\"source\"".utf8)

    private static func places(of needle: [UInt8], in bytes: [UInt8]) -> [Int] {
        guard let first = needle.first, bytes.count >= needle.count else { return [] }
        return (0...(bytes.count - needle.count)).filter { at in
            bytes[at] == first && bytes[at..<(at + needle.count)].elementsEqual(needle)
        }
    }

    /// The offset behind the object that is the value of the member at `start`;
    /// `nil` when it has another value or does not end in these bytes.
    private static func endOfMember(_ start: Int, in bytes: [UInt8]) -> Int? {
        var depth = 0
        var isInString = false
        var at = start
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "\\") where isInString: at += 1
            case UInt8(ascii: "\""): isInString.toggle()
            case UInt8(ascii: "{") where !isInString: depth += 1
            case UInt8(ascii: "}") where !isInString:
                depth -= 1
                if depth <= 0 { return depth == 0 ? at + 1 : nil }
            case UInt8(ascii: ",") where !isInString && depth == 0: return nil
            default: break
            }
            at += 1
        }
        return nil
    }
}
