internal import StoredRecords

/// What a search covers and how far it has come, as a sentence.
public enum SearchScope {
    /// The same in shorter and shorter forms, for narrower and narrower screens.
    public static func sentences(_ screen: ResultsScreen) -> [String] {
        let all = screen.sources.count
        let hits =
            screen.isFull
            ? "first \(Words.grouped(screen.count)) hits" : Words.count(screen.total, "hits")
        let found = screen.groups.count
        let within = screen.count > 0 ? "\(hits) in \(Words.count(found, "records"))" : hits
        let read = amount(screen.looked)
        let covered = screen.sources.filter { $0.phase == .done }.count
        let running = screen.sources.filter { $0.phase == .searching }.count
        let failed = screen.sources.compactMap { source in source.error.map { (source.source, $0.reason) } }
        let names = failed.map { "\($0.0): \($0.1)" }.joined(separator: "; ")
        if running > 0 {
            let failures = failed.isEmpty ? "" : " · \(Words.count(failed.count, "sources")) failed"
            return [
                "searching \(running) of \(Words.count(all, "sources")) · \(read) read · \(hits)"
                    + (failed.isEmpty ? "" : " · failed: \(names)"),
                "searching \(running) of \(Words.count(all, "sources")) · \(read) read · \(hits)" + failures,
                "searching \(running) of \(all)\(failures) · \(read) · \(hits)",
                "searching \(running) of \(all) · \(hits)", "\(running)/\(all) … \(hits)",
            ]
        }
        if screen.isFull {
            return [
                "\(hits); the search stopped there, more words find less · \(read) read of \(Words.count(all, "sources"))",
                "\(hits); the search stopped there", "first \(Words.grouped(screen.count))",
            ]
        }
        if screen.sources.contains(where: { $0.phase == .cancelled }) {
            return [
                "stopped: search covered \(covered) of \(Words.count(all, "sources")) · \(read) read · \(within); r searches again",
                "stopped: covered \(covered) of \(Words.count(all, "sources")) · \(hits)",
                "stopped \(covered)/\(all) · \(hits)",
            ]
        }
        if !failed.isEmpty {
            return [
                "search covered \(covered) of \(Words.count(all, "sources")): \(names) · \(read) read · \(within)",
                "\(hits) · search covered \(covered) of \(Words.count(all, "sources")): \(names)",
                "\(hits) · covered \(covered) of \(Words.count(all, "sources"))", "\(hits) · \(covered)/\(all)",
            ]
        }
        return [
            "\(within) · searched \(all == 1 ? screen.sources.first?.source ?? "1 source" : "all \(all) sources") · \(read) read",
            "\(within) · \(Words.count(all, "sources"))", hits,
        ]
    }

    /// `12 400 records, 80 000 messages`.
    static func amount(_ looked: SearchedAmount) -> String {
        let records = Words.count(looked.records, "records")
        return looked.messages == 0 ? records : "\(records), \(Words.count(looked.messages, "messages"))"
    }
}
