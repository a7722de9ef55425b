/// What `:set` changes while the program runs.
public enum Setting: String, Sendable, CaseIterable {
    case mouse, wrap, tools, metadata, theme

    /// The words for it, as they are typed.
    public var words: [String] {
        switch self {
        case .mouse, .wrap, .tools, .metadata: [rawValue, "no" + rawValue]
        case .theme: [rawValue]
        }
    }

    public func help(isOn: Bool) -> String {
        switch self {
        case .mouse: isOn ? "take clicks and the wheel; Shift selects text" : "leave the mouse to the terminal"
        case .wrap: isOn ? "wrap long lines of text" : "cut long lines; h and l scroll"
        case .tools: isOn ? "show tool calls and results in full" : "fold tool calls and results to a line"
        case .metadata: isOn ? "show the metadata of messages" : "hide the metadata of messages"
        case .theme: "choose the colours"
        }
    }
}
