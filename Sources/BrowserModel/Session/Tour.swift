internal import TerminalSurface

/// The first keys, below the list at the very first start.
public enum Tour: Sendable, Equatable {
    /// To be shown once there is a list, and room for both.
    case due
    case shown
    case over

    /// A rule and the three lines.
    public static let lines = 4

    static func fits(_ size: GridSize) -> Bool { size.width >= 60 && size.height >= 16 }
}
