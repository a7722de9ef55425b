internal import BrowserModel
internal import ContextStores
internal import StoredRecords
internal import Synchronization

/// The session on disk.
final class SessionFile: Sendable {
    private let file: StateFile
    /// Whether the last word was written: what is still under way then comes too late.
    private let hasEnded = Mutex(false)

    init(stateDirectory: String) {
        file = StateFile("session.json", in: stateDirectory)
    }

    func start() -> SessionStart {
        let bytes: [UInt8]?
        do throws(StorageError) {
            bytes = try file.read()
        } catch {
            return .unusable("\(file.path): \(error.reason)")
        }
        guard let bytes else { return .first }
        do throws(Session.Unusable) {
            return .resumed(try Session(bytes))
        } catch {
            switch error {
            case .damaged: return .unusable("\(file.path) is damaged")
            case .newer: return .newer(file.path)
            }
        }
    }

    /// Writes the session over what is there, with the lines that another browser wrote meanwhile.
    func save(_ session: Session) throws(StorageError) {
        // One writer of this process at a time; another process replaces the file as a whole.
        let result: Result<Void, StorageError> = hasEnded.withLock { hasEnded in
            hasEnded ? .success(()) : replace(with: session)
        }
        try result.get()
    }

    /// Writes the session as the last thing of this process, where that can be done.
    func end(with session: Session) {
        hasEnded.withLock { hasEnded in
            hasEnded = true
            _ = replace(with: session)
        }
    }

    private func replace(with session: Session) -> Result<Void, StorageError> {
        var session = session
        do throws(Session.Unusable) {
            // What cannot be read is replaced; if nothing can be written either, writing tells.
            if let bytes = try? file.read() { session = session.merged(over: try Session(bytes)) }
        } catch {
            // What a newer version wrote since the start stays.
            if error == .newer { return .success(()) }
        }
        do throws(StorageError) {
            try file.write(session.encoded)
            return .success(())
        } catch {
            return .failure(error)
        }
    }
}
