internal import StoredRecords
internal import Synchronization

/// Hands over what a search finds, and counts what is beyond a record's share.
final class SearchDelivery: Sendable {
    private struct State {
        var delivered: [RecordID: Int] = [:]
        var isStopped = false
    }

    let query: SearchQuery
    private let receive: @Sendable (SearchNews) -> StreamControl
    private let state = Mutex(State())

    init(_ query: SearchQuery, _ receive: @escaping @Sendable (SearchNews) -> StreamControl) {
        self.query = query
        self.receive = receive
    }

    /// Whether the receiver wants no more.
    var isStopped: Bool { state.withLock { $0.isStopped } }

    func wants(_ kind: RecordKind) -> Bool { query.kinds.isEmpty || query.kinds.contains(kind) }

    /// Whether further hits in a record are only counted, so that their places need not be found.
    func isFull(_ record: RecordID) -> Bool {
        guard let limit = query.hitsPerRecord else { return false }
        return state.withLock { $0.delivered[record, default: 0] >= limit }
    }

    func hit(_ hit: SearchHit) -> StreamControl {
        if isFull(hit.record.id) { return further(hit.record.id, 1) }
        if query.hitsPerRecord != nil { state.withLock { $0.delivered[hit.record.id, default: 0] += 1 } }
        return tell(.hit(hit))
    }

    func further(_ record: RecordID, _ count: Int) -> StreamControl {
        count > 0 ? tell(.further(record, count)) : .more
    }

    func looked(records: Int = 0, messages: Int = 0) -> StreamControl {
        tell(.looked(SearchedAmount(records: records, messages: messages)))
    }

    private func tell(_ news: SearchNews) -> StreamControl {
        if isStopped { return .stop }
        let control = receive(news)
        if control == .stop { state.withLock { $0.isStopped = true } }
        return control
    }
}
