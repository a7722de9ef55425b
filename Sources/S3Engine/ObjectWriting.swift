internal import EngineCore
internal import StoredRecords

/// Writes one object whole.
///
/// With a condition the server decides, in one request. Where it cannot, the
/// object is looked at right before, and a program that writes in that very
/// moment is not noticed; the engine's capabilities say which it is.
struct ObjectWriting: Sendable {
    let transfer: ObjectTransfer
    let settings: S3Settings
    let serverDecides: Bool

    private var session: S3Session { transfer.session }
    /// The largest object that one request may write.
    private static let largestSingle = 5 << 30

    func write(_ write: ObjectWrite, _ deadline: CallDeadline) async throws(StorageError) -> ObjectInfo {
        let (key, bytes, condition) = (write.key, write.bytes, write.condition)
        guard let whole = transfer.wholeKey(key) else {
            throw deadline.error(
                .invalid, "the name is not UTF-8 or is longer than \(ObjectTransfer.longestKey) bytes with the prefix")
        }
        let headers = ObjectHeaders.sent(write)
        if condition != .none, !serverDecides { try await lookBefore(key, condition, deadline) }
        let tag: String?
        if bytes.count > Self.largestSingle || (condition == .none && bytes.count > settings.multipartLimit) {
            let upload = MultipartUpload(session: session, key: whole, partSize: settings.partSize)
            tag = try await upload.write(
                bytes, headers: headers, conditions: conditionHeaders(condition, deadline), deadline)
        } else {
            tag = try await put(key, whole, bytes, headers, condition, deadline)
        }
        // The answer to a write does not say the time of the object.
        let stored = try await transfer.stat(key, deadline)
        if let stored, tag == nil || stored.tag == tag { return stored }
        return ObjectInfo(key: key, size: Int64(bytes.count), modified: nil, tag: tag ?? "")
    }

    private func put(
        _ key: ObjectKey, _ whole: [UInt8], _ bytes: StoredBytes, _ headers: [(name: String, value: String)],
        _ condition: WriteCondition, _ deadline: CallDeadline
    ) async throws(StorageError) -> String? {
        var request = S3Request(method: .put, key: whole, headers: headers, body: RequestBody(bytes))
        request.headers += try conditionHeaders(condition, deadline)
        switch condition {
        case .none: break
        case .ifAbsent: request.accepted = [409, 412]
        // An object that is gone has changed.
        case .ifUnchanged: request.accepted = [404, 409, 412]
        }
        var response = try await session.send(request, deadline)
        if response.status == 412, case .ifUnchanged(let tag) = condition,
            try await transfer.stat(key, deadline)?.tag == tag
        {
            // There are servers that compare the tag with its quotes and all.
            request.headers = headers + [("if-match", tag)]
            response = try await session.send(request, deadline)
        }
        guard [404, 409, 412].contains(response.status) else { return response.tag }
        if response.status == 404 {
            let failure = S3Failure(
                HTTPResponse(status: 404, headers: response.headers, body: response.body), now: Timestamp(seconds: 0))
            if failure.code == "NoSuchBucket" { throw failure.error(deadline) }
        }
        // An earlier attempt of ours may be what the condition now meets.
        if response.mayHaveRunTwice, let stored = try await transfer.read(key, range: nil, deadline),
            stored.bytes == bytes
        {
            return stored.info.tag
        }
        throw refusal(condition, deadline)
    }

    private func lookBefore(
        _ key: ObjectKey, _ condition: WriteCondition, _ deadline: CallDeadline
    ) async throws(StorageError) {
        let stored = try await transfer.stat(key, deadline)
        switch condition {
        case .none: return
        case .ifAbsent: if stored != nil { throw refusal(condition, deadline) }
        case .ifUnchanged(let tag): if stored?.tag != tag { throw refusal(condition, deadline) }
        }
    }

    private func conditionHeaders(
        _ condition: WriteCondition, _ deadline: CallDeadline
    ) throws(StorageError) -> [(name: String, value: String)] {
        guard serverDecides else { return [] }
        switch condition {
        case .none: return []
        case .ifAbsent: return [("if-none-match", "*")]
        case .ifUnchanged(let tag):
            guard EntityTag.isUsable(tag) else { throw refusal(condition, deadline) }
            return [("if-match", "\"\(tag)\"")]
        }
    }

    private func refusal(_ condition: WriteCondition, _ deadline: CallDeadline) -> StorageError {
        condition == .ifAbsent
            ? StorageError.objectExists(deadline.operation, place: deadline.place)
            : StorageError.objectChanged(deadline.operation, place: deadline.place)
    }
}
