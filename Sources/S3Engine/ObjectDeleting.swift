internal import EngineCore
internal import StoredRecords
internal import Synchronization

/// Deletes objects, a thousand in a request.
final class ObjectDeleting: Sendable {
    private let transfer: ObjectTransfer
    private let lacksBatches = Atomic(false)

    private static let batchSize = 1000
    private static let window = 8

    private var session: S3Session { transfer.session }

    init(_ transfer: ObjectTransfer) {
        self.transfer = transfer
    }

    /// One answer for each key, in order; a key twice gets the same twice.
    func delete(_ keys: [ObjectKey], _ deadline: CallDeadline) async throws(StorageError) -> [ObjectDeletion] {
        var failures: [ObjectKey: StorageError] = [:]
        var batch: [ObjectKey] = []
        var single: [ObjectKey] = []
        for key in Set(keys).sorted() {
            if let problem = key.problem {
                failures[key] = StorageError(
                    .invalid, operation: "delete \(key)", place: deadline.place, reason: problem)
                // A name that no object can have is gone already.
            } else if transfer.wholeKey(key) != nil {
                let text = String(decoding: key.bytes, as: UTF8.self)
                if XMLText.isPossible(text) { batch.append(key) } else { single.append(key) }
            }
        }
        for start in stride(from: 0, to: batch.count, by: Self.batchSize) {
            let part = Array(batch[start..<min(start + Self.batchSize, batch.count)])
            if part.count == 1 || lacksBatches.load(ordering: .relaxed) {
                single += part
                continue
            }
            do throws(StorageError) {
                guard let found = try await deleteBatch(part, deadline) else {
                    lacksBatches.store(true, ordering: .relaxed)
                    single += part
                    continue
                }
                failures.merge(found) { first, _ in first }
            } catch {
                if error.kind == .cancelled || keys.count == part.count { throw error }
                for key in part { failures[key] = error }
            }
        }
        failures.merge(await deleteSingly(single, deadline)) { first, _ in first }
        try deadline.check()
        return keys.map { ObjectDeletion(key: $0, failure: failures[$0]) }
    }

    /// The keys that could not be deleted; `nil` when the server has no batches.
    private func deleteBatch(
        _ keys: [ObjectKey], _ deadline: CallDeadline
    ) async throws(StorageError) -> [ObjectKey: StorageError]? {
        var text = "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Quiet>true</Quiet>"
        var names: [String: ObjectKey] = [:]
        for key in keys {
            let name = session.location.prefix + String(decoding: key.bytes, as: UTF8.self)
            names[name] = key
            text += "<Object><Key>\(XMLText.escaped(name))</Key></Object>"
        }
        text += "</Delete>"
        let body = Array(text.utf8)
        let response = try await session.send(
            S3Request(
                method: .post, query: [("delete", "")],
                headers: [("content-md5", Digest.base64(Digest.md5(body))), ("content-type", "application/xml")],
                body: RequestBody(StoredBytes(body)), accepted: [405, 501]), deadline)
        if response.status == 405 || response.status == 501 { return nil }
        guard let answer = response.body.withBytes({ XMLElement.parse($0) }), answer.name == "DeleteResult" else {
            throw deadline.error(.corrupt, "the server's answer to a delete cannot be read", help: "list them again")
        }
        var failures: [ObjectKey: StorageError] = [:]
        for error in answer.all("Error") {
            let code = error.string("Code") ?? ""
            if code == "NoSuchKey" { continue }
            let failed = error.string("Key").flatMap { names[$0] }.map { [$0] } ?? keys
            for key in failed {
                // Some servers name a kind of failure that belongs to another status.
                let status = code == "InternalError" ? 500 : code == "SlowDown" ? 503 : 403
                failures[key] = S3Failure(status: status, code: code).error(deadline.naming("delete \(key)"))
            }
        }
        return failures
    }

    private func deleteSingly(_ keys: [ObjectKey], _ deadline: CallDeadline) async -> [ObjectKey: StorageError] {
        await withTaskGroup(of: (ObjectKey, StorageError?).self) { group in
            var failures: [ObjectKey: StorageError] = [:]
            var rest = keys[...]
            func start() {
                guard let key = rest.popFirst(), let whole = transfer.wholeKey(key) else { return }
                let ending = deadline.naming("delete \(key)")
                group.addTask { [session] in
                    do throws(StorageError) {
                        _ = try await session.send(
                            S3Request(method: .delete, key: whole, accepted: [404]), ending)
                        return (key, nil)
                    } catch {
                        return (key, error)
                    }
                }
            }
            for _ in 0..<Self.window { start() }
            while let (key, failure) = await group.next() {
                failures[key] = failure
                start()
            }
            return failures
        }
    }
}
