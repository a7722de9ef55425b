public import StoredRecords

/// What a cut would do, as far as the preview of a trim tells it.
public struct TrimVerdict: Sendable, Equatable {
    /// Messages that would stay.
    public var keeps: Int
    /// Bytes that would go; `nil` when only a plan for just this cut tells.
    public var bytes: Int64?
    public var warnings: [PlanWarning]
    /// The nearest cuts that part no tool call; empty when this one parts none.
    public var safeKeeps: [Int]
    public var refusal: String?

    init(_ plan: ChangePlan, keeps: Int) {
        self.keeps = keeps
        bytes = plan.bytes
        warnings = plan.warnings
        safeKeeps = plan.safeKeeps
        refusal = plan.refusal
    }

    /// What the outlook of an earlier plan tells of another cut; warnings that hold for any cut are that plan's.
    init(_ outlook: TrimOutlook, keeps: Int, common: [PlanWarning], refusal: String?) {
        self.keeps = keeps
        self.refusal = refusal
        let cut = outlook.count - keeps
        safeKeeps = outlook.safeKeeps(at: cut)
        warnings = []
        if outlook.run(at: cut) != nil {
            warnings.append(
                PlanWarning(.splitsToolCall, "the cut parts a tool call from its result", asksAgain: true))
        }
        if let first = outlook.firstSystem, first < cut {
            warnings.append(PlanWarning(.dropsSystemMessage, "a system message goes"))
        }
        if let first = outlook.firstUser, first < cut {
            warnings.append(PlanWarning(.dropsFirstUserMessage, "the first user message goes"))
        }
        warnings += common
    }
}
