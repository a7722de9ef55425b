// Stand-in for the JSON types other layers compile against; whoever lands the real types deletes this file.
public protocol ByteRegion: Sendable {
    var count: Int { get }; func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R
}
public enum JSONValue: Sendable, Hashable {
    case object([JSONMember]); case array([JSONValue]); case text(String); case integer(Int); case double(Double);
    case null; public enum Style { case compact, pretty }; public func serialized(_ s: Style) -> String { "" }
}
public struct JSONMember: Sendable, Hashable {
    public init(_ n: String, _ v: JSONValue) { name = n; value = v }; public var name: String;
    public var value: JSONValue
}
