public import StoredRecords

/// What a command line asks for, checked as far as is possible without
/// looking at the file system.
public struct CommandLineOptions: Sendable, Hashable {
    public enum Action: Sendable, Hashable {
        /// Open the browser.
        case browse
        case help(Verb?)
        case version
        case keys
        case generate(GeneratedText)
        case verb(Verb)
    }

    /// How `show` prints.
    public enum Form: Sendable, Hashable {
        case human, json, raw, text
    }

    public var action = Action.browse
    /// `--config FILE`.
    public var configuration: String?
    public var isReadOnly = false
    public var usesColor = true
    public var isDemo = false
    /// Whether the browser takes clicks and the wheel.
    public var usesMouse = false
    /// The KIND of verbs that take one, or `--kind`.
    public var kind: RecordKind?
    public var form = Form.human
    public var filter: String?
    /// `--sort KEY`; `nil` for the usual order.
    public var sortField: RecordSort.Field?
    public var isReversed = false
    public var limit: Int?
    public var last: Int?
    public var keep: Int?
    public var snaps = false
    public var isDryRun = false
    /// Whether `--yes` answers every question.
    public var isConfirmed = false
    public var format: String?
    /// `--to PATH`.
    public var target: String?
    /// `--into SOURCE`.
    public var destination: String?
    /// `undo --list`.
    public var listsEntries = false
    /// `undo --group`.
    public var undoesGroup = false
    /// The words that are neither options nor verb nor kind.
    public var operands = OperandWords()

    public init() {}

    /// Reads the arguments after the program's name.
    public static func parse(_ arguments: [String]) -> Result<CommandLineOptions, UsageError> {
        Result { () throws(UsageError) in
            var parser = ArgumentParser(arguments)
            return try parser.parse()
        }
    }
}

/// Operands in order, with the places of `--`, from which ids and sources are told apart.
public struct OperandWords: Sendable, Hashable {
    /// Words before the first `--`.
    public var plain: [String] = []
    /// Words between the first and the second `--`; `nil` without a first one.
    public var literal: [String]?
    /// Words after the second `--`; `nil` without one.
    public var trailing: [String]?

    public init() {}

    var all: [String] { plain + (literal ?? []) + (trailing ?? []) }
}
