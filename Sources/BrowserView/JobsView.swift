import BrowserModel
import StoredRecords
import TerminalSurface

/// The work under way, and below it what has ended in this run.
enum JobsView {
    private enum Line {
        case heading(String)
        case running(InFlight)
        case finished(FinishedJob)
        case words(String)

        var id: RequestID? {
            switch self {
            case .running(let job): job.id
            case .finished(let job): job.id
            case .heading, .words: nil
            }
        }
    }

    static func draw(_ screen: JobsScreen, _ state: BrowserState, into grid: inout CellGrid) {
        let rect = state.layout.body
        let lines = lines(state)
        let all = state.listedJobs
        let at = state.cursor(of: screen)
        let selected = all.indices.contains(at) ? all[at] : nil
        let place = selected.flatMap { id in lines.firstIndex { $0.id == id } } ?? 0
        // The heading above the first job is seen with it.
        let top = place <= 1 ? 0 : max(0, min(place - rect.height + 1, lines.count - rect.height))
        grid.cursor = GridPosition(row: rect.row, column: 0)
        for (index, line) in lines.dropFirst(top).prefix(rect.height).enumerated() {
            let row = rect.row + index
            switch line {
            case .heading(let text): grid.put(text, row: row, column: 1, maxWidth: rect.width - 1, style: .heading)
            case .words(let text):
                grid.put(TextFit.truncated(text, to: rect.width - 3), row: row, column: 2, style: .dim)
            case .running(let job): draw(job, state, row, rect.width, into: &grid)
            case .finished(let job): draw(job, row, rect.width, into: &grid)
            }
            if let id = line.id, id == selected {
                grid.select(row: row, in: Rect(row: row, column: 0, width: rect.width, height: 1))
                grid.cursor = GridPosition(row: row, column: 0)
            }
        }
    }

    private static func lines(_ state: BrowserState) -> [Line] {
        var lines: [Line] = [.heading("Running")]
        lines += state.jobs.isEmpty ? [.words("Nothing is running.")] : state.jobs.map(Line.running)
        let finished = state.finishedJobs
        guard !finished.jobs.isEmpty || finished.shortOnes > 0 else { return lines }
        lines += [.words(""), .heading("Ended")]
        lines += finished.jobs.map(Line.finished)
        if finished.shortOnes > 0 {
            lines.append(.words("\(Words.count(finished.shortOnes, "short reads")) went well"))
        }
        if finished.forgotten > 0 {
            lines.append(.words("\(Words.grouped(finished.forgotten)) older ones are not listed"))
        }
        return lines
    }

    private static func draw(
        _ job: InFlight, _ state: BrowserState, _ row: Int, _ width: Int, into grid: inout CellGrid
    ) {
        let milliseconds = max(0, state.now.milliseconds(since: job.started))
        let elapsed = ProgressWords.elapsed(milliseconds)
        var parts: [String] = []
        if let progress = job.progress {
            parts.append(ProgressWords.count(progress))
            if let rate = ProgressWords.rate(progress, milliseconds: milliseconds) { parts.append(rate) }
        }
        let bar = job.progress.flatMap { ProgressWords.bar($0, width: width >= 100 ? 20 : width >= 60 ? 10 : 0) } ?? ""
        // From the right: time, rate, count, bar; what is done keeps at least a third.
        var end = width - 1
        put(elapsed, &end, row, columns: 7, .normal, into: &grid)
        for part in parts.reversed() where end - CharacterWidth.columns(of: part) - 2 >= max(16, width / 3) {
            put(part, &end, row, columns: 0, .dim, into: &grid)
        }
        if !bar.isEmpty, end - CharacterWidth.columns(of: bar) - 2 >= max(16, width / 3) {
            put(bar, &end, row, columns: 0, .success, into: &grid)
        }
        grid.put(
            TextFit.truncated(Sanitizer.visible(job.label), to: max(1, end - 3)), row: row, column: 2,
            maxWidth: end - 2)
    }

    private static func draw(_ job: FinishedJob, _ row: Int, _ width: Int, into grid: inout CellGrid) {
        var end = width - 1
        put(
            ProgressWords.elapsed(job.milliseconds, tenths: true), &end, row, columns: 7, .dim, into: &grid)
        let (word, style): (String, Style) =
            switch job.outcome {
            case .done: ("done", .success)
            case .cancelled: ("cancelled", .warning)
            case .failed(let reason): ("failed: " + Sanitizer.visible(reason), .error)
            }
        let count = job.progress.map { ", " + ProgressWords.count($0) } ?? ""
        let room = max(9, (width - 12) / 2)
        put(TextFit.truncated(word + count, to: room), &end, row, columns: 0, style, into: &grid)
        grid.put(
            TextFit.truncated(Sanitizer.visible(job.label), to: max(1, end - 3)), row: row, column: 2,
            maxWidth: end - 2)
    }

    /// Puts text before column `end` and moves that to the left of it, two columns away.
    private static func put(
        _ text: String, _ end: inout Int, _ row: Int, columns: Int, _ style: Style, into grid: inout CellGrid
    ) {
        let padded = columns > 0 ? TextFit.padded(text, to: columns, alignment: .right) : text
        let width = CharacterWidth.columns(of: padded)
        grid.put(padded, row: row, column: max(0, end - width), style: style)
        end -= width + 2
    }
}
