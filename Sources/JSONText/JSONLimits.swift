/// How much structure a reader accepts before it refuses a document.
public struct JSONLimits: Sendable, Hashable {
    /// The deepest nesting a tree of values may have, whatever was asked for.
    ///
    /// Swift releases nested arrays by recursion, so a tree that is much
    /// deeper than this could exhaust the stack of the thread that drops it.
    public static let deepestTree = 2_048

    /// How many containers may be open at once; a scalar alone is depth 0.
    public var depth: Int

    public init(depth: Int = 512) {
        self.depth = max(0, depth)
    }

    /// Depth 512.
    public static let `default` = JSONLimits()
}
