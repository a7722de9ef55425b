public import StoredRecords

/// A source as far as it is known.
public struct SourceState: Sendable, Equatable {
    public enum Phase: Sendable, Equatable {
        case connecting
        case open(OpenedSource)
        /// `retry` is when it is tried again, for failures that may pass.
        case failed(StorageError, retry: Timestamp?)
    }

    public let label: SourceLabel
    public internal(set) var phase = Phase.connecting
    public internal(set) var counts: [RecordKind: Total] = [:]
    public internal(set) var capabilities: [RecordKind: RecordCapabilities] = [:]
    /// When the present attempt began.
    public internal(set) var since: Timestamp
    /// Failed attempts in a row.
    var failures = 0

    init(_ label: SourceLabel, since: Timestamp) {
        self.label = label
        self.since = since
    }

    public var name: String { label.name }

    public var opened: OpenedSource? {
        if case .open(let opened) = phase { opened } else { nil }
    }

    public var error: StorageError? {
        if case .failed(let error, _) = phase { error } else { nil }
    }

    public var retry: Timestamp? {
        if case .failed(_, let retry) = phase { retry } else { nil }
    }

    public var kinds: [RecordKind] { opened?.kinds ?? [] }

    /// The layouts there are, as far as opening and the counts have told.
    public var layouts: [String] {
        guard let opened else { return [] }
        return opened.layouts + opened.possible.filter { $0.isThere(by: counts) }.map(\.name)
    }

    /// Whether it may be taken to hold records of the kind: of a layout that
    /// is only possible, not before they are counted.
    func holds(_ kind: RecordKind) -> Bool {
        guard kinds.contains(kind), counts[kind] != .exact(0) else { return false }
        return counts[kind] != nil || !(opened?.possible.contains { $0.kinds.contains(kind) } ?? false)
    }

    public var isReadOnly: Bool { opened?.isReadOnly ?? label.isReadOnly }

    /// Whether it was opened and holds nothing.
    public var isEmpty: Bool {
        guard opened != nil else { return false }
        return kinds.allSatisfy { counts[$0] == .exact(0) }
    }

    /// One word or sentence for the list: "connecting", "ok", "empty", "read-only", or the reason of the failure.
    public func stateText(now: Timestamp) -> String {
        switch phase {
        case .connecting: return "connecting"
        case .open:
            if isReadOnly { return isEmpty ? "empty, read-only" : "read-only" }
            return isEmpty ? "empty" : "ok"
        case .failed(let error, let retry):
            guard let retry else { return "error: \(error.reason)" }
            return "error: \(error.reason), retry in \(max(0, retry.seconds - now.seconds)) s"
        }
    }

    /// Seconds to wait before the next attempt: 5, 10, 20, 40, then 60.
    static func pause(after failures: Int) -> Int64 {
        min(60, 5 << Int64(min(4, max(0, failures - 1))))
    }
}
