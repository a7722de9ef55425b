internal import JSONText
internal import StoredLayouts
public import StoredRecords

/// What a copy made.
public struct CopyReceipt: Sendable, Hashable {
    /// The copy.
    public var record: RecordID
    /// What the copy does not have or has otherwise, for people.
    public var notes: [String]
}

extension StoreLibrary {
    /// Copies a record into another source through the store interfaces, so
    /// that the tool that reads that source reads the copy.
    ///
    /// Where the source holds nothing, or is not there yet, a store of the
    /// record's tool is made. A record that is there already is never overwritten (`conflict`), and
    /// what the other layout cannot hold without loss is refused
    /// (`unsupported`); nothing of it is left then.
    /// - Parameters:
    ///   - source: the name of the source that gets the copy.
    ///   - other: the library that source belongs to; `nil` means this one.
    public func copy(
        _ id: RecordID, into source: String, of other: StoreLibrary? = nil
    ) async throws(StorageError) -> CopyReceipt {
        let target = try await CopyTarget(source, of: other ?? self, for: id, stored: try await layout(of: id))
        do throws(StorageError) {
            let receipt = try await copy(id, to: target)
            await target.close()
            return receipt
        } catch {
            await target.takeBack()
            throw error
        }
    }

    private func copy(_ id: RecordID, to target: CopyTarget) async throws(StorageError) -> CopyReceipt {
        let act = CopyAct(id: id, library: self, target: target)
        let write = target.write(of: id.kind)
        if let reason = write.reason {
            let help = write == .readOnly ? "open it without --read-only or \"readOnly\"" : ""
            throw act.error(.readOnly, reason, help: help)
        }
        switch id.kind {
        case .index: return try await act.index()
        case .thread: return try await act.thread()
        case .artifact: return try await act.artifact()
        case .task: return try await act.task()
        case .raw:
            throw act.error(.unsupported, "contents of no known layout have no store to be written with")
        }
    }
}

/// One copy under way.
struct CopyAct: Sendable {
    let id: RecordID
    let library: StoreLibrary
    let target: CopyTarget

    func error(_ kind: StorageError.Kind, _ reason: String, help: String = "") -> StorageError {
        StorageError(
            kind, operation: "copy \(id.kind.rawValue) \(id.key) into \(target.status.place)", place: "",
            reason: reason,
            help: help)
    }

    func isThere() -> StorageError {
        error(.conflict, "there is one with this id already", help: "a copy never overwrites; delete that one first")
    }

    func holdsNo(_ what: String) -> StorageError {
        error(
            .unsupported, "it holds \(target.status.layouts.joined(separator: " and ")) records, which have no \(what)",
            help: "copy into a source of the same tool")
    }

    func receipt(_ layout: String, key: String? = nil, notes: [String] = []) -> CopyReceipt {
        CopyReceipt(
            record: RecordID(source: target.status.name, layout: layout, kind: id.kind, key: key ?? id.key),
            notes: notes)
    }

    /// The bytes parsed; throws `corrupt` when they are not JSON.
    func json(_ bytes: StoredBytes, _ what: String) throws(StorageError) -> JSONValue {
        let result: Result<JSONValue, JSONError> = bytes.withBytes { buffer in
            do throws(JSONError) {
                return .success(try JSONValue.parse(buffer))
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let value): return value
        case .failure(let problem): throw error(.corrupt, "\(what) is not valid JSON: \(problem)")
        }
    }

    /// `agent/context` or `agent/context/name`, as looopy's records are called.
    func parts(_ count: Int) throws(StorageError) -> [String] {
        let parts = id.key.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == count else {
            throw error(.unsupported, "its id does not name an agent and a context")
        }
        return parts
    }
}
