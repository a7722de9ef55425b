internal import StoredRecords
internal import TerminalSurface

/// Asks before an entry of the recovery journal is removed for good.
public struct ForgetDialog: Sendable, Equatable {
    public let entry: UndoEntry
    public internal(set) var focus = DialogButton.cancel
    /// The screen it was asked on.
    let screen: ScreenID

    init(_ entry: UndoEntry, screen: ScreenID) {
        self.entry = entry
        self.screen = screen
    }

    /// Whether the entry, the question and the buttons have room; else nothing can be confirmed.
    public func fits(_ layout: ScreenLayout) -> Bool {
        let names = RecordNaming.entry(entry, width: layout.dialogTextWidth).count
        return names + (layout.boxesDialogs ? 6 : 3) <= layout.body.height
    }
}
