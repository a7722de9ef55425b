internal import StoredRecords
internal import TerminalSurface

/// Questions of yes and no, and quitting.
extension BrowserState {
    mutating func pressIn(question: QuestionDialog, _ key: KeyPress) {
        var question = question
        switch keyMap.command(for: key, in: .dialog) {
        case .dismiss: close()
        case .focusNext, .focusPrevious:
            question.focus = question.focus == .cancel ? .confirm : .cancel
            dialog = .question(question)
        case .press where question.focus == .cancel: close()
        case .press, .confirm:
            close()
            switch question.purpose {
            case .quit: quit()
            case .keepSource(let source): keep(source)
            }
        case let command?: runBesides(command)
        case nil: break
        }
    }

    mutating func ask(_ question: QuestionDialog) {
        open(.question(question))
        dropsTypedAhead = true
    }

    /// Quits, but not in the middle of a write without asking.
    mutating func quitAfterAsking() {
        guard let act = jobs.first(where: \.isAct) else { return quit() }
        ask(
            QuestionDialog(
                purpose: .quit(act.id), title: "Quit?",
                text: [
                    "\(act.label) is under way.",
                    "The program quits by itself when it is done. Quitting now stops it; "
                        + "what was begun in a store is brought to its end when that store is opened next.",
                ], yes: "Quit now", no: "Wait"))
    }

    /// Quits once the write that was waited for is done, while the question is still open.
    mutating func quitIfDone(_ job: RequestID) {
        guard case .question(let question) = dialog, question.purpose == .quit(job) else { return }
        dialog = nil
        // A failure is to be read first.
        if notice?.level != .error { quitAfterAsking() }
    }
}
