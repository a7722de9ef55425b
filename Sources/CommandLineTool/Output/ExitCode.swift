internal import StoredRecords

/// How the program ends.
enum ExitCode: Int32 {
    case done = 0
    case failed = 1
    case wrongUsage = 2
    case notFound = 3
    /// Read-only, not confirmed, or a conflict.
    case refused = 4

    init(_ error: StorageError) {
        switch error.kind {
        case .notFound: self = .notFound
        case .readOnly, .conflict: self = .refused
        case .invalid: self = .wrongUsage
        default: self = .failed
        }
    }
}

/// A failure with its exit code; the sentence may be empty when it was
/// printed already.
struct Failure: Error {
    var code: ExitCode
    var sentence: String

    init(_ code: ExitCode, _ sentence: String) {
        self.code = code
        self.sentence = sentence
    }

    init(_ error: StorageError) {
        code = ExitCode(error)
        sentence = error.description
    }
}
