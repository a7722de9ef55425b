internal import StoredRecords
internal import TerminalSurface

/// How long what `Words.age` says stays true.
enum AgeLabel {
    private static let minute: Int64 = 60
    private static let hour: Int64 = 3600
    private static let day: Int64 = 86_400
    private static let week: Int64 = 86_400 * 7
    private static let year: Int64 = 86_400 * 365

    /// The first second at which the age of `time` is told in other words than at `now`.
    static func change(of time: Timestamp, after now: Timestamp) -> Timestamp {
        let age = now.seconds - time.seconds
        // What is still to come is counted down, and is "now" from a minute before until a minute after.
        if age <= -minute { return Timestamp(seconds: now.seconds - age - start(ofLabelAt: -age) + 1) }
        return Timestamp(seconds: time.seconds + end(ofLabelAt: max(0, age)))
    }

    /// The seconds at which the label of a span ends.
    private static func end(ofLabelAt seconds: Int64) -> Int64 {
        func end(_ unit: Int64, atMost limit: Int64) -> Int64 { min(limit, (seconds / unit + 1) * unit) }
        return switch seconds {
        case ..<hour: end(minute, atMost: hour)
        case ..<day: end(hour, atMost: day)
        case ..<(day * 14): end(day, atMost: day * 14)
        case ..<year: end(week, atMost: year)
        default: end(year, atMost: .max)
        }
    }

    /// The seconds at which the label of a span begins.
    private static func start(ofLabelAt seconds: Int64) -> Int64 {
        let unit =
            switch seconds {
            case ..<hour: minute
            case ..<day: hour
            case ..<(day * 14): day
            case ..<year: week
            default: year
            }
        return seconds / unit * unit
    }
}

/// Lines that tell the age of a time, among lines that are laid out once and kept.
struct AgedLines: Sendable, Equatable {
    var lines: Range<Int>
    var time: Timestamp
}

extension [AgedLines] {
    /// Whether one of the ages is told in other words now than at `moment`.
    func isStale(since moment: Timestamp, now: Timestamp) -> Bool {
        contains { AgeLabel.change(of: $0.time, after: moment) <= now }
    }

    /// The times whose age is told on lines that are seen.
    func times(in seen: Range<Int>) -> [Timestamp] {
        compactMap { $0.lines.overlaps(seen) ? $0.time : nil }
    }
}

extension BrowserState {
    /// When an age on the screen is to be told in other words; `nil` where none is.
    ///
    /// On half minutes, so that labels that change one after the other are drawn together.
    var nextAge: Timestamp? {
        guard let next = seenTimes.map({ AgeLabel.change(of: $0, after: now).seconds }).min() else { return nil }
        return Timestamp(seconds: (next + 29) / 30 * 30)
    }

    /// The times whose age is on the screen.
    private var seenTimes: [Timestamp] {
        var times: [Timestamp] = []
        switch top {
        case .browse(let screen):
            let rows = screen.list?.rows.dropFirst(screen.list?.top ?? 0).prefix(layout.recordLines)
            times = rows?.flatMap(\.toldTimes) ?? []
            if let preview = layout.preview, screen.kind != nil {
                times += screen.preview.ages.times(in: screen.preview.top..<screen.preview.top + preview.height)
            }
        case .thread(let screen):
            // The last one on the screen is at most as many messages below the first as there are lines.
            times = screen.blocks.dropFirst(screen.top.message).prefix(layout.contentLines)
                .compactMap(\.message.created)
        case .recovery(let screen):
            times = screen.shown.dropFirst(screen.top).prefix(layout.recoveryLines).map(\.made)
        case .reader(let screen):
            if case .facts(let record) = screen.content { times = record.toldTimes }
        default: break
        }
        if case .undo(let undo) = dialog { times += [undo.act.first, undo.entry].compactMap(\.?.made) }
        return times
    }

    /// Lays out anew what tells ages that have changed since.
    mutating func tellAges() {
        let now = now
        for index in screens.indices {
            switch screens[index] {
            case .browse(let screen):
                let preview = screen.preview
                guard preview.ages.isStale(since: preview.told, now: now) else { continue }
                edit(browse: screen.id) { $0.preview.layOut(width: preview.width, now: now) }
            case .reader(let screen):
                guard case .facts(let record) = screen.content,
                    record.toldTimes.contains(where: { AgeLabel.change(of: $0, after: screen.told) <= now })
                else { continue }
                layOutReader(index)
            default: continue
            }
        }
    }
}

extension RecordSummary {
    /// The times that are told of a record, with their age.
    var toldTimes: [Timestamp] {
        var times = [created, updated]
        if case .index(let index) = detail { times.append(index.synced) }
        if case .task(let task) = detail { times.append(task.expires) }
        return times.compactMap(\.self)
    }
}
