/// Names one piece of work that was asked for; never used twice in a run.
public struct RequestID: Sendable, Hashable, Comparable {
    public let number: Int

    public init(_ number: Int) {
        self.number = number
    }

    public static func < (left: RequestID, right: RequestID) -> Bool { left.number < right.number }
}

/// Names one screen of the stack, so that an answer finds the screen that asked.
public struct ScreenID: Sendable, Hashable {
    public let number: Int

    public init(_ number: Int) {
        self.number = number
    }
}
