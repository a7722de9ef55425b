internal import StoredRecords
internal import TerminalSurface

/// Opening another source while the program runs, and examples where there is none.
extension BrowserState {
    /// `SOURCE`, or `SOURCE as NAME`.
    mutating func addSource(_ text: String) {
        var source = text
        var name: String?
        if let mark = text.ranges(of: " as ").last {
            let wanted = String(text[mark.upperBound...]).trimmed
            if !wanted.isEmpty, !wanted.contains("/") {
                name = wanted
                source = String(text[..<mark.lowerBound]).trimmed
            }
        }
        // The text may hold a password, so that no label repeats it.
        send(.addSource(source, name: name), .addSource, "add a source")
    }

    mutating func takeAdded(_ answer: Answer) {
        switch answer {
        case .added(let added):
            for source in added where !sources.contains(where: { $0.name == source.label.name }) {
                sources.append(SourceState(source.label, since: now))
                open(source.label.name)
            }
            guard let first = added.first else { return tell(.info, "that source is open already") }
            tell(.success, "added \(Self.list(added.map(\.label.name), last: " and ", limit: 5))")
            edit(browse: screens[0].id) { $0.source = $0.source ?? first.label.name }
            askToKeep(first)
        case .failed(let error): tell(error)
        default: break
        }
    }

    private mutating func askToKeep(_ source: AddedSource) {
        guard source.written != nil else {
            if let obstacle = source.obstacle { tell(.info, "\(source.label.name) is not kept: \(obstacle)") }
            return
        }
        guard dialog == nil, input == nil else { return }
        ask(
            QuestionDialog(
                purpose: .keepSource(source), title: "Keep this source?",
                text: [
                    "\(source.label.name) is open now. Write it to the configuration, so that it is there next time?",
                    "source \(source.label.location)", "file \(source.file)",
                ], yes: "Keep", no: "Only now"))
    }

    mutating func keep(_ source: AddedSource) {
        guard let written = source.written else { return }
        send(
            .keepSource(name: source.label.name, location: written),
            .tell("\(source.label.name) is in \(source.file) now"), "write the configuration")
    }

    mutating func openDemo() {
        guard !isFinding else { return }
        freezeSession()
        send(.openDemo, .findSources, "make demo stores")
        tell(.info, "making demo stores …")
    }

    /// Looks for stores again, where none was found.
    mutating func findSourcesAgain() {
        guard !isFinding else { return }
        knowsSources = false
        send(.findSources, .findSources, "look for sources")
    }

    private var isFinding: Bool { jobs.contains { $0.purpose == .findSources } }
}
