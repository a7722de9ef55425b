internal import EngineCore
internal import JSONText
public import StoredRecords

extension MemexKeysLayout {
    public func messages(_ key: String, _ page: PageRequest) async throws(StorageError) -> Page<StoredMessage> {
        let operation = "show the messages"
        guard let entry = try await entry(key) else {
            throw notFound(.thread, key, operation: operation, place: engine.place)
        }
        guard entry.info?.type == .string, let document = try await document(entry) else {
            return Page(items: [], total: .exact(0), notes: summary(entry, nil).notes)
        }
        let count = document.messages.count
        let limit = min(page.limit, count)
        let first: Int
        let end: Int
        switch page.start {
        case .first: (first, end) = (0, limit)
        case .last: (first, end) = (count - limit, count)
        case .position(let position):
            first = min(max(0, position), count)
            end = min(count, first + limit)
        case .after(let cursor):
            first = try document.position(cursor, place: engine.place) + 1
            end = min(count, first + limit)
        case .before(let cursor):
            end = max(0, try document.position(cursor, place: engine.place))
            first = max(0, end - limit)
        }
        let items = (first..<end).map { position in
            let (value, bytes) = document.message(at: position)
            return MemexElementDecoding.message(value, bytes: bytes, position: position)
        }
        return Page(
            items: items, next: end < count ? document.cursor(end - 1) : nil,
            previous: first > 0 ? document.cursor(first) : nil, total: .exact(count),
            notes: document.problem.map { [$0] } ?? [])
    }
}

extension MemexDocument {
    /// A message's place: its position and what tells its bytes from others',
    /// as messages have no ids that must differ.
    func cursor(_ position: Int) -> PageCursor {
        guard messages.indices.contains(position) else { return PageCursor("p\(position)") }
        return PageCursor("p\(position).\(hash(position))")
    }

    private func hash(_ position: Int) -> String { StoredBytes(bytes.slice(messages[position])).contentHash }

    /// Where the cursor's message stands now: near where it stood, when
    /// messages before it came or went; else where it stood.
    func position(_ cursor: PageCursor, place: String) throws(StorageError) -> Int {
        let parts = cursor.text.dropFirst().split(separator: ".", maxSplits: 1)
        guard cursor.text.hasPrefix("p"), let text = parts.first, let position = Int(text) else {
            throw StorageError(
                .invalid, operation: "show the messages", place: place,
                reason: "the page cursor is not one of this thread", help: "start again from the first page")
        }
        guard parts.count == 2, let last = messages.indices.last else { return min(position, messages.count) }
        let wanted = String(parts[1])
        let near = min(max(0, position), last)
        if hash(near) == wanted { return near }
        for distance in 1...max(1, messages.count) {
            for candidate in [near - distance, near + distance]
            where messages.indices.contains(candidate) && hash(candidate) == wanted {
                return candidate
            }
        }
        return min(max(-1, position), messages.count)
    }
}
