import BrowserModel
import StoredRecords

/// How far a job has come, in words and as a bar.
enum ProgressWords {
    /// `[####------]`, with a column for each of `width` parts.
    static func bar(_ progress: Progress, width: Int) -> String? {
        guard let total = progress.total, total > 0, width > 0 else { return nil }
        let full = max(0, min(width, Int(Double(progress.done) / Double(total) * Double(width))))
        return "[" + String(repeating: "█", count: full) + String(repeating: "░", count: width - full) + "]"
    }

    /// `12 000 of 30 000 messages`.
    static func count(_ progress: Progress) -> String {
        if progress.unit == "bytes" {
            let done = Words.size(Int64(progress.done))
            return progress.total.map { "\(done) of \(Words.size(Int64($0)))" } ?? done
        }
        let of = progress.total.map { " of \(Words.grouped($0))" } ?? ""
        return "\(Words.grouped(progress.done))\(of) \(progress.unit)"
    }

    /// `1 200/s`; `nil` in the first second, when it would say little.
    static func rate(_ progress: Progress, milliseconds: Int64) -> String? {
        guard milliseconds >= 1000, progress.done > 0 else { return nil }
        let rate = Int(Int64(progress.done) * 1000 / milliseconds)
        return progress.unit == "bytes" ? Words.size(Int64(rate)) + "/s" : Words.grouped(rate) + "/s"
    }

    /// `4 s`, `2:05`, `1:00:00`; tenths below ten seconds where they are asked for.
    static func elapsed(_ milliseconds: Int64, tenths: Bool = false) -> String {
        let seconds = max(0, milliseconds) / 1000
        if seconds < 10, tenths { return "\(seconds).\(max(0, milliseconds) % 1000 / 100) s" }
        if seconds < 60 { return "\(seconds) s" }
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        if seconds < 3600 { return "\(seconds / 60):\(two(seconds % 60))" }
        return "\(seconds / 3600):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
    }
}
