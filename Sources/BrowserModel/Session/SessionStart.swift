/// What was found of the last session.
public enum SessionStart: Sendable, Equatable {
    /// Nothing: it is the first start.
    case first
    case resumed(Session)
    /// Something that cannot be used, and why; the next session is kept in its place.
    case unusable(String)
    /// What a newer version wrote, and where; it stays as it is, so that this session is not kept.
    case newer(String)

    public var session: Session? {
        if case .resumed(let session) = self { session } else { nil }
    }

    /// The same under the present configuration.
    public func adapted(to preferences: Preferences) -> SessionStart {
        if case .resumed(let session) = self { .resumed(session.adapted(to: preferences)) } else { self }
    }
}
