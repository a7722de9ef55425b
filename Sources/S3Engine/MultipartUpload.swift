internal import EngineCore
internal import StoredRecords

/// Writes a large object in parts, several at once.
///
/// Readers see the old object until the last request; when anything fails,
/// the parts are thrown away.
struct MultipartUpload: Sendable {
    let session: S3Session
    let key: [UInt8]
    let partSize: Int

    private static let mostParts = 10_000
    /// Parts on their way at once.
    private static let window = 4

    /// The entity tag, if the server gives one.
    func write(
        _ bytes: StoredBytes, headers: [(name: String, value: String)],
        conditions: [(name: String, value: String)], _ deadline: CallDeadline
    ) async throws(StorageError) -> String? {
        let begun = try await session.send(
            S3Request(method: .post, key: key, query: [("uploads", "")], headers: headers), deadline)
        guard let id = begun.body.withBytes({ XMLElement.parse($0) })?.string("UploadId"), !id.isEmpty else {
            throw deadline.error(.corrupt, "the server gives no name to an upload in parts")
        }
        do throws(StorageError) {
            let tags = try await sendParts(bytes, id, deadline)
            return try await complete(id, tags, conditions, deadline)
        } catch {
            await abandon(id, deadline)
            throw error
        }
    }

    private func sendParts(
        _ bytes: StoredBytes, _ id: String, _ deadline: CallDeadline
    ) async throws(StorageError) -> [String] {
        let size = max(partSize, (bytes.count + Self.mostParts - 1) / Self.mostParts)
        let count = (bytes.count + size - 1) / size
        let results = await withTaskGroup(of: (Int, Result<String, StorageError>).self) { group in
            var results = [Result<String, StorageError>?](repeating: nil, count: count)
            func start(_ part: Int) {
                group.addTask { (part, await send(bytes, part, size, id, deadline)) }
            }
            for part in 0..<min(count, Self.window) { start(part) }
            var next = min(count, Self.window)
            while let (part, result) = await group.next() {
                results[part] = result
                if case .failure = result {
                    group.cancelAll()
                    next = count
                } else if next < count {
                    start(next)
                    next += 1
                }
            }
            return results
        }
        // The first failure is the reason; those after it were only cancelled.
        let failures = results.compactMap { result -> StorageError? in
            if case .failure(let error) = result { error } else { nil }
        }
        if let failure = failures.first(where: { $0.kind != .cancelled }) ?? failures.first { throw failure }
        return results.compactMap { try? $0?.get() }
    }

    private func send(
        _ bytes: StoredBytes, _ part: Int, _ size: Int, _ id: String, _ deadline: CallDeadline
    ) async -> Result<String, StorageError> {
        let start = part * size
        do throws(StorageError) {
            let response = try await session.send(
                S3Request(
                    method: .put, key: key, query: [("partNumber", String(part + 1)), ("uploadId", id)],
                    body: RequestBody(bytes: bytes, range: start..<start + size)), deadline)
            guard let tag = response.headers["etag"] else {
                throw deadline.error(.corrupt, "the server gives no tag for a part of an upload")
            }
            return .success(tag)
        } catch {
            return .failure(error)
        }
    }

    private func complete(
        _ id: String, _ tags: [String], _ conditions: [(name: String, value: String)], _ deadline: CallDeadline
    ) async throws(StorageError) -> String? {
        var text = "<CompleteMultipartUpload>"
        for (index, tag) in tags.enumerated() {
            text += "<Part><PartNumber>\(index + 1)</PartNumber><ETag>\(XMLText.escaped(tag))</ETag></Part>"
        }
        text += "</CompleteMultipartUpload>"
        let response = try await session.send(
            S3Request(
                method: .post, key: key, query: [("uploadId", id)], headers: conditions,
                body: RequestBody(StoredBytes(text))), deadline)
        // The status is sent before the work is done, so the body says how it ended.
        let answer = response.body.withBytes { XMLElement.parse($0) }
        guard answer?.name == "CompleteMultipartUploadResult" else {
            throw S3Failure(status: 500, code: answer?.string("Code") ?? "").error(deadline)
        }
        return answer?.string("ETag").map(EntityTag.unquoted)
    }

    /// As well as it goes, and also for a caller that has gone.
    private func abandon(_ id: String, _ deadline: CallDeadline) async {
        await Task {
            let ending = CallDeadline(.seconds(5), operation: deadline.operation, place: deadline.place)
            _ = try? await session.send(
                S3Request(method: .delete, key: key, query: [("uploadId", id)], accepted: [404]), ending)
        }.value
    }
}
