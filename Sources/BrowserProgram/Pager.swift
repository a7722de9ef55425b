internal import Glibc
internal import StoredRecords
internal import TerminalSurface

/// Shows text in the program that PAGER names, else in `less`.
enum Pager {
    /// Bytes of a line that are made visible at a time.
    private static let pieceBytes = 65_536

    /// Returns when the pager has ended; `nil` when it was shown, else why not.
    ///
    /// The text goes through a pipe, in visible form: a pager that passes
    /// control characters on gets none, and no shell sees the text.
    static func show(_ bytes: StoredBytes) -> String? {
        let words = command()
        guard let program = words.first else { return "PAGER names no program" }
        guard let pipe = WakePipe(blocks: true) else { return "there is no pipe: \(String(cString: strerror(errno)))" }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, pipe.readEnd, 0)
        defer { posix_spawn_file_actions_destroy(&actions) }
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        var process = pid_t()
        let failure = posix_spawnp(&process, program, &actions, nil, &arguments, environ)
        close(pipe.readEnd)
        guard failure == 0 else {
            close(pipe.writeEnd)
            return "\(program) cannot be started: \(String(cString: strerror(failure)))"
        }
        let before = signal(SIGPIPE, SIG_IGN)
        write(bytes, to: pipe.writeEnd)
        close(pipe.writeEnd)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        signal(SIGPIPE, before)
        return nil
    }

    private static func command() -> [String] {
        guard let value = getenv("PAGER") else { return ["less"] }
        let words = String(cString: value).split(separator: " ").map(String.init)
        return words.isEmpty ? ["less"] : words
    }

    private static func write(_ bytes: StoredBytes, to descriptor: Int32) {
        var start = 0
        while start < bytes.count {
            let piece = bytes.slice(start..<start + pieceBytes)
            let end = piece.firstIndex(of: 10)
            let line = end.map { Array(piece[..<$0]) } ?? piece
            var text = Array(Sanitizer.visible(bytes: line).utf8)
            if end != nil || start + piece.count >= bytes.count { text.append(10) }
            guard write(text, to: descriptor) else { return }
            start += end.map { $0 + 1 } ?? piece.count
        }
    }

    private static func write(_ text: [UInt8], to descriptor: Int32) -> Bool {
        var rest = text[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
