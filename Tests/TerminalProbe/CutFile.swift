import CMappedFile
import Glibc

/// A mapped file that was cut short after mapping: reading it is a bus error.
enum CutFile {
    /// Reads through the guard of the mapped-file reader: zeros, and no signal.
    static func readGuarded() -> UInt8 {
        read { descriptor, length in ctx_map_file(descriptor, 0, length) }
    }

    /// Reads a mapping nobody guards.
    static func readUnguarded() -> UInt8 {
        read { descriptor, length in mmap(nil, length, PROT_READ, MAP_PRIVATE, descriptor, 0) }
    }

    private static func read(_ map: (Int32, Int) -> UnsafeMutableRawPointer?) -> UInt8 {
        var template = Array("/tmp/terminal-probe-cut-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        unlink(template)
        let length = 8192
        ftruncate(descriptor, length)
        guard let start = map(descriptor, length) else { return 1 }
        ftruncate(descriptor, 0)
        return start.load(fromByteOffset: 4096, as: UInt8.self)
    }
}
