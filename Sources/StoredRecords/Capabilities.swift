/// Whether an act is possible, and if not, why, for the user to read.
public enum Availability: Sendable, Hashable {
    case available
    case unavailable(String)

    public var isAvailable: Bool { self == .available }

    public var reason: String? {
        if case .unavailable(let reason) = self { reason } else { nil }
    }
}

/// What an engine can do; each flag is a promise its conformance suite checks.
public struct EngineCapabilities: Sendable, Hashable {
    public enum Family: String, Sendable, Hashable {
        case objects, rows, keys
    }

    public var family: Family
    /// Whether anything may be changed, and if not, why: the source was
    /// opened for reading, or the store grants no more.
    public var write: Availability
    /// Objects: a write can be made to fail when the object has changed.
    public var hasConditionalWrite: Bool
    /// Whether several changes take effect together or not at all.
    public var hasTransactions: Bool
    /// Whether a large object is shown without being copied into memory.
    public var hasMappedReads: Bool
    /// Whether each look at an object is a request that travels, so that of
    /// very many only the names are asked for.
    public var looksTravel: Bool

    public init(
        family: Family, write: Availability, hasConditionalWrite: Bool = false, hasTransactions: Bool = false,
        hasMappedReads: Bool = false, looksTravel: Bool = false
    ) {
        self.family = family
        self.write = write
        self.hasConditionalWrite = hasConditionalWrite
        self.hasTransactions = hasTransactions
        self.hasMappedReads = hasMappedReads
        self.looksTravel = looksTravel
    }

    public var isWritable: Bool { write.isAvailable }
}

extension Availability {
    /// Nothing may be changed, since the user asked for that.
    public static let readOnly = Availability.unavailable("the source is opened read-only")
}

/// What can be done with one kind of record of one source.
public struct RecordCapabilities: Sendable, Hashable {
    public var delete: Availability
    public var trim: Availability
    /// Whether the store interface of this kind can write here.
    public var write: Availability
    public var sortFields: [RecordSort.Field]

    public init(
        delete: Availability, trim: Availability, write: Availability, sortFields: [RecordSort.Field]
    ) {
        self.delete = delete
        self.trim = trim
        self.write = write
        self.sortFields = sortFields
    }
}
