import BrowserModel
import StoredRecords
import TerminalSurface
import Testing

@testable import BrowserProgram

/// Each test ends with the key that quits, and after two minutes when its screen never comes.
@Suite("Sources that never answer")
struct HangingSourceTests {
    /// Runs the loop on a thread of its own, as the program does: it keeps the thread, and tasks need the others.
    private func run(
        _ steps: [WatchingTerminal.Step], frames: WatchingTerminal.Frames = WatchingTerminal.Frames(),
        _ factory: @escaping @Sendable () async -> Result<OpenedLibrary, StorageError>
    ) async throws -> String? {
        let mailbox = try #require(EventMailbox())
        let runner = EffectRunner(mailbox: mailbox, factory: factory)
        let patience = Task {
            try await Task.sleep(for: .seconds(120))
            mailbox.post(.terminal(.terminate))
        }
        defer { patience.cancel() }
        return await OwnThread.result {
            guard let terminal = WatchingTerminal(steps, frames: frames) else { return "no terminal" }
            BrowserLoop(state: BrowserState(size: terminal.size), terminal: terminal, mailbox: mailbox, runner: runner)
                .run()
            return terminal.missing
        }
    }

    @Test("The first frame is shown before anything is opened")
    func firstFrame() async throws {
        let frames = WatchingTerminal.Frames()
        let steps: [WatchingTerminal.Step] = [.init(once: "frames before: 1", press: "Q")]
        let missing = try await run(steps, frames: frames) {
            let label = SourceLabel(
                name: "frames before: \(min(1, frames.count))", location: "", origin: "named", isReadOnly: false)
            return .success(
                OpenedLibrary(library: HangingLibrary(), found: FoundSources(sources: [label], lookedFor: [])))
        }
        #expect(missing == nil)
    }

    @Test("Keys answer while the sources are still being looked for")
    func hangingLookup() async throws {
        let steps: [WatchingTerminal.Step] = [
            .init(once: "? help", press: "?"), .init(once: "Keys of this screen", press: "q"),
            .init(once: "? help", press: "5"),
            .init(once: "5 Sources", press: "Q"),
        ]
        let missing = try await run(steps) {
            await HangingLibrary.neverAnswer()
            return .failure(StorageError(.cancelled, operation: "look", place: "", reason: "it was cancelled"))
        }
        #expect(missing == nil)
    }

    @Test("One source that hangs holds up neither the others nor the keys, and is told apart")
    func hangingSource() async throws {
        let steps: [WatchingTerminal.Step] = [
            .init(once: "Thread fast-2", press: "j"), .init(once: "> Thread fast-1", press: "Enter"),
            .init(once: "The only message", press: "q"), .init(once: "> Thread fast-1", press: "5"),
            .init(once: "connecting", press: "Ctrl-T"), .init(once: "open slow", press: "Q"),
        ]
        let missing = try await run(steps) {
            .success(OpenedLibrary(library: HangingLibrary(), found: HangingLibrary.found))
        }
        #expect(missing == nil)
    }

    @Test("A search shows what one source holds while another hangs, opens it, and is stopped by a key")
    func hangingSearch() async throws {
        let steps: [WatchingTerminal.Step] = [
            .init(once: "Thread fast-2", press: "S"), .init(once: "search everywhere:", press: "o"),
            .init(once: "everywhere: o", press: "n"), .init(once: "everywhere: on", press: "l"),
            .init(once: "everywhere: onl", press: "y"), .init(once: "everywhere: only", press: "Enter"),
            .init(once: "searching 1 of 2 sources", press: "Enter"), .init(once: "message 1 of 1", press: "n"),
            .init(once: "this is the last hit so far", press: "Esc"), .init(once: "searching 1 of 2", press: "x"),
            .init(once: "stopped: covered 1 of 2 sources", press: "Q"),
        ]
        let missing = try await run(steps) {
            .success(OpenedLibrary(library: HangingLibrary(), found: HangingLibrary.found))
        }
        #expect(missing == nil)
    }

    @Test("Hits show while the very source that holds them goes on searching for ever")
    func endlessSearch() async throws {
        let steps: [WatchingTerminal.Step] = [
            .init(once: "Thread fast-2", press: "S"), .init(once: "search everywhere:", press: "m"),
            .init(once: "everywhere: m", press: "e"), .init(once: "everywhere: me", press: "s"),
            .init(once: "everywhere: mes", press: "s"), .init(once: "everywhere: mess", press: "a"),
            .init(once: "everywhere: messa", press: "g"), .init(once: "everywhere: messag", press: "e"),
            .init(once: "everywhere: message", press: "Enter"), .init(once: "#1 user", press: "Ctrl-C"),
            .init(once: "stopped", press: "Q"),
        ]
        let missing = try await run(steps) {
            .success(OpenedLibrary(library: HangingLibrary(), found: HangingLibrary.found))
        }
        #expect(missing == nil)
    }

    @Test("A question that an answer asks takes the first key that is typed at its sight")
    func firstKeyOfQuestion() async throws {
        let steps: [WatchingTerminal.Step] = [
            .init(once: "> Thread fast-0", press: "e"), .init(once: "name.json", press: "Enter"),
            .init(once: "Replace it?", press: "Tab"), .init(once: ">[ Replace ]", press: "Tab"),
            .init(once: ">[ Cancel ]", press: "y"), .init(once: "exported ", press: "Q"),
        ]
        let missing = try await run(steps) {
            .success(OpenedLibrary(library: HangingLibrary(), found: HangingLibrary.found))
        }
        #expect(missing == nil)
    }

    @Test("A path that begins with ~ is one in the home directory, and no other path is changed")
    func homeDirectory() {
        let paths = ["~/talk.md", "~", "~other/talk.md", "a/~/talk.md", "talk~.md", ""]
        #expect(
            paths.map { BrowsedStores.expanded($0, home: "/home/me") } == [
                "/home/me/talk.md", "/home/me", "~other/talk.md", "a/~/talk.md", "talk~.md", "",
            ])
    }

    @Test("A thread that never comes is left with q, and Ctrl-C twice leaves the program")
    func hangingThread() async throws {
        let steps: [WatchingTerminal.Step] = [
            .init(once: "> Thread fast-0", press: "Enter"), .init(once: "Loading", press: "q"),
            .init(once: "> Thread fast-0", press: "Ctrl-C"), .init(once: "Ctrl-C again quits", press: "Ctrl-C"),
        ]
        let missing = try await run(steps) {
            .success(OpenedLibrary(library: HangingLibrary(), found: HangingLibrary.found))
        }
        #expect(missing == nil)
    }
}
