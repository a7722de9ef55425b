/// The work under way, oldest first; `x` stops one.
public struct JobsScreen: Sendable, Equatable {
    public let id: ScreenID
    /// The job in focus; stays the same job while others end.
    public internal(set) var selected: RequestID?
}
