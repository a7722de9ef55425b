/// The one error of the storage layers: what failed, where, why and what to do.
///
/// Programs act on `kind`; people read `description`. Neither holds a secret
/// nor stored content.
public struct StorageError: Error, Sendable, Hashable {
    /// What a caller can act on.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The place, record or object does not exist.
        case notFound
        /// The engine or layout has no such ability.
        case unsupported
        /// Writing was asked for where only reading is allowed.
        case readOnly
        /// What is stored is no longer what the caller saw.
        case conflict
        /// Stored bytes are not what their format promises.
        case corrupt
        /// Permission is missing.
        case denied
        /// The backend cannot be reached.
        case unavailable
        /// Another program holds a lock.
        case busy
        case timedOut
        case cancelled
        /// No space is left.
        case full
        /// The caller's own input is wrong.
        case invalid
        /// Anything else the system reported.
        case failed
    }

    public var kind: Kind
    /// The act that failed, as a verb phrase: "list threads".
    public var operation: String
    /// Where it failed, for people: a path or a location without credentials.
    public var place: String
    /// Why, as a clause without a final stop: "the file is not a database".
    public var reason: String
    /// What the user can do, as a clause; empty when nothing is known.
    public var help: String
    /// The code of the library or system call underneath, when there is one.
    public var vendorCode: Int?

    public init(
        _ kind: Kind, operation: String, place: String, reason: String, help: String = "", vendorCode: Int? = nil
    ) {
        self.kind = kind
        self.operation = operation
        self.place = place
        self.reason = reason
        self.help = help
        self.vendorCode = vendorCode
    }

    /// Whether the same call may succeed later without anything being mended.
    public var isTemporary: Bool {
        switch kind {
        case .unavailable, .busy, .timedOut: true
        default: false
        }
    }
}

extension StorageError: CustomStringConvertible {
    /// One sentence: the act, the place, the reason, then the help.
    public var description: String {
        var text = "cannot \(operation)"
        if !place.isEmpty { text += " in \(place)" }
        text += ": \(reason)"
        if !help.isEmpty { text += "; \(help)" }
        return text
    }
}
