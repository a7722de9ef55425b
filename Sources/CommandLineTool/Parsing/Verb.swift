/// A verb of the command line.
public enum Verb: String, Sendable, Hashable, CaseIterable {
    case sources, list, show, search, export, trim, delete, copy, undo
}

/// What a verb takes; parsing, checks and help all read this.
extension Verb {
    /// One line for the list of verbs.
    var summary: String {
        switch self {
        case .sources: "what was named, configured or found, with engine, layouts, counts and state"
        case .list: "the records of one kind over all sources, newest update first unless --sort says otherwise"
        case .show: "one record: a thread's messages, an index's counts, an artifact, a task"
        case .search: "what holds all words, \"phrases\" and /patterns/ of TEXT, and where"
        case .export: "write records to files, a directory or standard output"
        case .trim: "keep the newest N messages of threads"
        case .delete: "delete records"
        case .copy: "copy records into another source"
        case .undo: "undo a trim or delete, the newest unless ENTRY names another"
        }
    }

    /// Whether it may write to a source.
    var changesSources: Bool {
        switch self {
        case .trim, .delete, .copy, .undo: true
        case .sources, .list, .show, .search, .export: false
        }
    }

    /// The options of this verb besides those that go everywhere, in help order.
    var options: [Option] {
        switch self {
        case .sources: [.json]
        case .list: [.filter, .sort, .reverse, .limit, .json]
        case .show: [.json, .raw, .text, .last]
        case .search: [.kind, .json]
        case .export: [.to, .format, .last, .yes]
        case .trim: [.keep, .snap, .dryRun, .yes]
        case .delete: [.dryRun, .yes]
        case .copy: [.into]
        case .undo: [.list, .group, .json, .yes]
        }
    }

    /// Options the verb cannot do without.
    var requiredOptions: [Option] {
        switch self {
        case .export: [.to]
        case .trim: [.keep]
        case .copy: [.into]
        default: []
        }
    }

    /// Whether a KIND follows the verb.
    var takesKind: Bool {
        switch self {
        case .list, .show, .export, .delete, .copy: true
        default: false
        }
    }

    /// What follows the verb and its kind.
    var operands: Operands {
        switch self {
        case .sources, .list: .sources
        case .show: .one("ID")
        case .search: .one("TEXT")
        case .export, .trim, .delete, .copy: .many("ID")
        case .undo: .optional("ENTRY")
        }
    }

    enum Operands: Hashable {
        /// Sources only.
        case sources
        /// Exactly one word of this name, then sources.
        case one(String)
        /// One or more words of this name, then sources.
        case many(String)
        /// At most one word of this name, then sources.
        case optional(String)
    }

    /// How the verb is written: "trim ID... --keep N [--snap] ...".
    var synopsis: String {
        var parts = [rawValue]
        if takesKind { parts.append("KIND") }
        switch operands {
        case .sources: break
        case .one(let name): parts.append(name)
        case .many(let name): parts.append("\(name)...")
        case .optional(let name): parts.append("[\(name)]")
        }
        let required = requiredOptions
        parts += required.map(\.usage)
        parts += options.filter { !required.contains($0) }.map { "[\($0.usage)]" }
        parts.append("[SOURCE...]")
        return parts.joined(separator: " ")
    }
}
