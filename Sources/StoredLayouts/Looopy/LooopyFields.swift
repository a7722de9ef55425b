internal import JSONText
internal import StoredRecords

/// A few members of a stored JSON object, read in one pass without a tree of
/// the rest: metadata of an artifact holds its whole content once more.
struct LooopyFields: Sendable {
    private var values: [[String]: JSONValue] = [:]
    private var kinds: [[String]: JSONKind] = [:]
    private var counts: [[String]: Int] = [:]
    /// Why the bytes are not a JSON object, as a clause; `nil` when they are.
    private(set) var problem: String?

    /// - Parameters:
    ///   - wanted: paths of keys whose values are read.
    ///   - sized: paths of keys of which only kind and child count are learnt.
    init(_ bytes: StoredBytes, _ wanted: [[String]], sized: [[String]] = []) {
        let asked = wanted + sized
        bytes.withBytes { buffer in
            let scanner = JSONScanner(buffer)
            do throws(JSONError) {
                let spans = try scanner.locate([.root] + asked.map { JSONPath($0.map { .key($0) }) })
                guard let root = spans[0], root.kind == .object else {
                    problem = "is not a JSON object"
                    return
                }
                for (path, span) in zip(asked, spans.dropFirst()) {
                    guard let span else { continue }
                    kinds[path] = span.kind
                    counts[path] = span.childCount
                }
                for (path, span) in zip(wanted, spans.dropFirst()) {
                    guard let span else { continue }
                    values[path] = try scanner.value(of: span)
                }
            } catch {
                problem = "is not valid JSON (\(error))"
            }
        }
    }

    var isReadable: Bool { problem == nil }

    subscript(path: String...) -> JSONValue? { values[path] }

    func text(_ path: String...) -> String? { values[path]?.stringValue }

    func integer(_ path: String...) -> Int? { values[path]?.intValue }

    func moment(_ path: String...) -> Timestamp? {
        values[path]?.stringValue.flatMap { Timestamp(iso8601: $0) }
    }

    func kind(_ path: String...) -> JSONKind? { kinds[path] }

    func count(_ path: String...) -> Int? { counts[path] }
}
