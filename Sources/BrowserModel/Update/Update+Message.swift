internal import StoredRecords

/// A message of a thread as documents of their own.
extension BrowserState {
    /// Bytes of a message that are written at once; for more of them a key would have to wait.
    static let messageAtOnce = 1 << 18

    mutating func openMessage(_ message: StoredMessage, of record: RecordSummary, showsRaw: Bool) {
        let isShort = max(MessageDigest(message).bytes, message.raw.storedBytes) <= Self.messageAtOnce
        let parts = isShort ? DocumentPane.documents(of: message) : []
        var screen = DocumentScreen(id: newScreenID(), record: record, parts: parts)
        screen.title = "message \(message.position + 1)"
        screen.current = showsRaw ? max(0, parts.count - 1) : 0
        if !isShort {
            screen.loading = send(
                .messageDocuments(message), .messageDocuments(showsRaw: showsRaw), "write \(screen.title)",
                screen: screen.id)
        }
        push(.document(screen))
        prepareDocuments()
    }

    mutating func takeMessage(_ answer: Answer, _ job: InFlight, showsRaw: Bool) {
        guard let id = job.screen, case .documents(let documents) = answer else { return }
        edit(document: id) { screen in
            screen.loading = nil
            screen.panes = documents.map(DocumentPane.init)
            screen.current = showsRaw ? max(0, documents.count - 1) : 0
        }
        if documentTop?.id == id { prepareDocuments() }
    }
}

extension RawRecord {
    /// Bytes of what is stored, names left out.
    fileprivate var storedBytes: Int {
        switch self {
        case .bytes(let bytes): bytes.count
        case .row(let columns):
            columns.reduce(0) { sum, column in
                switch column.value {
                case .text(let text): sum + text.utf8.count
                case .bytes(let bytes), .invalidText(let bytes): sum + bytes.count
                case .null, .integer, .real: sum + 8
                }
            }
        }
    }
}
