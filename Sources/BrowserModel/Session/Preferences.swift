public import StoredRecords
public import TerminalSurface

/// What the user's configuration says of the browser itself.
public struct Preferences: Sendable, Equatable {
    public var keyMap: KeyMap
    public var theme: ThemeName?
    /// The columns to show in place of the usual ones.
    public var columns: [RecordKind: [ListColumn]] = [:]
    /// What of it cannot be used, a sentence each with file and place.
    public var problems: [String]

    public init(keyMap: KeyMap = .standard, theme: ThemeName? = nil, problems: [String] = []) {
        self.keyMap = keyMap
        self.theme = theme
        self.problems = problems
    }

    /// Understands the names that stand in the configuration.
    /// - Parameters:
    ///   - theme: the name and its place in the file.
    public init(keys: [KeyChange], theme: (name: String, place: String)?, columns: [ColumnSetting] = []) {
        let changed = KeyMap.standard.changed(by: keys)
        self.init(keyMap: changed.map, problems: changed.problems)
        for setting in columns { take(setting) }
        guard let theme else { return }
        self.theme = ThemeName(rawValue: theme.name.lowercased())
        if self.theme == nil {
            let names = ThemeName.allCases.map(\.rawValue).joined(separator: ", ")
            problems.append("\(theme.place): there is no theme \"\(theme.name)\"; there are \(names)")
        }
    }

    /// What stands first in a list is always shown, whether it is named or not.
    private mutating func take(_ setting: ColumnSetting) {
        guard let kind = RecordKind(word: setting.kind.lowercased()) else {
            let kinds = RecordKind.allCases.map(\.plural).joined(separator: ", ")
            return problems.append("\(setting.place): there is no kind \"\(setting.kind)\"; there are \(kinds)")
        }
        guard columns[kind] == nil else {
            return problems.append(
                "\(setting.place): the columns of \(kind.plural) are named twice; the first ones hold")
        }
        let known = ListColumn.all(of: kind)
        var shown = Array(known.prefix(1))
        var understood = 0
        for name in setting.columns {
            guard let column = ListColumn(word: name, of: kind) else {
                let names = known.map { $0.label(of: kind) }.joined(separator: ", ")
                problems.append(
                    "\(setting.place): there is no column \"\(name)\" of \(kind.plural); there are \(names)")
                continue
            }
            understood += 1
            if !shown.contains(column) { shown.append(column) }
        }
        if understood > 0 || setting.columns.isEmpty { columns[kind] = shown }
    }
}
