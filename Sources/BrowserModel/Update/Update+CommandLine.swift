internal import StoredRecords
internal import TerminalSurface

/// The line after `:`: typing, completing, and carrying it out.
extension BrowserState {
    mutating func openCommandLine(_ text: String = "") {
        input = Input(.command, text)
        offerCompletion()
    }

    /// Offers what the word at the cursor may become.
    mutating func offerCompletion() {
        guard let line = input?.line, input?.purpose == .command else { return }
        // Only the end of a line is completed.
        guard line.cursor == line.text.count else {
            input?.completion = nil
            return
        }
        let offered = completion(of: line.text)
        input?.completion = offered
    }

    /// Puts the next or previous candidate in.
    mutating func complete(by step: Int) {
        if input?.completion?.candidates.isEmpty ?? true, completePath(by: step) { return }
        guard var input, var completion = input.completion, !completion.candidates.isEmpty else { return }
        completion.step(by: step)
        let head = input.line.text.prefix(completion.start)
        input.line = LineInput(head + completion.word)
        input.completion = completion
        self.input = input
    }

    /// The lines typed for the same purpose before; `nil` where they are not kept.
    private func history(of purpose: Input.Purpose) -> LineHistory? {
        switch purpose {
        case .command: lineHistory
        case .filter, .search, .everywhere: wordHistory
        case .filterRows, .pipe: nil
        }
    }

    /// Goes to an older or newer line that begins as what was typed.
    mutating func recall(older: Bool) {
        guard var input, let history = history(of: input.purpose) else { return }
        let recall = input.recall ?? Input.Recall(typed: input.line.text, place: history.lines.count)
        let found =
            older
            ? history.older(than: recall.place, beginning: recall.typed)
            : history.newer(than: recall.place, beginning: recall.typed)
        if let found {
            input.line = LineInput(history.lines[found])
            input.recall = Input.Recall(typed: recall.typed, place: found)
        } else if !older {
            // Behind the newest is what was typed.
            input.line = LineInput(recall.typed)
            input.recall = nil
        }
        self.input = input
        if input.purpose == .filter { filterAsTyped(input.line.text) }
        offerCompletion()
    }

    mutating func carryOut(line: String) {
        let order = LineOrder(line)
        lineHistory.add(line)
        if goToPlace(line.trimmed) { return }
        switch order {
        case .nothing: break
        case .goTo(let number): goTo(number)
        case .goToEnd: runIfPossible(.toBottom)
        case .command(let command): runIfPossible(command)
        case .verb(let verb, let argument): carryOut(verb, argument)
        case .overfull(let command):
            let other =
                command == .copy ? "; in a shell, ctxbrowse copy copies into a store" : ""
            tell(.warning, "\(command.word) takes nothing after it\(other)")
        case .ambiguous(let word, let names):
            tell(.warning, "\"\(word)\" may be \(Self.list(names, last: " or ", limit: 6))")
        case .unknown(let word):
            // What is no command may be anything, a password too.
            let shown = LineHistory.mayHoldSecret(line) ? "this" : "\"\(TextFit.truncated(word, to: 30))\""
            let near = FuzzyMatch.nearest(to: word, in: LineOrder.names, count: 3)
            tell(
                .warning,
                near.isEmpty
                    ? "there is no command \(shown); Tab lists all"
                    : "there is no command \(shown); near it: \(Self.list(near, last: ", ", limit: 3))")
        }
    }

    /// Carries out a command that was named, or says why that cannot be done here.
    mutating func runIfPossible(_ command: Command) {
        if !belongsHere(command) {
            let modes = Mode.allCases.filter { mode in
                mode != .everywhere && KeyMap.standard.bindings.contains { $0.mode == mode && $0.command == command }
            }
            let places = modes.map { $0.title.lowercased() }
            return tell(.warning, "\(command.word) works on other screens: \(Self.list(places, last: ", ", limit: 9))")
        }
        if let reason = reasonAgainst(command) {
            tell(.warning, "\(command.word) does not work here: \(reason)")
        } else {
            run(command)
        }
    }

    private func belongsHere(_ command: Command) -> Bool {
        [keyMap, KeyMap.standard].contains { map in map.bindings(in: top.mode).contains { $0.command == command } }
    }

    private mutating func carryOut(_ verb: LineVerb, _ argument: String) {
        let isBare = argument.isEmpty
        switch verb {
        case .quit: quitAfterAsking()
        case .keys: openReader(.keys)
        case .set: set(argument)
        case .sort: sort(by: argument)
        case .go:
            if argument == "$" { return runIfPossible(.toBottom) }
            guard let number = Int(argument), number >= 1 else { return tellUsage(of: verb) }
            goTo(number)
        case .help: openHelp(about: argument)
        case .find where !isBare: searchEverywhere(argument)
        case .write where !isBare: write(to: argument)
        case .add where !isBare: addSource(argument)
        case .source where !isBare: showSource(argument)
        case .filter:
            if let reason = reasonAgainst(.filter) { return tell(.warning, "filter does not work here: \(reason)") }
            if filterText == nil { return runIfPossible(.filter) }
            filter(argument)
        case .search:
            guard belongsHere(.search) else { return runIfPossible(.search) }
            search(argument)
        case .write, .add, .find, .source: tellUsage(of: verb)
        }
    }

    private mutating func tellUsage(of verb: LineVerb) {
        tell(.warning, ":\(verb.rawValue) takes \(verb.argument): \(verb.help)")
    }

    // MARK: Single verbs

    mutating func goTo(_ number: Int) {
        if showsTrim { return keep(number) }
        switch top {
        case .browse: goToRow(number)
        case .thread: goToMessage(number)
        case .document: goToLine(number)
        case .results: goToHit(number)
        case .diff: goToDifference(number)
        case .recovery: goToEntry(number)
        case .reader, .jobs: tell(.warning, "there are no numbers here")
        }
    }

    private mutating func sort(by words: String) {
        if let reason = reasonAgainst(.sort) { return tell(.warning, "sort does not work here: \(reason)") }
        guard let list = browseTop?.list else { return }
        let parts = words.split(separator: " ").map { $0.lowercased() }
        let fields = sortFields(of: list)
        guard let field = fields.first(where: { $0.isNamed(parts[0], of: list.kind) }) else {
            let names = fields.map { Self.label(of: $0, list.kind) }
            return tell(.warning, "\(list.kind.plural) are sorted by \(Self.list(names, last: " or ", limit: 20))")
        }
        switch parts.dropFirst().first {
        case nil:
            if field != list.sort.field { return chooseSort(field.rawValue) }
            setSort(RecordSort(field, descending: list.sort.descending))
        case "up", "asc", "ascending": setSort(RecordSort(field, descending: false))
        case "down", "desc", "descending": setSort(RecordSort(field, descending: true))
        default: tellUsage(of: .sort)
        }
    }

    private mutating func showSource(_ name: String) {
        let found = sources.filter { $0.name.lowercased().hasPrefix(name.lowercased()) }
        let exact = found.first { $0.name == name } ?? (found.count == 1 ? found.first : nil)
        guard let source = exact else {
            let near = FuzzyMatch.nearest(to: name, in: sources.map(\.name), count: 3)
            return tell(
                .warning,
                near.isEmpty
                    ? "there is no source \"\(TextFit.truncated(name, to: 30))\""
                    : "there is no source \"\(TextFit.truncated(name, to: 30))\"; near it: \(Self.list(near, last: ", ", limit: 3))"
            )
        }
        show(.sources)
        guard let screen = browseTop else { return }
        edit(browse: screen.id) { $0.source = source.name }
        openSource(screen.id)
    }

    // MARK: Completing

    private func completion(of text: String) -> Completion? {
        let head = text.prefix { $0 == " " }.count
        let line = text.dropFirst(head)
        if line.first?.isNumber == true { return nil }
        let paths = pathCandidates(String(line))
        if !paths.isEmpty {
            return Completion(start: head, typed: String(line), among: paths.map { Completion.Candidate($0) })
        }
        if line.first == "." || line.first == "[" { return nil }
        guard let space = line.firstIndex(of: " ") else {
            return Completion(start: head, typed: String(line), among: commandCandidates)
        }
        let word = String(line[..<space])
        let rest = line[space...].drop { $0 == " " }
        guard case .verb(let verb, _) = LineOrder(word + " x") else { return nil }
        var completion = Completion(
            start: text.count - rest.count, typed: String(rest), among: candidates(of: verb, String(rest)))
        if completion.candidates.isEmpty, !verb.argument.isEmpty {
            completion.usage = "\(verb.argument)  \(verb.help)"
        }
        return completion
    }

    /// Verbs and the commands that work here, then the rest.
    private var commandCandidates: [Completion.Candidate] {
        var candidates = LineVerb.allCases.map { verb in
            Completion.Candidate(verb.words[0], verb.argument.isEmpty ? verb.help : "\(verb.argument): \(verb.help)")
        }
        let words = Set(candidates.map(\.text))
        let commands = Command.allCases.filter { $0.isForTheLine && !words.contains($0.word) }
        let here = commands.filter { belongsHere($0) && reasonAgainst($0) == nil }
        candidates += Command.aliases.prefix(8).map { Completion.Candidate($0.0, $0.1.help) }
        candidates += here.map { Completion.Candidate($0.word, $0.help) }
        candidates += commands.filter { !here.contains($0) }.map { Completion.Candidate($0.word, $0.help) }
        return candidates
    }

    private func candidates(of verb: LineVerb, _ rest: String) -> [Completion.Candidate] {
        switch verb {
        case .sort:
            guard let list = browseTop?.list else { return [] }
            return sortFields(of: list).map { Completion.Candidate(Self.label(of: $0, list.kind)) }
        case .source: return sources.map { Completion.Candidate($0.name, $0.label.location) }
        case .set: return settingCandidates
        case .help:
            return commandCandidates + Mode.allCases.map { Completion.Candidate($0.rawValue, $0.title) }
        default: return []
        }
    }

    static func list(_ names: [String], last: String, limit: Int) -> String {
        let shown = names.prefix(limit)
        if names.count > limit { return shown.joined(separator: ", ") + " and \(names.count - limit) more" }
        guard shown.count > 1, let end = shown.last else { return shown.first ?? "" }
        return shown.dropLast().joined(separator: ", ") + last + end
    }
}
