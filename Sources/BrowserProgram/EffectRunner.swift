internal import BrowserModel
internal import JSONText
internal import StoredRecords
internal import Synchronization

/// Does the work of effects in tasks and posts the answers to the mailbox.
final class EffectRunner: Sendable {
    private let mailbox: EventMailbox
    let copies = EditorCopies()
    private let factory: @Sendable () async -> Result<OpenedLibrary, StorageError>
    private let demo: (@Sendable () async -> Result<OpenedLibrary, StorageError>)?
    private let sessionFile: SessionFile?
    private let library = Mutex<(any BrowserLibrary)?>(nil)
    private let tasks = Mutex<[RequestID: Task<Void, Never>]>([:])

    init(
        mailbox: EventMailbox, factory: @escaping @Sendable () async -> Result<OpenedLibrary, StorageError>,
        demo: (@Sendable () async -> Result<OpenedLibrary, StorageError>)? = nil, sessionFile: SessionFile? = nil
    ) {
        self.sessionFile = sessionFile
        self.mailbox = mailbox
        self.factory = factory
        self.demo = demo
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
        case .openDemo:
            guard let demo else {
                throw StorageError(
                    .unsupported, operation: "open the demo", place: "", reason: "this program has none")
            }
            let opened = try await demo().get()
            library.withLock { $0 = opened.library }
            return .found(opened.found)
        case .addSource(let text, let name): return .added(try await opened().add(text, name: name))
        case .completePath(let path): return .paths(await OwnThread.result { PathCompletion.choices(for: path) })
        case .keepSource(let name, let location):
            try await opened().keep(name, location: location)
            return .done
        case .saveSession(let session):
            try sessionFile?.save(session)
            return .done
        case .open(let source): return .opened(try await opened().open(source))
        case .capabilities(let source, let kind):
            return try await opened().capabilities(source, kind).map(Answer.capabilities) ?? .done
        case .count(let source, let kind): return .counted(try await opened().count(source, kind))
        case .list(let source, let query): return .listed(try await opened().list(source, query))
        case .look(let source, let query):
            let mailbox = mailbox
            let batches = NewsBatches { mailbox.post(.partlyAnswered(id, .looked($0))) }
            do throws(StorageError) {
                try await opened().look(in: source, for: query) { batches.add($0) }
            } catch {
                batches.end()
                throw error
            }
            batches.end()
            return .looked([])
        case .summary(let record): return .summary(try await opened().summary(record))
        case .messages(let record, let page): return .messages(try await opened().messages(record, page))
        case .revision(let record): return .revision(try await opened().revision(record))
        case .findInThread(let record, let find):
            let mailbox = mailbox
            return .foundInThread(
                try await reading(record, id).find(find) { mailbox.post(.partlyAnswered(id, .foundInThread($0))) })
        case .seekInThread(let record, let seek): return .soughtInThread(try await reading(record, id).seek(seek))
        case .messageDocuments(let message): return .documents(DocumentPane.documents(of: message))
        case .documents(let record): return .documents(try await opened().documents(record))
        case .transcript(let record): return .documents([try await reading(record, id).transcript()])
        case .plan(let request, let record): return .planned(try await opened().plan(request, record))
        case .carryOut(let plan): return .carriedOut(try await opened().carryOut(plan))
        case .lookInside(let entry): return .documents(try await opened().contents(ofEntry: entry))
        case .forget(let entry): return .forgot(try await opened().forget(entry))
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
        case .findAll(let scan):
            return .foundAll(scan.run(isCancelled: { Task.isCancelled }, report: progress(id, "bytes")))
        case .compare(let pair): return .compared(try await compare(pair, id))
        case .arrange(let arrangement):
            let total = arrangement.rows.bytes.count
            let rows = arrangement.run(
                isCancelled: { Task.isCancelled }, report: progress(id, "bytes", of: total))
            guard let rows else { throw Self.cancelled("sort rows") }
            return .arranged(rows)
        case .summarize(let rows, let column):
            let statistics = ColumnStatistics.of(
                rows, column: column, isCancelled: { Task.isCancelled },
                report: progress(id, "bytes", of: rows.bytes.count))
            guard let statistics else { throw Self.cancelled("add up a column") }
            return .summarized(statistics)
        case .findPath(let search): return .foundPath(search.run { Task.isCancelled })
        case .saveCopy(let order): return .savedCopy(path: try opened().saveCopy(order))
        case .makeEditorCopy(let bytes, let name):
            return .editorCopy(path: try makeEditorCopy(bytes, name, id))
        case .capture(let bytes, let command): return try await capture(bytes, command, id)
        case .copy, .page, .edit, .pipe, .mouse, .theme, .suspend, .redraw, .cancel, .quit: return .done
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

    private func reading(_ record: RecordID, _ id: RequestID) throws(StorageError) -> ThreadReading {
        let mailbox = mailbox
        return ThreadReading(library: try opened(), record: record) { mailbox.post(.progressed(id, $0)) }
    }

    /// Bytes between two reports on an index.
    private static let newsDistance = 64 << 20

    func tell(_ id: RequestID, _ progress: Progress) { mailbox.post(.progressed(id, progress)) }

    /// Tells how far a piece of work has come, at most some hundred times.
    func progress(_ id: RequestID, _ unit: String, of total: Int? = nil) -> (Int) -> Void {
        var told = 0
        return { [mailbox] done in
            guard done - told >= Self.progressDistance else { return }
            told = done
            mailbox.post(.progressed(id, Progress(done: done, total: total, unit: unit)))
        }
    }

    private static let progressDistance = 16 << 20

    private func makeEditorCopy(_ bytes: StoredBytes, _ name: String, _ id: RequestID) throws(StorageError) -> String {
        return try copies.make(
            bytes, name: name, isCancelled: { Task.isCancelled }, progress: progress(id, "bytes", of: bytes.count))
    }

    private func capture(_ bytes: StoredBytes, _ command: String, _ id: RequestID) async throws(StorageError) -> Answer
    {
        let mailbox = mailbox
        let capture = CommandCapture(command, bytes)
        let result = await withTaskCancellationHandler {
            await OwnThread.result {
                capture.run { mailbox.post(.progressed(id, Progress(done: $0, total: nil, unit: "bytes"))) }
            }
        } onCancel: {
            capture.cancel()
        }
        return .captured(try result.get())
    }

    func opened() throws(StorageError) -> any BrowserLibrary {
        guard let library = library.withLock({ $0 }) else {
            throw StorageError(
                .failed, operation: "read", place: "", reason: "the sources are not known yet", help: "r tries again")
        }
        return library
    }

    static func cancelled(_ operation: String) -> StorageError {
        StorageError(.cancelled, operation: operation, place: "", reason: "it was cancelled")
    }
}
