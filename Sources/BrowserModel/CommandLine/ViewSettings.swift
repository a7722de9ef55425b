/// How things are shown, on every screen that shows them; what the user chose last holds.
public struct ViewSettings: Sendable, Equatable {
    /// Whether long lines of text are wrapped.
    public var wraps: Bool
    /// Whether tool calls and their results are one line each.
    public var foldsTools: Bool
    public var showsMetadata: Bool
    public var usesMouse: Bool

    public init(
        wraps: Bool = true, foldsTools: Bool = true, showsMetadata: Bool = false, usesMouse: Bool = false
    ) {
        self.wraps = wraps
        self.foldsTools = foldsTools
        self.showsMetadata = showsMetadata
        self.usesMouse = usesMouse
    }
}
