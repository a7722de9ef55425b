/// A layout of which opening a source has not told whether anything of it is
/// stored; a count or a list of its kinds does.
public struct PossibleLayout: Sendable, Hashable {
    /// As users write it: "context-connectors".
    public var name: String
    /// The kinds that the source holds, if any, by this layout alone.
    public var kinds: [RecordKind]

    public init(name: String, kinds: [RecordKind]) {
        self.name = name
        self.kinds = kinds
    }

    /// Whether the counts so far show that something of it is stored.
    public func isThere(by counts: [RecordKind: Total]) -> Bool {
        kinds.contains { kind in counts[kind].map { $0 != .exact(0) } ?? false }
    }
}
