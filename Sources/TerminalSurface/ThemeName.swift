/// A set of colours by its name, as `:set theme` and the configuration take it.
public enum ThemeName: String, Sendable, CaseIterable {
    /// Middle tones that are readable on light and dark backgrounds alike.
    case auto
    case dark
    case light
    /// Attributes only.
    case none

    /// What it is for: begins with a verb or a noun, no final stop.
    public var help: String {
        switch self {
        case .auto: "the colours for what the terminal says of its background, else colours for either"
        case .dark: "colours for a dark background"
        case .light: "colours for a light background"
        case .none: "no colours: bold, underline and reverse"
        }
    }
}
