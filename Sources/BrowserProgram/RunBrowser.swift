internal import BrowserModel
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
    /// A script to run in place of a terminal.
    public var script: BrowserScript?
    /// Makes the library; called after the first frame is on the screen.
    public var openLibrary: @Sendable () async -> Result<OpenedLibrary, StorageError>

    public init(
        isReadOnly: Bool = false, usesColor: Bool = true, script: BrowserScript? = nil,
        openLibrary: @escaping @Sendable () async -> Result<OpenedLibrary, StorageError>
    ) {
        self.isReadOnly = isReadOnly
        self.usesColor = usesColor
        self.script = script
        self.openLibrary = openLibrary
    }
}

/// Runs the browser until the user quits, and returns the program's exit code:
/// 0 done, 1 failed, 2 when the terminal cannot be used.
///
/// Must be called on the main thread, which it keeps.
public func runBrowser(_ options: BrowserOptions) -> Int32 {
    guard let mailbox = EventMailbox() else { return complain("there is no pipe to wait on", 1) }
    let runner = EffectRunner(mailbox: mailbox, factory: options.openLibrary)
    if let script = options.script {
        let size = GridSize(width: script.width, height: script.height)
        guard let terminal = ScriptTerminal(script: script.text, size: size) else {
            return complain("there is no pipe to wait on", 1)
        }
        run(options, terminal, mailbox, runner)
        return terminal.problem.map { complain($0, 1) } ?? 0
    }
    if !options.usesColor { setenv("NO_COLOR", "1", 1) }
    do throws(TerminalProblem) {
        let terminal = CursesTerminal(terminal: try NcursesTerminal())
        run(options, terminal, mailbox, runner)
        terminal.close()
        return 0
    } catch {
        return complain(error.sentence, 2)
    }
}

private func run(
    _ options: BrowserOptions, _ terminal: any BrowserTerminal, _ mailbox: EventMailbox, _ runner: EffectRunner
) {
    let state = BrowserState(size: terminal.size, isReadOnly: options.isReadOnly)
    BrowserLoop(state: state, terminal: terminal, mailbox: mailbox, runner: runner).run()
}

/// The keys of the browser as text, for `--keys`.
public func browserKeys() -> String { KeyMap.standard.listing }

private func complain(_ sentence: String, _ code: Int32) -> Int32 {
    let line = Array("ctxbrowse: \(sentence)\n".utf8)
    _ = write(2, line, line.count)
    return code
}
