public import StoredRecords

/// Looking again and again whether another program has added something to what is shown.
public struct Follow: Sendable, Equatable {
    /// Milliseconds between two looks at a store that answers at once.
    static let shortest: Int64 = 2000
    /// The same at a store that is slow or does not answer.
    static let longest: Int64 = 60_000
    /// A look takes at most one part in so many of the time.
    private static let share: Int64 = 10

    /// When to look next; `nil` while looking.
    var due: Timestamp?
    /// When the look under way began.
    private var began: Timestamp?
    private var pause = shortest
    /// What the store last said the record is like.
    var revision: String?
    /// The records that were listed when the look began.
    var known: Set<RecordID> = []
    /// What has been added since following began.
    public internal(set) var arrived = 0
    /// What was added below the screen and has not been seen.
    public internal(set) var below = 0
    /// Why the last look failed.
    public internal(set) var error: StorageError?

    init(due: Timestamp) {
        self.due = due
    }

    var isLooking: Bool { began != nil }

    mutating func look(_ now: Timestamp) {
        due = nil
        began = now
    }

    /// A look has ended: the next one comes the later the longer this one took.
    mutating func looked(_ now: Timestamp) {
        let took = began.map { now.milliseconds(since: $0) } ?? 0
        pause = max(Self.shortest, min(Self.longest, took * Self.share))
        error = nil
        rest(now)
    }

    /// A look has failed: each further one waits twice as long.
    mutating func failed(_ error: StorageError, _ now: Timestamp) {
        self.error = error
        pause = min(Self.longest, pause * 2)
        rest(now)
    }

    /// Waits, without having looked.
    mutating func rest(_ now: Timestamp) {
        began = nil
        due = now.adding(milliseconds: pause)
    }

    /// `following · 3 new below`; how to stop it is told until there is news.
    public func status(now: Timestamp) -> String {
        if let error {
            let wait = due.map { max(0, ($0.milliseconds(since: now) + 999) / 1000) } ?? 0
            return "following: \(error.reason), again in \(wait) s"
        }
        if below > 0 { return "following · \(Words.grouped(below)) new below, G shows them" }
        return arrived > 0 ? "following · \(Words.grouped(arrived)) new" : "following, F stops that"
    }
}
