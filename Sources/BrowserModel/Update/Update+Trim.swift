internal import StoredRecords
internal import TerminalSurface

/// Choosing where to cut a thread, in the thread itself.
extension BrowserState {
    /// Whether the thread in sight shows a cut.
    public var showsTrim: Bool { trimming.map { $0.screen == top.id } ?? false }

    /// Where the keys of the screen in sight are looked up.
    public var screenMode: Mode { showsTrim ? .trim : top.mode }

    /// Shows the cut: in an open thread at its cursor, else in the thread that is opened for it.
    ///
    /// - Parameter chosen: another record than the one in focus.
    mutating func beginTrim(_ chosen: RecordSummary? = nil) {
        if chosen == nil, let thread = threadTop {
            if let leftover = trimming, leftover.screen != thread.id { endTrim() }
            guard !thread.isLoaded || !thread.blocks.isEmpty else {
                return tell(.warning, "there is no message to trim")
            }
            trimming = TrimPreview(screen: thread.id, opened: false, wanted: nil)
            return showCut()
        }
        guard let record = chosen ?? targetRecord else { return }
        let all = record.messages
        let keep = max(1, min(lastKeep ?? max(1, ((all ?? 2) + 1) / 2), all ?? .max))
        push(record, from: top.id)
        guard let thread = threadTop else { return }
        trimming = TrimPreview(screen: thread.id, opened: true, wanted: keep)
        followTrim()
    }

    /// Leaves the preview, and the thread if it was opened for it.
    mutating func leaveTrim() {
        guard let preview = trimming else { return }
        let wasOpened = preview.opened && showsTrim
        endTrim()
        if wasOpened { pop() } else { showCut() }
    }

    mutating func endTrim() {
        if let planning = trimming?.planning { cancel(planning) }
        trimming = nil
    }

    // MARK: Keys

    /// Takes a digit of the number to keep, also before the thread is there; `false` when the key is none.
    mutating func typeInTrim(_ key: KeyPress) -> Bool {
        guard let digit = key.typedCharacter, digit.isASCII, digit.isNumber else { return false }
        let number = trimming?.number ?? ""
        setNumber(String((number + String(digit)).prefix(9)))
        return true
    }

    private mutating func setNumber(_ text: String) {
        let isTaken = !text.isEmpty && trimming?.total != nil
        trimming?.number = text
        trimming?.numberDue = isTaken ? now.adding(milliseconds: TrimPreview.typingPause) : nil
        if isTaken, let number = Int(text) { keep(number) }
    }

    /// The next digit begins another number.
    private mutating func endNumber() {
        guard trimming?.total != nil else { return }
        trimming?.number = ""
        trimming?.numberDue = nil
    }

    mutating func runInTrim(_ command: Command) {
        guard trimming != nil, let thread = threadTop else { return }
        if command == .erase {
            let number = trimming?.number ?? ""
            return setNumber(String(number.dropLast()))
        }
        endNumber()
        let height = layout.contentLines
        switch command {
        case .leaveTrim: leaveTrim()
        case .askTrim: askTrim()
        case .keepMore, .keepFewer:
            // The message under the cursor stays; the one above it stays too, or it goes too.
            let step = command == .keepMore ? -1 : 1
            edit(thread: thread.id) { $0.moveToMessage($0.cursor.message + step, height: height) }
            askWantedMessages(thread.id)
            showCut()
        case .safeCut:
            guard let verdict = trimming?.verdict, !(trimming?.isPlanning ?? true), let keeps = trimming?.keeps else {
                return tell(.info, "wait until it is known what would go")
            }
            let nearest = verdict.safeKeeps.min { (abs($0 - keeps), -$0) < (abs($1 - keeps), -$1) }
            guard let nearest else { return tell(.info, "this cut parts no tool call from its result") }
            keep(nearest)
        case .lineDown, .lineUp, .halfPageDown, .halfPageUp, .pageDown, .pageUp, .toTop, .toBottom,
            .nextMessage, .previousMessage, .nextUserTurn, .previousUserTurn, .nextToolCall, .previousToolCall,
            .nextError,
            .previousError, .nextPane, .foldTools, .foldAllTools, .metadata, .refresh:
            runInThread(command)
            showCut()
        default: break
        }
    }

    /// Puts the cut so that so many messages stay.
    mutating func keep(_ number: Int) {
        guard let total = trimming?.total else { return }
        guard number >= 1 else { return tell(.warning, "at least one message stays; d deletes the thread") }
        if number > total { tell(.info, "the thread has \(Words.count(total, "messages"))") }
        guard let screen = trimming?.screen else { return }
        trimming?.going = min(number, total)
        goToMessage(total - min(number, total) + 1, in: screen)
        showCut()
    }

    /// Goes on to the question whether to trim here.
    private mutating func askTrim() {
        // Digits that were typed right before have only now moved the cut.
        followTrim()
        guard let preview = trimming, let thread = threadTop, let target = preview.target else {
            return tell(.info, "wait until the thread is there")
        }
        guard target.drops > 0 else { return }
        open(.change(ChangeDialog(.trim, thread.record, keep: target.keeps)))
        dropsTypedAhead = true
        askPlan()
    }

    // MARK: The cut

    /// Keeps some of what would go in sight above the cut.
    private mutating func showCut() {
        guard let thread = threadTop else { return }
        let height = layout.contentLines
        edit(thread: thread.id) { screen in
            screen.scroll(height: height)
            screen.keepInSight(linesAbove: min(4, height / 3), height: height)
        }
    }

    /// Brings the preview up to date with its thread, whatever has happened to that.
    mutating func followTrim() {
        guard var preview = trimming else { return }
        guard case .thread(let thread) = screens.first(where: { $0.id == preview.screen }) else { return endTrim() }
        guard thread.isLoaded, thread.loadingAnew == nil, case .exact(let total) = thread.total else { return }
        guard let position = thread.current?.position else {
            endTrim()
            return tell(.warning, "there is no message to trim")
        }
        if preview.total != total { preview.forgetVerdicts() }
        let isNew = preview.total != total || preview.cut != position
        preview.total = total
        preview.cut = position
        preview.going = nil
        // What was typed before the thread was there has nothing to wait for.
        if preview.numberDue == nil, let typed = Int(preview.number) {
            preview.number = ""
            if typed > 0 { preview.wanted = typed }
        }
        if let wanted = preview.wanted {
            preview.wanted = nil
            preview.cut = nil
            trimming = preview
            keep(max(1, wanted))
            return followTrim()
        }
        guard isNew, let keeps = preview.keeps else {
            // What goes may have come only now, above a cut that was jumped to.
            if showsTrim { showCut() }
            return
        }
        if let planning = preview.planning { cancel(planning) }
        preview.planning = nil
        preview.due = nil
        preview.error = nil
        if preview.drops == 0 {
            preview.verdict = nil
        } else if let known = preview.known(keeps) {
            preview.verdict = known
        } else {
            preview.due = now.adding(milliseconds: TrimPreview.pause)
        }
        trimming = preview
        if showsTrim { showCut() }
    }

    /// Why a command of the preview cannot be carried out now.
    func reasonAgainst(inTrim command: Command) -> String? {
        guard let preview = trimming else { return nil }
        switch command {
        case .askTrim:
            if preview.isRunning { return "the trim is under way" }
            if let problem = preview.numberProblem { return problem }
            if preview.target?.drops == 0 {
                return "nothing would go; move to the message the thread shall begin with"
            }
            return preview.verdict?.refusal
        case .safeCut:
            if preview.drops == 0 { return "nothing would go" }
            guard !preview.isPlanning, let verdict = preview.verdict, verdict.keeps == preview.target?.keeps else {
                return "it is not known yet what would go"
            }
            return verdict.safeKeeps.isEmpty ? "this cut parts no tool call from its result" : nil
        case .keepMore: return preview.drops == 0 ? "all messages stay" : nil
        case .keepFewer: return preview.keeps == 1 ? "one message stays at least" : nil
        default: return nil
        }
    }

    mutating func passTimeInTrim() {
        // The question makes its own plan.
        guard dialog == nil else { return }
        if let due = trimming?.numberDue, due <= now { endNumber() }
        guard let preview = trimming, let due = preview.due, due <= now, let keeps = preview.keeps,
            case .thread(let thread) = screens.first(where: { $0.id == preview.screen })
        else { return }
        trimming?.due = nil
        let planning = send(
            .plan(.trim(keep: keeps, snap: false), thread.record.id), .trimVerdict(keeps: keeps),
            "see what a trim of \(thread.record.id.key) to \(Words.grouped(keeps)) would do", screen: thread.id)
        trimming?.planning = planning
    }

    mutating func takeVerdict(_ answer: Answer, _ job: InFlight, _ keeps: Int) {
        guard var preview = trimming, preview.planning == job.id else { return }
        preview.planning = nil
        switch answer {
        case .planned(let plan):
            let verdict = TrimVerdict(plan, keeps: keeps)
            preview.verdict = verdict
            preview.error = nil
            if preview.held.count >= TrimPreview.heldVerdicts { preview.held = [:] }
            preview.held[keeps] = verdict
            preview.outlook = plan.outlook
            let own: Set<PlanWarning.Kind> = [.splitsToolCall, .dropsSystemMessage, .dropsFirstUserMessage]
            preview.common = plan.warnings.filter { !own.contains($0.kind) }
            preview.refusal = plan.refusal
            trimming = preview
            // The thread has grown since it was read: what is shown is read again.
            if plan.refusal == nil, plan.keeps + plan.drops != preview.total { refreshThread(preview.screen) }
        case .failed(let error):
            preview.error = error
            preview.verdict = nil
            trimming = preview
        default: trimming = preview
        }
    }

    // MARK: The trim itself

    /// Told when a trim was confirmed in the dialog.
    mutating func trimBegan(_ id: RecordID) {
        guard let preview = trimming, trimmed(id, preview) else { return }
        trimming?.isRunning = true
        trimming?.conflict = nil
    }

    /// Told when it came to its end; what was changed is read again by the caller.
    mutating func trimEnded(_ id: RecordID, _ error: StorageError?) {
        guard let preview = trimming, trimmed(id, preview) else { return }
        trimming?.isRunning = false
        guard let error else {
            let wasOpened = preview.opened && showsTrim
            endTrim()
            if wasOpened { pop() }
            return
        }
        trimming?.forgetVerdicts()
        trimming?.total = nil
        if error.kind == .conflict { trimming?.conflict = error.reason }
        // The number that was confirmed is what is wanted of the thread as it is now.
        if let keeps = preview.keeps { trimming?.wanted = keeps }
    }

    private func trimmed(_ id: RecordID, _ preview: TrimPreview) -> Bool {
        guard case .thread(let thread) = screens.first(where: { $0.id == preview.screen }) else { return false }
        return thread.record.id == id
    }
}
