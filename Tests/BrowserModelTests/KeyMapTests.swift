import TerminalSurface
import Testing

@testable import BrowserModel

@Suite("The key table")
struct KeyMapTests {
    private let keys = KeyMap.standard

    @Test("No key means two things in one mode")
    func duplicates() {
        #expect(keys.duplicates == [])
    }

    @Test("A key bound twice is named with both its commands")
    func namesDuplicates() {
        let twice = KeyMap([
            KeyBinding(.list, [KeyPress("j")], .lineDown), KeyBinding(.everywhere, [KeyPress("j")], .help),
        ])
        #expect(twice.duplicates == ["list j: lineDown, help"])
    }

    @Test("Every name in the table is the name of a key")
    func readable() {
        #expect(KeyMap.unreadableNames == [])
    }

    @Test("Every command is bound somewhere and says what it does", arguments: Command.allCases)
    func reachable(_ command: Command) {
        #expect(keys.bindings.contains { $0.command == command && !$0.keys.isEmpty })
        #expect(!command.help.isEmpty)
        #expect(!command.help.hasSuffix("."))
    }

    @Test("Keys that terminals and multiplexers take for themselves are never the only way")
    func takenKeys() {
        let taken = Set(["Ctrl-A", "Ctrl-B", "Ctrl-S", "Ctrl-Q", "Ctrl-\\", "Ctrl-H", "Ctrl-I", "Ctrl-M", "Ctrl-["])
        for binding in keys.bindings {
            #expect(!binding.keys.allSatisfy { taken.contains($0.name) }, "\(binding.command)")
        }
    }

    @Test("Enter, Backspace and Ctrl-D open no destructive dialog", arguments: Mode.allCases)
    func harmlessKeys(_ mode: Mode) {
        guard mode != .dialog else { return }
        for name in ["Enter", "Backspace", "Ctrl-D"] {
            let command = KeyPress(name: name).flatMap { keys.command(for: $0, in: mode) }
            #expect(command?.isDestructive != true)
        }
    }

    @Test("The key that opens a destructive dialog confirms nothing in it", arguments: [Command.delete, .trim, .undo])
    func triggerKeys(_ command: Command) {
        for binding in keys.bindings where binding.command == command {
            for key in binding.keys {
                let inDialog = keys.command(for: key, in: .dialog)
                #expect(inDialog != .confirm && inDialog != .press)
            }
        }
    }

    @Test("The listing for --keys names every mode and every key")
    func listing() {
        let listing = keys.listing
        for binding in keys.bindings {
            #expect(listing.contains(binding.mode.title))
            for key in binding.keys { #expect(listing.contains(key.name)) }
        }
    }
}
