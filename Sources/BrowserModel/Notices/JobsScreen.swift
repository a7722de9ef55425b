/// The work under way, oldest first, and below it what has ended; `x` stops one.
public struct JobsScreen: Sendable, Equatable {
    public let id: ScreenID
    /// The job in focus; stays the same job while others end, also when it ends itself.
    public internal(set) var selected: RequestID?
    /// The first line on the screen.
    public internal(set) var top = 0
}

extension BrowserState {
    /// The jobs of the screen in its order: those under way, then those that ended, the newest first.
    public var listedJobs: [RequestID] { jobs.map(\.id) + finishedJobs.jobs.map(\.id) }

    /// The line of the job in focus; the first where it is not listed.
    public func cursor(of screen: JobsScreen) -> Int {
        guard let selected = screen.selected else { return 0 }
        return listedJobs.firstIndex(of: selected) ?? 0
    }
}
