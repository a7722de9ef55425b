public import StoredRecords

/// Takes the bytes of an export, in order.
public protocol ExportSink: Sendable {
    func write(_ bytes: [UInt8]) async throws(StorageError)
}

/// Gathers small pieces, so that the sink sees few large ones.
final class ExportWriter {
    private static let capacity = 128 << 10
    private let sink: any ExportSink
    private var buffer: [UInt8] = []
    private(set) var written: Int64 = 0

    init(_ sink: any ExportSink) {
        self.sink = sink
        buffer.reserveCapacity(Self.capacity)
    }

    func put(_ text: String) async throws(StorageError) {
        buffer.append(contentsOf: text.utf8)
        if buffer.count >= Self.capacity { try await flush() }
    }

    /// The bytes exactly, in pieces, so that a large object is never copied whole.
    func put(_ bytes: StoredBytes) async throws(StorageError) {
        var at = 0
        while at < bytes.count {
            buffer.append(contentsOf: bytes.slice(at..<at + Self.capacity))
            at += Self.capacity
            if buffer.count >= Self.capacity { try await flush() }
        }
    }

    func flush() async throws(StorageError) {
        guard !buffer.isEmpty else { return }
        let full = buffer
        buffer.removeAll(keepingCapacity: true)
        try await sink.write(full)
        written += Int64(full.count)
    }
}
