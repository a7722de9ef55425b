/// The six kinds of JSON value.
public enum JSONKind: UInt8, Sendable, Hashable {
    case null, bool, number, string, array, object

    /// Whether values of this kind hold other values.
    public var isContainer: Bool { self == .array || self == .object }
}
