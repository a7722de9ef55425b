internal import EngineCore
internal import Glibc
internal import StoredRecords

/// Removes the temporary files of writes that their process did not live to finish.
///
/// A process that cannot be seen from here, in another container, may lose the
/// file of a write under way: that write fails with nothing changed.
struct LeftoverFiles {
    let tree: FileTree

    func remove(in key: ObjectKey) {
        guard let directory = try? tree.openDirectory(FileTree.parts(key), "remove leftovers", place: tree.place(key))
        else { return }
        // The stream closes its descriptor, so it gets one of its own.
        let own = fcntl(directory.number, F_DUPFD_CLOEXEC, 0)
        guard own >= 0 else { return }
        guard let stream = fdopendir(own) else {
            close(own)
            return
        }
        defer { closedir(stream) }
        rewinddir(stream)
        var found: [FileName] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { FileName($0.prefix { $0 != 0 }) }
            if let process = TemporaryName.process(of: name), kill(process, 0) != 0, errno == ESRCH {
                found.append(name)
            }
        }
        for name in found { FileWriting.remove(name, in: directory) }
    }
}
