internal import StoredRecords

/// What is remembered from one start to the next.
extension BrowserState {
    // MARK: Restoring

    /// Begins where the last session ended; to be called after `adopt` and before anything happens.
    public mutating func begin(_ start: SessionStart) {
        keeping.isOn = true
        switch start {
        case .first: tour = .due
        case .resumed(let session): resume(session)
        case .unusable(let reason): keeping.note = "the last session is not restored: \(reason)"
        case .newer(let path):
            keeping.isOn = false
            keeping.note =
                "the last session is not restored and this one not kept: a newer ctxbrowse wrote \(path)"
        }
    }

    private mutating func resume(_ session: Session) {
        keeping.saved = session
        keeping.place = session
        keeping.sought = session.selected
        keeping.theme = session.theme
        theme = session.theme ?? theme
        settings = session.settings
        if takesMouseThisTime { settings.usesMouse = true }
        lineHistory = session.lineHistory
        wordHistory = session.wordHistory
        listChoices = session.lists
        if !session.hasToured { tour = .due }
        guard let tab = session.tab else { return }
        edit(browse: screens[0].id) {
            $0.tab = tab
            $0.focus = tab == .sources ? .sources : .records
            // A kind that no source holds any more gives way to one that is there.
            $0.isTabAutomatic = tab != .sources
        }
    }

    /// Says what there is to say of the last session, and takes the mouse if it had it.
    mutating func announceSession() {
        if settings.usesMouse { emit(.mouse(true)) }
        if let note = keeping.note { tell(.warning, note) }
        keeping.note = nil
    }

    /// Goes to the source that was shown, now that it is known which there are.
    mutating func resumePlace() {
        guard let place = keeping.place else { return }
        keeping.place = nil
        let names = sources.map(\.name)
        if let source = place.source, names.contains(source) {
            edit(browse: screens[0].id) { $0.source = source }
        }
        guard screens.count == 1, let scope = place.scope, names.contains(scope), names.count > 1,
            case .records(let kind) = place.tab
        else { return }
        push(.browse(BrowseScreen(id: newScreenID(), scope: scope, tab: .records(kind))))
        loadList()
    }

    /// Selects the record that was selected last, once it is listed.
    mutating func selectSought(_ id: ScreenID, _ kind: RecordKind) {
        guard let wanted = keeping.sought[kind],
            case .browse(let screen) = screens.first(where: { $0.id == id }),
            screen.lists[kind]?.rows.contains(where: { $0.id == wanted }) == true
        else { return }
        keeping.sought[kind] = nil
        endSeek(kind)
        let height = layout.recordLines
        edit(browse: id) { $0.lists[kind]?.select(wanted, height: height) }
        askWanted(id, kind)
    }

    // MARK: Keeping

    /// The session as it is now.
    public var session: Session {
        if var frozen = keeping.frozen {
            frozen.hasToured = tour != .due
            return frozen
        }
        let saved = keeping.saved
        var session = Session()
        session.settings = settings
        if takesMouseThisTime { session.settings.usesMouse = saved?.settings.usesMouse ?? false }
        session.theme = keeping.theme
        session.configuredTheme = keeping.configuredTheme
        session.lineHistory = lineHistory
        session.wordHistory = wordHistory
        session.lists = listChoices
        session.hasToured = tour != .due
        session.selected = saved?.selected ?? [:]
        var last: BrowseScreen?
        for case .browse(let screen) in screens {
            last = screen
            for (kind, list) in screen.lists where keeping.sought[kind] == nil && !list.rows.isEmpty {
                // Who stays at the top finds what is on top next time.
                session.selected[kind] = list.anchor == .top ? nil : list.selected
            }
        }
        if let last { session.tab = last.isTabAutomatic ? saved?.tab : last.tab }
        session.scope = knowsSources ? last?.scope : saved?.scope
        if case .browse(let root) = screens[0] { session.source = root.source ?? saved?.source }
        return session
    }

    /// From now on nothing that is done is remembered: it is done to examples.
    mutating func freezeSession() {
        keeping.frozen = keeping.frozen ?? session
    }

    /// Whether there is something to write; never where nothing is kept.
    public var hasUnsavedSession: Bool { keeping.isOn && session != keeping.saved }

    /// Notes that the user did something: what is remembered may have changed,
    /// and what was selected last is not looked for any more.
    mutating func noteUse() {
        if keeping.isOn, keeping.due == nil { keeping.due = now.adding(milliseconds: SessionKeeping.pause) }
        keeping.place = nil
        if let kind = browseTop?.kind, browseTop?.list?.isEmpty == false {
            keeping.sought[kind] = nil
            endSeek(kind)
        }
    }

    /// Writes what has changed, now and then.
    mutating func saveSessionIfDue() {
        guard let due = keeping.due, due <= now else { return }
        keeping.due = nil
        saveSession()
    }

    mutating func saveSession() {
        guard hasUnsavedSession else { return }
        let session = session
        send(.saveSession(session), .saveSession(session), "remember what was chosen")
    }

    mutating func takeSaved(_ answer: Answer, _ session: Session) {
        switch answer {
        case .done: keeping.saved = session
        case .failed(let error) where !keeping.hasFailed && error.kind != .cancelled:
            keeping.hasFailed = true
            tell(
                .warning, "what you choose is not remembered: \(error.reason)",
                details: ["where: \(error.place)"] + (error.help.isEmpty ? [] : ["help: \(error.help)"]))
        default: break
        }
    }
}
