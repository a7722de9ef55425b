internal import StoredRecords
internal import TerminalSurface

/// The screen of what can be undone.
extension BrowserState {
    public var showsRecovery: Bool { recoveryTop != nil }

    var recoveryTop: RecoveryScreen? {
        if case .recovery(let screen) = top { screen } else { nil }
    }

    mutating func openRecovery() {
        if recoveryTop != nil { return }
        let screen = RecoveryScreen(id: newScreenID())
        push(.recovery(screen))
        readRecovery(screen.id)
    }

    private mutating func readRecovery(_ id: ScreenID) {
        guard case .recovery(let screen) = screens.first(where: { $0.id == id }) else { return }
        // Asked for before the sources are known, the journal is read when they are.
        guard knowsSources else { return }
        if let loading = screen.loading { cancel(loading) }
        let job = send(.recoveryEntries, .recovery, "read the recovery journal", screen: id)
        edit(recovery: id) { $0.loading = job }
    }

    /// Brings every recovery screen up to date after the journal was changed.
    mutating func rereadRecovery() {
        for case .recovery(let screen) in screens { readRecovery(screen.id) }
    }

    mutating func takeRecovery(_ answer: Answer, _ job: InFlight) {
        guard let id = job.screen else { return }
        let height = layout.recoveryLines
        edit(recovery: id) { $0.loading = nil }
        switch answer {
        case .recoveryEntries(let entries): edit(recovery: id) { $0.take(entries, height: height) }
        case .failed(let error):
            edit(recovery: id) { $0.error = error }
            tell(error)
        default: break
        }
    }

    func reasonAgainst(inRecovery command: Command, _ screen: RecoveryScreen) -> String? {
        switch command {
        case .open, .undo, .delete:
            if command != .open, isReadOnly { return "the browser was started read-only" }
            guard let entry = screen.selected else { return "no entry is selected" }
            if command == .undo { return entry.obstacle }
            if command == .delete { return entry.canBeForgotten ? nil : "its change is not finished" }
            return nil
        default: return nil
        }
    }

    mutating func runInRecovery(_ command: Command) {
        guard let screen = recoveryTop else { return }
        let height = layout.recoveryLines
        switch command {
        case .open: lookInside(screen)
        case .delete:
            guard let entry = screen.selected else { return }
            open(.forget(ForgetDialog(entry, screen: screen.id)))
            dropsTypedAhead = true
        case .refresh where !knowsSources: tell(.info, "stores are still looked for; what can be undone is read then")
        case .refresh: readRecovery(screen.id)
        default:
            guard let step = step(of: command, height: height) else { return }
            let target = step > screen.shown.count ? screen.shown.count - 1 : screen.cursor + max(step, -screen.cursor)
            edit(recovery: screen.id) { $0.move(to: target, height: height) }
        }
    }

    mutating func goToEntry(_ number: Int) {
        guard let screen = recoveryTop else { return }
        guard number <= screen.shown.count else {
            return tell(.warning, "there are \(Words.count(screen.shown.count, "entries"))")
        }
        let height = layout.recoveryLines
        edit(recovery: screen.id) { $0.move(to: number - 1, height: height) }
    }

    mutating func filterRecovery(_ text: String) {
        guard let screen = recoveryTop else { return }
        let height = layout.recoveryLines
        edit(recovery: screen.id) { $0.setFilter(TextFilter(text), height: height) }
    }

    // MARK: Looking inside

    private mutating func lookInside(_ screen: RecoveryScreen) {
        guard let entry = screen.selected else { return }
        for job in jobs where job.isFor(screen.id) {
            if case .lookInside = job.purpose { cancel(job.id) }
        }
        send(
            .lookInside(entry: entry.id), .lookInside(entry), "look into recovery entry \(entry.id)", screen: screen.id)
    }

    mutating func takeInside(_ answer: Answer, _ job: InFlight, _ entry: UndoEntry) {
        switch answer {
        case .documents(let documents):
            guard top.id == job.screen, !documents.isEmpty else { return }
            let record = RecordSummary(id: entry.record, title: entry.title, bytes: entry.bytes)
            var inside = DocumentScreen(id: newScreenID(), record: record, parts: documents)
            inside.title = "\(entry.act) of \(entry.title.isEmpty ? entry.record.key : entry.title), as kept"
            push(.document(inside))
            prepareDocuments()
        case .failed(let error): tell(error)
        default: break
        }
    }

    // MARK: Removing an entry

    mutating func pressIn(forget: ForgetDialog, _ key: KeyPress) {
        var forget = forget
        switch keyMap.command(for: key, in: .dialog) {
        case .dismiss: close()
        case .focusNext, .focusPrevious:
            forget.focus = forget.focus == .cancel ? .confirm : .cancel
            dialog = .forget(forget)
        case .press where forget.focus == .cancel: close()
        case .press, .confirm:
            guard forget.fits(layout) else {
                return tell(.warning, "make the window larger: what would go cannot be seen")
            }
            close()
            send(.forget(entry: forget.entry.id), .forget(forget.entry), "remove recovery entry \(forget.entry.id)")
        case let command?: runBesides(command)
        case nil: break
        }
    }

    mutating func takeForgotten(_ answer: Answer, _ entry: UndoEntry) {
        switch answer {
        case .forgot(let bytes):
            tell(
                .success,
                "removed the recovery entry of the \(entry.act) of \(TextFit.truncated(entry.title.isEmpty ? entry.record.key : entry.title, to: 24)); \(Words.size(bytes)) are free",
                details: ["entry: \(entry.id)", "it can not be undone any more"])
        case .failed(let error): tell(error)
        default: break
        }
        rereadRecovery()
    }
}
