public import StoredRecords
internal import TerminalSurface

/// A question that takes all keys until it is answered.
public enum Dialog: Sendable, Equatable {
    case change(ChangeDialog)
    case undo(UndoDialog)
    case export(ExportDialog)
    case choice(ChoiceDialog)
    /// Waits for the letter of what is to be copied; a line, not a box.
    case copy(CopyMenu)
    case columns(ColumnsDialog)
    case bulk(BulkDialog)
    case question(QuestionDialog)
    case forget(ForgetDialog)

    var mode: Mode {
        if case .export(let dialog) = self, dialog.question == nil { return .input }
        if case .bulk(let dialog) = self, dialog.act == .export { return .input }
        return .dialog
    }
}

/// Which button of a question is in focus.
public enum DialogButton: Sendable, Equatable {
    case cancel, confirm
}

/// Asks before a trim or delete, with what the plan says.
public struct ChangeDialog: Sendable, Equatable {
    public enum Act: Sendable, Equatable {
        case trim, delete
    }

    /// Milliseconds a number rests before a new plan is made for it.
    static let pause: Int64 = 120

    public let act: Act
    public let record: RecordSummary
    /// The digits of the number of messages to keep.
    public internal(set) var keep: String
    public internal(set) var snaps = false
    public internal(set) var scope = DeleteScope.record
    /// What the present numbers would do; `nil` while that is worked out.
    public internal(set) var plan: ChangePlan?
    public internal(set) var error: StorageError?
    public internal(set) var focus = DialogButton.cancel
    /// Whether a dangerous plan was confirmed once and has to be confirmed again.
    public internal(set) var asksAgain = false
    /// Whether a digit replaces the number that is there.
    var replacesNumber = true
    var planning: RequestID?
    var due: Timestamp?

    init(_ act: Act, _ record: RecordSummary, keep: Int) {
        self.act = act
        self.record = record
        self.keep = String(keep)
    }

    /// The request as it stands; `nil` while no number is typed.
    public var request: ChangeRequest? {
        switch act {
        case .delete: .delete(scope)
        case .trim: Int(keep).map { .trim(keep: $0, snap: snaps) }
        }
    }

    /// Whether it can be confirmed now: there is a plan, for just these numbers, that would change something.
    public var isReady: Bool {
        guard let plan, planning == nil, due == nil, error == nil, plan.request == request else { return false }
        return plan.refusal == nil && !plan.isEmpty
    }

    /// Whether the record, its place, the question and the buttons all have room; else nothing can be confirmed.
    public func fits(_ layout: ScreenLayout) -> Bool {
        let width = layout.dialogTextWidth
        let names = RecordNaming.title(record, width: width).count + RecordNaming.place(record, width: width).count
        // Frame, buttons and hint, or the title and the buttons; a trim has its number beside what would go.
        let rest = (layout.boxesDialogs ? 5 : 2) + (act == .trim ? 2 : 1)
        return names + rest <= layout.body.height
    }

    public var isPlanning: Bool { planning != nil || due != nil }

    mutating func typed(_ digit: Character) {
        keep = replacesNumber ? String(digit) : String((keep + String(digit)).prefix(9))
        replacesNumber = false
    }

    mutating func changeKeep(by step: Int) {
        keep = String(max(0, min(999_999_999, (Int(keep) ?? 0) + step)))
        replacesNumber = true
    }
}

/// Asks before the newest trim or delete is undone.
public struct UndoDialog: Sendable, Equatable {
    public internal(set) var entry: UndoEntry?
    /// What one act on many records left in the journal, `entry` among it; empty for an act on one.
    public internal(set) var act: [UndoEntry] = []
    /// Whether all of the act is undone, or only `entry`.
    public internal(set) var undoesAct = true
    public internal(set) var error: StorageError?
    public internal(set) var focus = DialogButton.cancel
    /// Why it could not be undone exactly; then it is asked whether to bring back what can be.
    public internal(set) var inexact: StorageError?
    var loading: RequestID?

    public var isLoading: Bool { loading != nil }
    public var isReady: Bool { entry != nil && loading == nil }
}

/// Lets one thing be chosen by its letter or with the cursor.
public struct ChoiceDialog: Sendable, Equatable {
    public enum Purpose: Sendable, Equatable {
        case sort
    }

    public struct Item: Sendable, Equatable {
        public var letter: Character
        public var label: String
        /// What is to be known before it is chosen; usually empty.
        public var note = ""
        /// What stands for it in the model: the sort field's word.
        var value: String
        public var isCurrent = false
    }

    public let purpose: Purpose
    public let title: String
    public let items: [Item]
    public internal(set) var selected = 0
}
