internal import StoredRecords
internal import TerminalSurface

/// How what is remembered is restored and kept up to date.
struct SessionKeeping: Sendable, Equatable {
    /// Milliseconds after the first key that may change anything until it is written.
    static let pause: Int64 = 30_000

    /// Whether what the user leaves is kept at all.
    var isOn = false
    /// What is on disk; `nil` for nothing.
    var saved: Session?
    /// What is kept whatever is done from now on.
    var frozen: Session?
    /// When what has changed is written.
    var due: Timestamp?
    /// Whether it was told that nothing can be written.
    var hasFailed = false
    /// The place to go to as soon as the sources are known.
    var place: Session?
    /// The records to be selected once they are listed.
    var sought: [RecordKind: RecordID] = [:]
    /// How far they are looked for beyond what their lists begin with.
    var seeks: [RecordKind: RecordSeek] = [:]
    /// The theme the user chose.
    var theme: ThemeName?
    var configuredTheme: ThemeName?
    /// What is to be said of the last session.
    var note: String?
}
