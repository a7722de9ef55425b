internal import BrowserModel
internal import StoredRecords

extension BrowserLoop {
    /// Lends the terminal to a program and answers an effect with what came of it.
    func lend(_ effect: BrowserEffect, to program: GuestProgram, _ operation: String, help: String) {
        if let problem = terminal.lend(to: program) {
            answer(
                effect, .failed(StorageError(.failed, operation: operation, place: "", reason: problem, help: help)))
        } else {
            answer(effect, .done)
        }
    }

    func edit(_ effect: BrowserEffect, _ path: String, _ name: String) {
        let before = EditorCopies.stamp(path)
        let problem = terminal.lend(to: .editor(path))
        let wasSaved = before != EditorCopies.stamp(path)
        runner.copies.remove(path)
        if let problem {
            answer(
                effect,
                .failed(
                    StorageError(
                        .failed, operation: "show \(name) in the editor", place: "", reason: problem,
                        help: "VISUAL or EDITOR names the editor; without them it is vi")))
        } else {
            answer(effect, .edited(wasSaved: wasSaved))
        }
    }

    func answer(_ effect: BrowserEffect, _ answer: Answer) {
        mailbox.post(.answered(effect.id, answer))
    }
}
