/// One level of the stack that Enter builds and Esc takes down.
public enum Screen: Sendable, Equatable {
    case browse(BrowseScreen)
    case thread(ThreadScreen)
    case document(DocumentScreen)
    case reader(ReaderScreen)
    case jobs(JobsScreen)
    case diff(DiffScreen)
    case results(ResultsScreen)
    case recovery(RecoveryScreen)

    public var id: ScreenID {
        switch self {
        case .browse(let screen): screen.id
        case .thread(let screen): screen.id
        case .document(let screen): screen.id
        case .reader(let screen): screen.id
        case .jobs(let screen): screen.id
        case .diff(let screen): screen.id
        case .results(let screen): screen.id
        case .recovery(let screen): screen.id
        }
    }

    /// Where its keys are looked up.
    public var mode: Mode {
        switch self {
        case .browse: return .list
        case .thread: return .thread
        case .document(let screen):
            guard let pane = screen.pane else { return .text }
            switch pane.form {
            case .tree: return pane.tree == nil ? .text : .tree
            case .table: return pane.table == nil ? .text : .table
            case .text, .hex: return .text
            }
        case .reader: return .reader
        case .jobs: return .jobs
        case .diff: return .diff
        case .results: return .results
        case .recovery: return .recovery
        }
    }
}
