internal import StoredRecords
internal import TerminalSurface

/// How things are shown, and `:set`.
extension BrowserState {
    mutating func set(_ words: String) {
        let parts = words.split(separator: " ").map(String.init)
        guard let word = parts.first?.lowercased() else { return tellSettings() }
        guard let setting = Setting.allCases.first(where: { $0.words.contains(word) }) else {
            let near = FuzzyMatch.nearest(to: word, in: Setting.allCases.flatMap(\.words), count: 3)
            let names = near.isEmpty ? Setting.allCases.map(\.rawValue) : near
            return tell(
                .warning,
                "there is no setting \"\(TextFit.truncated(word, to: 20))\"; near it: \(Self.list(names, last: ", ", limit: 6))"
            )
        }
        let isOn = word == setting.rawValue
        switch setting {
        case .mouse:
            settings.usesMouse = isOn
            takesMouseThisTime = false
            emit(.mouse(isOn))
            tell(.info, isOn ? "the mouse is taken; Shift selects text" : "the mouse is left to the terminal")
        case .wrap: settings.wraps = isOn
        case .tools: settings.foldsTools = !isOn
        case .metadata: settings.showsMetadata = isOn
        case .theme: chooseTheme(parts.dropFirst().first ?? "")
        }
        applySettings()
        if setting != .mouse, setting != .theme { tellSettings() }
    }

    private mutating func tellSettings() {
        let words = [
            settings.usesMouse ? "mouse" : "nomouse", settings.wraps ? "wrap" : "nowrap",
            settings.foldsTools ? "notools" : "tools", settings.showsMetadata ? "metadata" : "nometadata",
            "theme \(theme.rawValue)",
        ]
        // A look at the settings is no event.
        notice = Notice(.info, "set: " + words.joined(separator: " "), time: now)
    }

    private mutating func chooseTheme(_ name: String) {
        let names = ThemeName.allCases.map(\.rawValue)
        guard let theme = ThemeName(rawValue: name.lowercased()) else {
            return tell(
                .warning,
                name.isEmpty
                    ? "the theme is \(theme.rawValue); there are \(Self.list(names, last: " and ", limit: 9))"
                    : "there is no theme \"\(TextFit.truncated(name, to: 20))\"; there are \(Self.list(names, last: " and ", limit: 9))"
            )
        }
        self.theme = theme
        keeping.theme = theme
        emit(.theme(theme))
        tell(.info, "theme \(theme.rawValue)")
    }

    var settingCandidates: [Completion.Candidate] {
        Setting.allCases.flatMap { setting -> [Completion.Candidate] in
            if setting == .theme {
                return ThemeName.allCases.map { Completion.Candidate("theme \($0.rawValue)", $0.help) }
            }
            return setting.words.map { Completion.Candidate($0, setting.help(isOn: $0 == setting.rawValue)) }
        }
    }

    /// Takes over what a key changed on the screen, so that the next screen shows things the same way.
    mutating func adoptSettings(after command: Command) {
        switch (command, top) {
        case (.foldTools, .thread(let screen)), (.foldAllTools, .thread(let screen)):
            settings.foldsTools = !screen.folds.opensAll
        case (.metadata, .thread(let screen)): settings.showsMetadata = screen.form.showsMetadata
        case (.wrap, .thread(let screen)): settings.wraps = screen.wraps
        case (.wrap, .document(let screen)):
            if let pane = screen.pane { settings.wraps = pane.text.wraps }
        default: break
        }
    }

    /// Makes the screen on top show things as the settings say; does nothing when it does.
    mutating func applySettings() {
        let layout = layout
        switch top {
        case .thread(let screen):
            var form = screen.form
            form.showsMetadata = settings.showsMetadata
            form.wraps = settings.wraps
            var folds = screen.folds
            if folds.opensAll == settings.foldsTools { folds.toggleAll() }
            guard form != screen.form || folds != screen.folds else { return }
            edit(thread: screen.id) { $0.layAnew(form, folds, height: layout.contentLines) }
        case .document(let screen):
            let wraps = settings.wraps
            for index in screen.panes.indices where screen.panes[index].text.wraps != wraps {
                edit(document: screen.id) {
                    $0.panes[index].text.wraps = wraps
                    $0.panes[index].text.reflow(width: layout.contentWidth)
                }
            }
        default: break
        }
    }
}
