internal import BrowserModel
public import ContextStores
internal import Glibc
internal import NcursesTerminal
public import StoredRecords
internal import TerminalSurface

/// How the browser is run.
public struct BrowserOptions: Sendable {
    /// Whether destructive keys are switched off.
    public var isReadOnly: Bool
    /// Whether colours may be used where the terminal has them.
    public var usesColor: Bool
    /// Whether clicks and the wheel are taken from the start.
    public var usesMouse: Bool
    /// What the configuration says of keys and colours.
    public var configuration: Configuration
    /// Where what the user leaves is kept for the next start; `nil` to keep nothing.
    public var stateDirectory: String?
    /// A script to run in place of a terminal.
    public var script: BrowserScript?
    /// Makes the library; called after the first frame is on the screen.
    public var openLibrary: @Sendable () async -> Result<OpenedLibrary, StorageError>
    /// Makes the demo stores, for who has no others.
    public var openDemo: (@Sendable () async -> Result<OpenedLibrary, StorageError>)?

    public init(
        isReadOnly: Bool = false, usesColor: Bool = true, usesMouse: Bool = false,
        configuration: Configuration = Configuration(), stateDirectory: String? = nil, script: BrowserScript? = nil,
        openDemo: (@Sendable () async -> Result<OpenedLibrary, StorageError>)? = nil,
        openLibrary: @escaping @Sendable () async -> Result<OpenedLibrary, StorageError>
    ) {
        self.isReadOnly = isReadOnly
        self.usesColor = usesColor
        self.usesMouse = usesMouse
        self.configuration = configuration
        self.stateDirectory = stateDirectory
        self.script = script
        self.openLibrary = openLibrary
        self.openDemo = openDemo
    }
}

/// Runs the browser until the user quits, and returns the program's exit code:
/// 0 done, 1 failed, 2 when the terminal cannot be used.
///
/// Must be called on the main thread, which it keeps.
public func runBrowser(_ options: BrowserOptions) -> Int32 {
    guard let mailbox = EventMailbox() else { return complain("there is no pipe to wait on", 1) }
    let preferences = Preferences(options.configuration)
    if let script = options.script {
        // It is to end in the same picture whatever was done before, and to leave nothing behind.
        let size = GridSize(width: script.width, height: script.height)
        guard let terminal = ScriptTerminal(script: script.text, size: size) else {
            return complain("there is no pipe to wait on", 1)
        }
        run(options, preferences, nil, terminal, mailbox, nil)
        return terminal.problem.map { complain($0, 1) } ?? 0
    }
    if !options.usesColor { setenv("NO_COLOR", "1", 1) }
    let sessionFile = options.stateDirectory.map { SessionFile(stateDirectory: $0) }
    let start = sessionFile?.start().adapted(to: preferences)
    do throws(TerminalProblem) {
        let theme = start?.session?.theme ?? preferences.theme ?? .auto
        let terminal = CursesTerminal(terminal: try NcursesTerminal(theme: theme))
        if options.usesMouse { terminal.setMouse(true) }
        let state = run(options, preferences, start, terminal, mailbox, sessionFile)
        terminal.close()
        // The screen that would say so is gone where it cannot be written; it was told there if there was time.
        if state.hasUnsavedSession { sessionFile?.end(with: state.session) }
        return 0
    } catch {
        return complain(error.sentence, 2)
    }
}

/// Runs the loop to its end, which is also a hang-up or a request to terminate, and returns what it left.
@discardableResult
private func run(
    _ options: BrowserOptions, _ preferences: Preferences, _ start: SessionStart?, _ terminal: any BrowserTerminal,
    _ mailbox: EventMailbox, _ sessionFile: SessionFile?
) -> BrowserState {
    let environment = ProcessEnvironment.current
    var state = BrowserState(
        size: terminal.size, isReadOnly: options.isReadOnly, usesMouse: options.usesMouse,
        place: WorkingPlace(directory: environment.currentDirectory, home: environment.home))
    state.adopt(preferences)
    if let start { state.begin(start) }
    let runner = EffectRunner(
        mailbox: mailbox, factory: options.openLibrary, demo: options.openDemo, sessionFile: sessionFile)
    let loop = BrowserLoop(state: state, terminal: terminal, mailbox: mailbox, runner: runner)
    loop.run()
    return loop.state
}

/// The keys of the browser as text, for `--keys`, and what of the configuration cannot be used.
public func browserKeys(_ configuration: Configuration) -> (text: String, problems: [String]) {
    let preferences = Preferences(configuration)
    return (preferences.keyMap.listing, preferences.problems)
}

/// The tables of the manual that tell of the browser, in their order.
public func browserManual() -> [(title: String, rows: [(term: String, text: String)])] {
    let manual = KeyManual()
    return (manual.keys + [manual.lineVerbs, manual.settings, manual.filters]).map { ($0.title, $0.rows) }
}

/// The short table of keys, in Markdown.
public func browserKeyOverview() -> String { KeyMap.standard.overview }

private func complain(_ sentence: String, _ code: Int32) -> Int32 {
    let line = Array("ctxbrowse: \(sentence)\n".utf8)
    _ = write(2, line, line.count)
    return code
}
