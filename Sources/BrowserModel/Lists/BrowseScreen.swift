public import StoredRecords

/// The lists: a tab for each kind and one for the sources, and the preview.
public struct BrowseScreen: Sendable, Equatable {
    public enum Tab: Sendable, Hashable {
        case sources
        case records(RecordKind)
    }

    public enum Pane: Sendable, Equatable {
        case sources, records, preview
    }

    public let id: ScreenID
    /// The one source it is limited to; `nil` for all.
    public let scope: String?
    public internal(set) var tab: Tab
    public internal(set) var lists: [RecordKind: RecordList] = [:]
    public internal(set) var focus = Pane.records
    /// The source in focus, by name.
    public internal(set) var source: String?
    public internal(set) var sourceTop = 0
    public internal(set) var preview = Preview()
    /// Looking whether the list of the tab changes; `nil` while nobody asked for that.
    public internal(set) var follow: Follow?
    /// When a filter that is being typed is applied.
    var filterDue: Timestamp?
    /// Whether the tab is still the program's choice, not the user's.
    var isTabAutomatic = false

    init(id: ScreenID, scope: String?, tab: Tab) {
        self.id = id
        self.scope = scope
        self.tab = tab
        if tab == .sources { focus = .sources }
    }

    public var kind: RecordKind? {
        if case .records(let kind) = tab { kind } else { nil }
    }

    /// The list of the tab; `nil` on the tab of the sources.
    public var list: RecordList? { kind.flatMap { lists[$0] } }
}
