/// A question answered by yes or no; the cursor begins on no.
public struct QuestionDialog: Sendable, Equatable {
    enum Purpose: Sendable, Equatable {
        /// Quit although this job still writes.
        case quit(RequestID)
        /// Write an added source to the configuration file.
        case keepSource(AddedSource)
    }

    let purpose: Purpose
    public let title: String
    /// What is asked and what comes of it, a paragraph each.
    public let text: [String]
    /// The word on the button that says yes, a verb.
    public let yes: String
    public let no: String
    public internal(set) var focus = DialogButton.cancel
}

/// A source that was opened beside the others while the program ran.
public struct AddedSource: Sendable, Equatable {
    public var label: SourceLabel
    /// How the user wrote it, for the configuration; `nil` where it may not be written there.
    public var written: String?
    /// Why it may not be written.
    public var obstacle: String?
    /// The configuration file.
    public var file: String

    public init(label: SourceLabel, written: String?, obstacle: String? = nil, file: String) {
        self.label = label
        self.written = written
        self.obstacle = obstacle
        self.file = file
    }
}
