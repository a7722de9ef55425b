public import StoredRecords

/// A job that has ended in this run.
public struct FinishedJob: Sendable, Equatable {
    public enum Outcome: Sendable, Equatable {
        case done
        case cancelled
        case failed(String)
    }

    public let id: RequestID
    public let label: String
    public let started: Timestamp
    public let ended: Timestamp
    public let outcome: Outcome
    /// How far it came, where it told.
    public let progress: Progress?

    public var milliseconds: Int64 { max(0, ended.milliseconds(since: started)) }
}

/// What has ended in this run: what is worth knowing one by one, the rest as a number.
public struct FinishedJobs: Sendable, Equatable {
    /// Shorter reads that went well are only counted.
    public static let shortMilliseconds: Int64 = 500
    static let rememberedJobs = 200

    /// The newest first.
    public private(set) var jobs: [FinishedJob] = []
    /// How many were done in no time.
    public private(set) var shortOnes = 0
    /// How many longer ones are not remembered any more.
    public private(set) var forgotten = 0

    mutating func add(_ job: InFlight, _ outcome: FinishedJob.Outcome, now: Timestamp) {
        let finished = FinishedJob(
            id: job.id, label: job.label, started: job.started, ended: now, outcome: outcome, progress: job.progress)
        var isShort = finished.milliseconds < Self.shortMilliseconds && !job.isAct
        if case .failed = outcome { isShort = false }
        guard !isShort else { return shortOnes += 1 }
        jobs.insert(finished, at: 0)
        if jobs.count > Self.rememberedJobs {
            jobs.removeLast()
            forgotten += 1
        }
    }
}
