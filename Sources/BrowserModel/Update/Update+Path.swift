internal import StoredRecords

/// `:write`, and completing the paths of command lines.
extension BrowserState {
    mutating func write(to path: String) {
        if actsOnMarks { return writeMarked(to: path) }
        if let reason = reasonAgainst(.export) { return tell(.warning, "write does not work here: \(reason)") }
        write(nil, to: path)
    }

    private mutating func write(_ record: RecordSummary?, to path: String) {
        openExport(of: record)
        guard case .export(var export) = dialog else { return }
        export.line = LineInput(path)
        export.startsAtOnce = true
        dialog = .export(export)
    }

    /// Exports all marked records into a directory, each in its usual format, as `e` does.
    private mutating func writeMarked(to path: String) {
        if let reason = reasonAgainst(bulk: .export) { return tell(.warning, "write does not work here: \(reason)") }
        if markedHere != 1 || browseTop?.list?.rangeStart != nil, Self.namesFile(path) {
            return tell(.warning, "records are marked: give a directory, as \(path)/, or Esc takes the marks off")
        }
        leaveRange(marking: true)
        let marks = actingMarks
        if marks.count == 1, let mark = marks.oldest(1).first, let record = listed(mark.id) {
            return write(record, to: path)
        }
        let state = self
        let bulk = BulkDialog(.export, marks, keep: lastKeep ?? 20) { state.openBulkObstacle(to: .export, $0) }
        guard bulk.count > 0 else {
            return tell(.warning, "no marked record can be exported: \(bulk.leftOut.first?.obstacle ?? "")")
        }
        let directory = path.hasSuffix("/") ? path : path + "/"
        begin(BulkRun(.export(directory: directory, format: ""), word: "export", bulk))
    }

    /// Whether a path ends as the file of a format does.
    private static func namesFile(_ path: String) -> Bool {
        BulkDialog.formats.contains { path.lowercased().hasSuffix("." + $0) }
    }

    // MARK: Completing paths

    /// The path at the end of a command line, and the characters before it; `nil` where none is typed.
    private func pathBeingTyped(_ line: String) -> (start: Int, path: String)? {
        let head = line.prefix { $0 == " " }.count
        let word = line.dropFirst(head).prefix { $0 != " " }
        guard word.count + head < line.count, case .verb(let verb, _) = LineOrder(String(word) + " x"),
            verb == .add || verb == .write
        else { return nil }
        let blanks = line.dropFirst(head + word.count).prefix { $0 == " " }.count
        var start = head + word.count + blanks
        var path = String(line.dropFirst(start))
        if verb == .add {
            // A server is no path, and what follows the source is its name.
            if path.contains("://") || path.contains(" as ") { return nil }
            let prefix = "sqlite:"
            if path.hasPrefix(prefix) {
                path.removeFirst(prefix.count)
                start += prefix.count
            }
        }
        return (start, path)
    }

    /// Asks for the names that go on as the path at the end of the line does; `false` where there is no path.
    mutating func completePath(by step: Int) -> Bool {
        guard let line = input?.line, input?.purpose == .command, line.cursor == line.text.count,
            let typed = pathBeingTyped(line.text)
        else { return false }
        for job in jobs {
            if case .completePath = job.purpose { cancel(job.id) }
        }
        send(.completePath(typed.path), .completePath(line: line.text, step: step), "look for paths")
        return true
    }

    mutating func takePaths(_ answer: Answer, line: String, step: Int) {
        // Who has typed on in the meantime is not interrupted.
        guard let now = input?.line, input?.purpose == .command, now.text == line, now.cursor == line.count,
            let typed = pathBeingTyped(line)
        else { return }
        switch answer {
        case .paths(let choices):
            var completion = Completion(
                start: typed.start, typed: typed.path, offering: choices.paths.map { Completion.Candidate($0) })
            if choices.paths.isEmpty { completion.usage = "no path begins so" }
            let left = choices.count - choices.paths.count
            if left > 0, let last = completion.candidates.indices.last {
                completion.candidates[last].help = "and \(Words.count(left, "more paths")); type on for fewer"
            }
            input?.completion = completion
            guard !choices.paths.isEmpty else { return }
            complete(by: step)
            // The only one is taken, so that the next Tab looks on inside of it.
            if choices.count == 1 { input?.completion = nil }
        case .failed(let error): input?.completion?.usage = error.reason
        default: break
        }
    }
}

/// What a path that is being typed may become.
public struct PathChoices: Sendable, Equatable {
    /// Written as it was begun; directories end with a slash.
    public var paths: [String]
    /// How many there are, also beyond those.
    public var count: Int

    public init(paths: [String], count: Int) {
        self.paths = paths
        self.count = count
    }
}
