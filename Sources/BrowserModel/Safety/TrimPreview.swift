public import StoredRecords
public import TerminalSurface

/// The choice of a cut in an open thread: the message of the cursor is the first that stays.
public struct TrimPreview: Sendable, Equatable {
    /// Milliseconds a cut rests before it is asked what it would do, and typed digits before the next begins
    /// another number: the second digit of who types slowly belongs to the first.
    static let pause: Int64 = 120
    static let typingPause: Int64 = 1500
    /// Answers that are held for cuts gone back to.
    static let heldVerdicts = 200

    public let screen: ScreenID
    /// Whether the thread was opened for this alone; leaving goes back to where it was asked.
    let opened: Bool
    /// The number to keep until the thread is there to show it.
    var wanted: Int?
    /// 0-based place of the first message that stays; `nil` while the thread is not there.
    public internal(set) var cut: Int?
    public internal(set) var total: Int?
    /// The digits being typed; the cut follows each of them.
    public internal(set) var number = ""
    /// How many messages the cut is on its way to keep, while the messages around it are read.
    var going: Int?
    public internal(set) var verdict: TrimVerdict?
    public internal(set) var error: StorageError?
    /// Whether the trim was begun and its end is awaited.
    public internal(set) var isRunning = false
    /// Why the last attempt changed nothing.
    public internal(set) var conflict: String?
    var held: [Int: TrimVerdict] = [:]
    var outlook: TrimOutlook?
    var common: [PlanWarning] = []
    var refusal: String?
    var planning: RequestID?
    var due: Timestamp?
    var numberDue: Timestamp?

    init(screen: ScreenID, opened: Bool, wanted: Int?) {
        self.screen = screen
        self.opened = opened
        self.wanted = wanted
    }

    public var keeps: Int? {
        guard let cut, let total else { return nil }
        return total - cut
    }
    public var drops: Int? { cut }
    /// What Enter would ask about: the cut shown, or the one under way.
    public var target: (keeps: Int, drops: Int)? {
        guard let total, let keeps = going ?? keeps else { return nil }
        return (keeps, total - keeps)
    }
    /// Why the number being typed cannot be kept.
    public var numberProblem: String? {
        guard let total, !number.isEmpty else { return nil }
        let wanted = Int(number) ?? .max
        if wanted == 0 { return "at least one message stays; d deletes the thread" }
        return wanted > total ? "the thread has \(Words.count(total, "messages")), all would stay" : nil
    }
    /// Whether what is told is for another cut than the one shown.
    public var isPlanning: Bool { planning != nil || due != nil }

    var dueTimes: [Timestamp] { [due, numberDue].compactMap { $0 } }

    /// Forgets what was told of cuts: the thread is another one now.
    mutating func forgetVerdicts() {
        held = [:]
        outlook = nil
        verdict = nil
        error = nil
    }

    /// What is known of a cut without asking.
    func known(_ keeps: Int) -> TrimVerdict? {
        if let held = held[keeps] { return held }
        guard let outlook, outlook.count == total else { return nil }
        return TrimVerdict(outlook, keeps: keeps, common: common, refusal: refusal)
    }
}

extension ScreenLayout {
    /// Lines below a thread that tell what a cut would do.
    public var trimLines: Int { body.height >= 18 ? 6 : body.height >= 7 ? 3 : body.height >= 4 ? 2 : 1 }
    /// Lines between the messages that the cut takes.
    public var trimRuleLines: Int { body.height >= 4 ? 1 : 0 }
    /// The part of the body that shows the messages and the cut.
    public var trimBody: Rect {
        Rect(row: body.row, column: body.column, width: body.width, height: max(1, body.height - trimLines))
    }
    public var trimPanel: Rect {
        Rect(
            row: trimBody.endRow, column: body.column, width: body.width,
            height: max(0, body.endRow - trimBody.endRow))
    }
}
