internal import EngineCore
internal import JSONText
internal import StoredRecords

/// Reads what a list shows of a thread from its row.
enum MemexThreadDecoding {
    /// Metadata members a title is taken from, the first one that holds text.
    private static let titleKeys = ["title", "name", "subject", "topic", "summary"]

    static func summary(_ row: Row, messages: Int?, id: RecordID) -> RecordSummary {
        var notes: [String] = []
        if row["id"]?.text == nil { notes.append("the thread's id is not text") }
        let metadata = row["metadata"].flatMap { MemexMessageDecoding.metadata($0, &notes) }
        let created = row["created_at"].flatMap { memexTime($0, "created_at", &notes) }
        let updated = row["updated_at"].flatMap { memexTime($0, "updated_at", &notes) }
        return RecordSummary(
            id: id, title: title(metadata), created: created, updated: updated, messages: messages,
            metadata: metadata, detail: .thread(ThreadDetail()), notes: notes)
    }

    /// A title for people, from the metadata only; empty when it has none.
    static func title(_ metadata: JSONValue?) -> String {
        guard let metadata else { return "" }
        for key in titleKeys {
            if let text = metadata[key]?.stringValue, text.contains(where: { !$0.isWhitespace }) { return text }
        }
        return ""
    }

    /// Messages whose thread has no row of its own.
    static func orphan(messages: Int, id: RecordID) -> RecordSummary {
        RecordSummary(
            id: id, messages: messages, detail: .thread(ThreadDetail()),
            notes: ["the thread's own row is missing: MemexLLM does not find these messages"])
    }
}
