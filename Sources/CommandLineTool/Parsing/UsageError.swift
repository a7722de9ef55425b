/// A command line that cannot be carried out as written; one sentence for people.
public struct UsageError: Error, Sendable, Hashable, CustomStringConvertible {
    public var description: String

    init(_ description: String) {
        self.description = description
    }
}
