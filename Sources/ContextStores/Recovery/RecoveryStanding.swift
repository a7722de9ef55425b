/// An entry of the journal, and what its undo would meet now.
public struct RecoveryStanding: Sendable, Hashable {
    public var summary: RecoverySummary
    /// The source of the library whose place it is; `nil` when none is.
    public var source: String?
    /// Why it cannot be undone now; `nil` when nothing is known that stands against it.
    public var obstacle: String?
    /// What to know of its place before it is undone; usually `nil`.
    public var note: String?

    /// Whether its change came to an end, so that the entry is needed for nothing but an undo.
    public var canBeForgotten: Bool { summary.isFinished }
}
