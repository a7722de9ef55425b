internal import EngineCore
internal import StoredRecords

/// Reads and looks up single objects.
struct ObjectTransfer: Sendable {
    let session: S3Session

    /// The longest key there is, in bytes.
    static let longestKey = 1024

    /// The whole key, or `nil` where no object can have it: S3 keeps names
    /// that are UTF-8 and at most 1024 bytes long.
    func wholeKey(_ key: ObjectKey) -> [UInt8]? {
        let whole = Array(session.location.prefix.utf8) + key.bytes
        guard whole.count <= Self.longestKey, String(validating: key.bytes, as: UTF8.self) != nil else { return nil }
        return whole
    }

    func stat(_ key: ObjectKey, _ deadline: CallDeadline) async throws(StorageError) -> ObjectInfo? {
        guard let whole = wholeKey(key) else { return nil }
        let response = try await session.send(S3Request(method: .head, key: whole, accepted: [404]), deadline)
        return response.status == 404 ? nil : try info(key, response, deadline)
    }

    func read(
        _ key: ObjectKey, range: Range<Int64>?, _ deadline: CallDeadline
    ) async throws(StorageError) -> StoredObject? {
        guard let whole = wholeKey(key) else { return nil }
        var request = S3Request(method: .get, key: whole)
        if let range {
            let part = range.clamped(to: 0..<Int64.max)
            guard !part.isEmpty else { return try await nothing(of: key, deadline) }
            request.headers = [("range", "bytes=\(part.lowerBound)-\(part.upperBound - 1)")]
        }
        request.accepted = [404, 416]
        let response = try await session.send(request, deadline)
        switch response.status {
        case 404:
            let failure = S3Failure(
                HTTPResponse(status: 404, headers: response.headers, body: response.body), now: Timestamp(seconds: 0))
            if failure.code == "NoSuchBucket" { throw failure.error(deadline) }
            return nil
        case 416: return try await nothing(of: key, deadline)
        case 206: return try object(key, response, response.body, deadline)
        default:
            let info = try info(key, response, deadline)
            guard let range else { return try object(key, response, response.body, deadline) }
            // A server that does not know ranges sends it all.
            let part = range.clamped(to: 0..<info.size)
            let bytes = StoredBytes(response.body.slice(Int(part.lowerBound)..<Int(part.upperBound)))
            return try object(key, response, bytes, deadline)
        }
    }

    private func object(
        _ key: ObjectKey, _ response: S3Response, _ bytes: StoredBytes, _ deadline: CallDeadline
    ) throws(StorageError) -> StoredObject {
        StoredObject(
            info: try info(key, response, deadline), bytes: bytes, attributes: ObjectHeaders.kept(response.headers))
    }

    /// An empty part: only what is known about the object.
    private func nothing(of key: ObjectKey, _ deadline: CallDeadline) async throws(StorageError) -> StoredObject? {
        try await stat(key, deadline).map { StoredObject(info: $0, bytes: StoredBytes([])) }
    }

    private func info(
        _ key: ObjectKey, _ response: S3Response, _ deadline: CallDeadline
    ) throws(StorageError) -> ObjectInfo {
        // Of a part, the size of the whole is behind the slash: "bytes 0-9/100".
        let total = response.headers["content-range"].flatMap { $0.split(separator: "/").last }.flatMap { Int64($0) }
        guard let size = total ?? response.headers["content-length"].flatMap({ Int64($0) }), size >= 0 else {
            throw deadline.error(
                .corrupt, "the server does not say how large the object is",
                help: "check that the endpoint is an S3 server")
        }
        return ObjectInfo(
            key: key, size: size, modified: response.headers["last-modified"].flatMap(HTTPDate.parse),
            tag: response.tag ?? "")
    }
}
