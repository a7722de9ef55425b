internal import EngineCore
internal import StoredRecords

/// What the three raw layouts have in common: records of no known format,
/// shown as they are and never changed.
protocol RawLayout: RecordLayout {
    var place: String { get }
}

/// The name of the raw layout on every family.
let rawLayoutName = "raw"

/// Why a raw record is not changed.
let rawRefusal = "the format is unknown, so that a change could break it; use the tool it belongs to"

extension RawLayout {
    public var name: String { rawLayoutName }
    public var kinds: [RecordKind] { [.raw] }

    func rawCapabilities(_ kind: RecordKind, _ fields: [RecordSort.Field]) -> RecordCapabilities {
        guard kind == .raw else { return .none(kind, of: name) }
        let no = Availability.unavailable(rawRefusal)
        return RecordCapabilities(delete: no, trim: no, write: no, sortFields: fields)
    }

    /// A plan that says why nothing can be done.
    public func plan(
        _ request: ChangeRequest, _ kind: RecordKind, _ key: String
    ) async throws(StorageError) -> ChangePlan {
        guard let target = try await summary(kind, key) else {
            throw notFound(kind, key, operation: "plan a change", place: place)
        }
        return ChangePlan(
            request: request, target: target, unit: "records", keeps: 1, drops: 0, refusal: rawRefusal,
            basis: PlanBasis())
    }

    public func carryOut(
        _ plan: ChangePlan, recording recorder: any RecoveryRecorder
    ) async throws(StorageError) -> ChangeOutcome {
        throw refused("change \(plan.target.id.key)")
    }

    public func settle(
        _ entry: any RecoveryEntry, during act: RecoveryAct
    ) async throws(StorageError) -> Settlement {
        throw refused("settle a change of \(entry.record.key)")
    }

    public func undo(_ entry: any RecoveryEntry, inexactly: Bool) async throws(StorageError) -> ChangeOutcome {
        throw refused("undo a change of \(entry.record.key)")
    }

    private func refused(_ operation: String) -> StorageError {
        StorageError(.unsupported, operation: operation, place: place, reason: rawRefusal)
    }

    func window<Item>(_ query: RecordQuery) throws(StorageError) -> KeyWindow<Item> {
        guard let window = KeyWindow<Item>(query.page, descending: query.sort.descending) else {
            throw StorageError(
                .invalid, operation: "list raw", place: place, reason: "the page cursor was not made for this list",
                help: "start again from the first page")
        }
        return window
    }
}

/// What bytes of no known format look like.
enum RawFormat {
    /// So many bytes are looked at.
    private static let sample = 64 * 1024

    /// By the name where it has a telling end, else by the first bytes.
    static func of(_ bytes: StoredBytes, name: String) -> RecordDocument.Format {
        let lowered = name.lowercased()
        let head = bytes.slice(0..<sample)
        guard isText(head, isWhole: head.count == bytes.count) else { return .binary }
        if lowered.hasSuffix(".jsonl") || lowered.hasSuffix(".ndjson") { return .jsonLines(columns: []) }
        if lowered.hasSuffix(".json") { return .json }
        let first = head.first { ![0x20, 0x0A, 0x0D, 0x09].contains($0) }
        return first == UInt8(ascii: "{") || first == UInt8(ascii: "[") ? .json : .text
    }

    /// UTF-8 without NUL; a character cut off by the sample's end is no fault.
    private static func isText(_ head: [UInt8], isWhole: Bool) -> Bool {
        if head.contains(0) { return false }
        if String(validating: head, as: UTF8.self) != nil { return true }
        guard !isWhole else { return false }
        return (1...3).contains { String(validating: head.dropLast($0), as: UTF8.self) != nil }
    }
}
