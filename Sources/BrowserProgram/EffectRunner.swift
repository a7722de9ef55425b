internal import BrowserModel
internal import JSONText
internal import StoredRecords
internal import Synchronization

/// Does the work of effects in tasks and posts the answers to the mailbox.
final class EffectRunner: Sendable {
    private let mailbox: EventMailbox
    private let factory: @Sendable () async -> Result<OpenedLibrary, StorageError>
    private let library = Mutex<(any BrowserLibrary)?>(nil)
    private let tasks = Mutex<[RequestID: Task<Void, Never>]>([:])

    init(mailbox: EventMailbox, factory: @escaping @Sendable () async -> Result<OpenedLibrary, StorageError>) {
        self.mailbox = mailbox
        self.factory = factory
    }

    /// Begins the work; effects that need the terminal are not for this runner.
    func run(_ effect: BrowserEffect) {
        if case .cancel(let id) = effect.work { return cancel(id) }
        let id = effect.id
        tasks.withLock { tasks in
            tasks[id] = Task.detached {
                let answer = await self.answer(to: effect.work, id)
                self.tasks.withLock { $0[id] = nil }
                self.mailbox.post(.answered(id, answer))
            }
        }
    }

    func cancel(_ id: RequestID) {
        tasks.withLock { $0[id] }?.cancel()
    }

    func cancelAll() {
        for task in tasks.withLock({ Array($0.values) }) { task.cancel() }
    }

    private func answer(to work: BrowserEffect.Work, _ id: RequestID) async -> Answer {
        do throws(StorageError) {
            return try await carryOut(work, id)
        } catch {
            return .failed(error)
        }
    }

    private func carryOut(_ work: BrowserEffect.Work, _ id: RequestID) async throws(StorageError) -> Answer {
        switch work {
        case .findSources:
            let opened = try await factory().get()
            library.withLock { $0 = opened.library }
            return .found(opened.found)
        case .open(let source): return .opened(try await opened().open(source))
        case .capabilities(let source, let kind):
            return try await opened().capabilities(source, kind).map(Answer.capabilities) ?? .done
        case .count(let source, let kind): return .counted(try await opened().count(source, kind))
        case .list(let source, let query): return .listed(try await opened().list(source, query))
        case .summary(let record): return .summary(try await opened().summary(record))
        case .messages(let record, let page): return .messages(try await opened().messages(record, page))
        case .documents(let record): return .documents(try await opened().documents(record))
        case .plan(let request, let record): return .planned(try await opened().plan(request, record))
        case .carryOut(let plan): return .carriedOut(try await opened().carryOut(plan))
        case .recoveryEntries: return .recoveryEntries(try await opened().undoEntries())
        case .undo(let entry, let inexactly): return .undone(try await opened().undo(entry, inexactly: inexactly))
        case .exportForms(let record):
            let forms = try await opened().exportForms(record)
            return .exportForms(forms.formats, name: forms.name)
        case .export(let order):
            let mailbox = mailbox
            let written = try await opened().export(order) { mailbox.post(.progressed(id, $0)) }
            return .exported(written.files, notes: written.notes)
        case .outline(let bytes): return await outline(bytes, id)
        case .lines(let bytes):
            guard let index = LineIndex(bytes, isCancelled: { Task.isCancelled }) else {
                throw Self.cancelled("find lines")
            }
            return .lines(index)
        case .find(let search): return .foundText(ByteSearch.find(search) { Task.isCancelled })
        case .findInTree(let search): return .foundText(search.run { Task.isCancelled })
        case .copy, .page, .suspend, .redraw, .cancel, .quit: return .done
        }
    }

    /// Makes the index step by step; what is there already can be shown meanwhile.
    private func outline(_ bytes: StoredBytes, _ id: RequestID) async -> Answer {
        var outline = JSONOutline(bytes)
        var told = 0
        while !outline.isFinished, !Task.isCancelled {
            // The first screens come from the first step; later news are for the counts and the far end.
            if told == 0 || outline.readCount - told >= Self.newsDistance {
                told = outline.readCount
                mailbox.post(.partlyAnswered(id, .outlined(OutlineReport(outline))))
                mailbox.post(.progressed(id, Progress(done: outline.readCount, total: bytes.count, unit: "bytes")))
            }
            outline.advance()
            await Task.yield()
        }
        return .outlined(OutlineReport(outline))
    }

    /// Bytes between two reports on an index.
    private static let newsDistance = 64 << 20

    private func opened() throws(StorageError) -> any BrowserLibrary {
        guard let library = library.withLock({ $0 }) else {
            throw StorageError(
                .failed, operation: "read", place: "", reason: "the sources are not known yet", help: "r tries again")
        }
        return library
    }

    private static func cancelled(_ operation: String) -> StorageError {
        StorageError(.cancelled, operation: operation, place: "", reason: "it was cancelled")
    }
}
