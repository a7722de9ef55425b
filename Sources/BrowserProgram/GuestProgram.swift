internal import Glibc
internal import StoredRecords

/// A program of the user's that is to have the terminal for a while.
struct GuestProgram {
    /// Program and arguments; of several, the first that can be started.
    var commands: [[String]]
    /// What it reads; the terminal when `nil`.
    var input: PipeFeed?
    /// Whether what it wrote stays on the screen until Enter is pressed.
    var staysUntilEnter = false

    /// The program that PAGER names, else `less`, else `more`.
    static func pager(_ bytes: StoredBytes) -> GuestProgram {
        let named = words(of: ["PAGER"])
        return GuestProgram(commands: named.map { [$0] } ?? [["less"], ["more"]], input: PipeFeed(bytes, .visible))
    }

    /// The program that VISUAL or EDITOR names, else `vi`, on a file.
    static func editor(_ path: String) -> GuestProgram {
        let command = words(of: ["VISUAL", "EDITOR"]) ?? ["vi"]
        return GuestProgram(commands: [command + [path]], input: nil)
    }

    /// A command line that the user typed; the shell sees nothing else.
    static func commandLine(_ text: String, _ bytes: StoredBytes) -> GuestProgram {
        GuestProgram(commands: [shell(text)], input: PipeFeed(bytes, .stored), staysUntilEnter: true)
    }

    static func shell(_ text: String) -> [String] { ["/bin/sh", "-c", text] }

    /// The words of the first of these variables that has any; they are parted at blanks and nothing else is read into them.
    private static func words(of names: [String]) -> [String]? {
        for name in names {
            guard let value = getenv(name) else { continue }
            let words = String(cString: value).split { $0 == " " || $0 == "\t" || $0 == "\n" }.map(String.init)
            if !words.isEmpty { return words }
        }
        return nil
    }
}
