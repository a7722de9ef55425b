internal import Glibc
internal import Synchronization

/// The entries of the large directory that was read last, so that page after
/// page of it does not read and sort it anew.
///
/// A remembered directory is used only while its times stand still, and only
/// when it had stood still for a while before it was read: the clock of a file
/// system moves in steps, and a change within one step leaves the time as it was.
final class DirectoryMemory: Sendable {
    private static let leastEntries = 256
    /// The step of the coarsest common file system is 2 s.
    private static let stillness = 3

    /// Which state of which directory was read.
    private struct State: Equatable {
        let device: UInt64
        let inode: UInt64
        let modified: [Int]

        init(_ raw: stat) {
            device = UInt64(raw.st_dev)
            inode = UInt64(raw.st_ino)
            modified = [raw.st_mtim.tv_sec, raw.st_mtim.tv_nsec, raw.st_ctim.tv_sec, raw.st_ctim.tv_nsec]
        }

        func isStill(at now: Int) -> Bool {
            now - modified[0] >= DirectoryMemory.stillness && now - modified[2] >= DirectoryMemory.stillness
        }
    }

    private let latest = Mutex<(state: State, entries: DirectoryEntries)?>(nil)

    func entries(_ directory: borrowing Descriptor) -> Result<DirectoryEntries, DirectoryEntry.ReadFailure> {
        var raw = stat()
        guard fstat(directory.number, &raw) == 0 else { return DirectoryEntries.read(directory) }
        let state = State(raw)
        if let known = latest.withLock({ $0?.state == state ? $0?.entries : nil }) { return .success(known) }
        let isStill = state.isStill(at: time(nil))
        let result = DirectoryEntries.read(directory)
        if case .success(let entries) = result, isStill, entries.count >= Self.leastEntries {
            latest.withLock { $0 = (state, entries) }
        }
        return result
    }
}
