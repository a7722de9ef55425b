import BrowserModel
import StoredRecords
import TerminalSurface

/// What a delete of conversations says of the contexts that hold them.
enum ScopeText {
    /// - Parameter conversations: how many they are; `nil` for the one that the dialog names.
    static func lines(_ scope: DeleteScope, of conversations: Int? = nil, width: Int) -> [StyledLine] {
        let text = width < RecordNaming.smallWidth ? brief(scope, conversations) : full(scope, conversations)
        let style: Style = scope == .record ? .normal : .warning
        return StyledLine.wrapped(
            [Span("goes  ", .dim), Span(text, style), Span("  (w changes)", .dim)], width: width, hanging: 6)
    }

    private static func brief(_ scope: DeleteScope, _ conversations: Int?) -> String {
        switch scope {
        case .record: "the messages alone"
        case .wholeContext: conversations == nil ? "the whole context" : "the whole contexts"
        }
    }

    private static func full(_ scope: DeleteScope, _ conversations: Int?) -> String {
        let whole = "the whole context: messages, tasks, artifacts, state"
        guard let conversations else {
            return switch scope {
            case .record: "the messages alone; the context and its state, tasks and artifacts stay"
            case .wholeContext: whole
            }
        }
        let those = "of \(Words.count(conversations, "conversations"))"
        return switch scope {
        case .record: "\(those) the messages alone; their contexts stay"
        case .wholeContext: "\(those) \(whole)"
        }
    }
}
