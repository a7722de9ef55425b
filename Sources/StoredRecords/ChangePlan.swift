/// What the user asks to have changed.
public enum ChangeRequest: Sendable, Hashable {
    /// Keep the newest `keep` messages; `snap` moves the cut so that no tool
    /// call is parted from its result.
    case trim(keep: Int, snap: Bool)
    case delete(DeleteScope)

    /// Whether the record goes and is not just cut.
    public var isDelete: Bool {
        if case .delete = self { true } else { false }
    }
}

/// How much a delete removes.
public enum DeleteScope: String, Sendable, Hashable {
    /// The record itself.
    case record
    /// Everything stored for the conversation: messages, tasks, artifacts and state.
    case wholeContext
}

/// The act on many records that a change is a part of, named by the recovery entry of its first change.
public enum ChangeGroup: Sendable, Hashable {
    /// The change is the first of its act.
    case first
    case of(entry: String)
}

/// What a trim or delete will do, made from what is stored, before anything is touched.
public struct ChangePlan: Sendable, Hashable {
    public var request: ChangeRequest
    public var target: RecordSummary
    /// The safe unit, plural: "messages", "documents".
    public var unit: String
    public var keeps: Int
    public var drops: Int
    /// Bytes that go, when that is known without reading them.
    public var bytes: Int64?
    /// The oldest unit that stays, for the preview.
    public var firstKept: StoredMessage?
    /// The newest unit that goes, for the preview.
    public var lastDropped: StoredMessage?
    /// The nearest keep counts at which no tool call is parted from its result;
    /// empty when the asked cut is already such a one.
    public var safeKeeps: [Int]
    public var warnings: [PlanWarning]
    /// What is done besides removing, for people: "renumber 3 kept messages from 0".
    public var fixUps: [String]
    /// Why it cannot be done at all; nothing may be carried out then.
    public var refusal: String?
    /// What other cuts would meet, where the plan's reading told that too.
    public var outlook: TrimOutlook?
    /// What was seen in the store, compared again just before the change.
    public var basis: PlanBasis
    /// So that all of an act can be undone as one, also after a restart; `nil` for a change of its own.
    public var group: ChangeGroup?

    public init(
        request: ChangeRequest, target: RecordSummary, unit: String, keeps: Int, drops: Int, bytes: Int64? = nil,
        firstKept: StoredMessage? = nil, lastDropped: StoredMessage? = nil, safeKeeps: [Int] = [],
        warnings: [PlanWarning] = [], fixUps: [String] = [], refusal: String? = nil, basis: PlanBasis
    ) {
        self.request = request
        self.target = target
        self.unit = unit
        self.keeps = keeps
        self.drops = drops
        self.bytes = bytes
        self.firstKept = firstKept
        self.lastDropped = lastDropped
        self.safeKeeps = safeKeeps
        self.warnings = warnings
        self.fixUps = fixUps
        self.refusal = refusal
        self.basis = basis
    }

    /// Whether carrying it out would change nothing.
    public var isEmpty: Bool { drops == 0 }
}

/// A danger the user should know before confirming.
public struct PlanWarning: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable {
        case splitsToolCall, dropsSystemMessage, dropsFirstUserMessage, locked, writtenRecently, leavesNothing, other
    }

    public var kind: Kind
    public var text: String
    /// Whether the user must confirm once more because of it.
    public var asksAgain: Bool

    public init(_ kind: Kind, _ text: String, asksAgain: Bool = false) {
        self.kind = kind
        self.text = text
        self.asksAgain = asksAgain
    }
}

/// What a plan was made on; only the layout that made it reads the facts.
///
/// Facts are small named values (counts, tags, first and last ids), never
/// message bodies, so that a plan's size does not follow the thread's.
public struct PlanBasis: Sendable, Hashable {
    public var facts: [String: StoredValue]
    /// Objects with the entity tag they had when the plan was made.
    public var objects: [PlannedObject]

    public init(facts: [String: StoredValue] = [:], objects: [PlannedObject] = []) {
        self.facts = facts
        self.objects = objects
    }
}

/// An object a plan was made on.
public struct PlannedObject: Sendable, Hashable {
    /// The object's name, byte for byte.
    public var key: [UInt8]
    public var tag: String

    public init(key: [UInt8], tag: String) {
        self.key = key
        self.tag = tag
    }
}

/// What carrying a plan out did.
public struct ChangeOutcome: Sendable, Hashable {
    public var kept: Int
    public var dropped: Int
    /// What happened besides, for people: "2 messages were appended meanwhile and kept".
    public var notes: [String]

    public init(kept: Int, dropped: Int, notes: [String] = []) {
        self.kept = kept
        self.dropped = dropped
        self.notes = notes
    }
}
