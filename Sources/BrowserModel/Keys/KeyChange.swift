/// A key the user wants to mean something else: names as they stand in the configuration.
public struct KeyChange: Sendable, Equatable {
    public var mode: String
    public var key: String
    /// `none` takes the key's meaning away.
    public var command: String
    /// File, line and name, for what is to be said of it.
    public var place: String

    public init(mode: String, key: String, command: String, place: String) {
        self.mode = mode
        self.key = key
        self.command = command
        self.place = place
    }
}
