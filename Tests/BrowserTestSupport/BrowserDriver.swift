public import BrowserModel
public import StoredRecords
internal import TerminalSurface

/// Drives the model as the program does: keys go in, effects come out, and the
/// stores of the test answer them at once or when the test says so.
public struct BrowserDriver {
    public private(set) var state: BrowserState
    public var sources: [PretendSource]
    public var lookedFor: [String] = []
    public var problems: [StorageError] = []
    /// Sources that are there to be added, and those of the demo.
    public var addable: [PretendSource] = []
    public var demo: [PretendSource] = []
    public var addProblem: StorageError?
    public var entries: [UndoEntry] = []
    /// The paths there are, directories with a slash at their end; three of them are offered at once.
    public var paths: [String] = []
    /// What comes of carrying a plan out; `nil` for success.
    public var outcome: (ChangePlan) -> StorageError? = { _ in nil }
    /// What comes of undoing an entry; `nil` for success.
    public var undoOutcome: (String) -> StorageError? = { _ in nil }
    /// Whether effects are answered as soon as they come.
    public var answers = true
    /// Sources that never answer.
    public var silent: Set<String> = []
    /// Effects that wait for an answer.
    public private(set) var waiting: [BrowserEffect] = []
    /// Every effect so far.
    public private(set) var effects: [BrowserEffect] = []
    /// What the terminal calls its clipboard; `nil` when it has none.
    public var clipboard: String? = "the terminal's clipboard"
    public private(set) var now = PretendRecords.now

    public init(
        _ sources: [PretendSource], width: Int = 80, height: Int = 24, isReadOnly: Bool = false,
        listChoices: ListChoices = ListChoices(),
        place: WorkingPlace = WorkingPlace(directory: "/home/ada/work", home: "/home/ada")
    ) {
        self.sources = sources
        state = BrowserState(
            size: GridSize(width: width, height: height), isReadOnly: isReadOnly, listChoices: listChoices,
            place: place)
        send(.clock(now))
    }

    /// Takes what was found of the last session; to be called before `start`.
    public mutating func begin(_ start: SessionStart) {
        state.begin(start)
    }

    /// Takes what the configuration says; to be called before `start`.
    public mutating func adopt(_ preferences: Preferences) {
        state.adopt(preferences)
    }

    /// Begins as the program does, and lets previews come.
    public mutating func start() {
        send(.started(state.size))
        pass(100)
    }

    /// Tells the model of an event and returns the effects it asks for.
    @discardableResult
    public mutating func send(_ event: BrowserEvent) -> [BrowserEffect.Work] {
        let effects = update(&state, event)
        take(effects)
        if case .clock = event { precondition(!wakesAtOnce, "what is due is left due, so the program never sleeps") }
        if answers { answerAll() }
        return effects.map(\.work)
    }

    /// Presses keys by their names, each in a batch of its own.
    public mutating func press(_ names: String...) {
        for name in names { pressTogether(name) }
    }

    /// Presses keys that the program reads in one batch.
    public mutating func pressTogether(_ names: String...) {
        for name in names {
            guard let key = KeyPress(name: name) else { preconditionFailure("no key is named \(name)") }
            send(.terminal(.key(key)))
        }
        send(.inputDrained)
    }

    public mutating func type(_ text: String) {
        for character in text {
            send(.terminal(.key(KeyPress(character))))
            send(.inputDrained)
        }
    }

    /// Whether the program would be woken again at once though nothing has happened.
    private var wakesAtOnce: Bool {
        guard let wake = state.nextWake else { return false }
        return wake <= state.now
    }

    /// Lets time pass.
    public mutating func pass(_ milliseconds: Int64) {
        now = now.adding(milliseconds: milliseconds)
        send(.clock(now))
    }

    public mutating func resize(_ width: Int, _ height: Int) {
        send(.terminal(.resize(GridSize(width: width, height: height))))
    }

    /// Answers everything that waits, and what comes of that.
    public mutating func answerAll() {
        var index = 0
        while index < waiting.count {
            guard let answer = answer(to: waiting[index].work) else {
                index += 1
                continue
            }
            let effect = waiting.remove(at: index)
            store(effect.work, answer)
            take(update(&state, .answered(effect.id, answer)))
            index = 0
        }
    }

    /// Answers the first waiting effect that fits.
    public mutating func answer(where fits: (BrowserEffect.Work) -> Bool, with given: Answer? = nil) {
        guard let index = waiting.firstIndex(where: { fits($0.work) }) else { return }
        let effect = waiting.remove(at: index)
        if let answer = given ?? answer(to: effect.work) {
            store(effect.work, answer)
            take(update(&state, .answered(effect.id, answer)))
        }
        if answers { answerAll() }
    }

    /// Sends an answer for a request whatever has become of it.
    public mutating func answerLate(_ id: RequestID, _ answer: Answer) {
        take(update(&state, .answered(id, answer)))
    }

    public func count(of fits: (BrowserEffect.Work) -> Bool) -> Int {
        effects.filter { fits($0.work) }.count
    }

    private mutating func take(_ new: [BrowserEffect]) {
        effects += new
        for effect in new {
            switch effect.work {
            case .cancel(let id): waiting.removeAll { $0.id == id }
            case .suspend, .redraw, .quit, .mouse, .theme: break
            default: waiting.append(effect)
            }
        }
    }

    /// Makes what was deleted gone from its source.
    private mutating func store(_ work: BrowserEffect.Work, _ answer: Answer) {
        guard case .carryOut(let plan) = work, case .carriedOut = answer, case .delete = plan.request,
            let index = sources.firstIndex(where: { $0.name == plan.target.id.source })
        else { return }
        sources[index].gone.insert(plan.target.id)
    }

    private func source(_ name: String) -> PretendSource? { (sources + addable + demo).first { $0.name == name } }

    private func label(of source: PretendSource) -> SourceLabel {
        SourceLabel(
            name: source.name, location: "/stores/\(source.name)", origin: "named", isReadOnly: source.isReadOnly)
    }

    private func addedSources(_ text: String, _ name: String?) -> [AddedSource] {
        addable.filter { $0.name == name ?? text }.map { source in
            AddedSource(label: label(of: source), written: text, file: "~/.config/ctxbrowse/config.json")
        }
    }

    private func answer(to work: BrowserEffect.Work) -> Answer? {
        switch work {
        case .findSources:
            return .found(
                FoundSources(sources: sources.map { label(of: $0) }, problems: problems, lookedFor: lookedFor))
        case .open(let name):
            return ask(name) {
                .opened(
                    OpenedSource(
                        engine: $0.engine, layouts: $0.layouts, kinds: $0.shelves.keys.sorted(),
                        write: $0.refusal.map { .unavailable($0) } ?? ($0.isReadOnly ? .readOnly : .available)))
            }
        case .capabilities(let name, let kind):
            return ask(name) { source in
                .capabilities(
                    RecordCapabilities(
                        delete: .available, trim: .available, write: .available,
                        sortFields: kind == .raw ? [.key] : source.sortFields))
            }
        case .count(let name, let kind):
            return ask(name) { source in
                .counted(source.shelves[kind].map { $0.total ?? .exact($0.count) } ?? .exact(0))
            }
        case .list(let name, let query):
            return ask(name) { source in
                guard source.sortFields.contains(query.sort.field) || query.sort.field == .key else {
                    return .failed(
                        StorageError(.unsupported, operation: "list", place: name, reason: "it is not sorted so"))
                }
                return .listed(source.list(query))
            }
        case .revision(let id): return ask(id.source) { .revision($0.revision(id)) }
        case .look(let name, let query): return ask(name) { .looked($0.look(for: query)) }
        case .summary(let id): return ask(id.source) { .summary(Self.record(id, $0)) }
        case .messages(let id, let page):
            return ask(id.source) { source in
                let talk = source.messages(id)
                return .messages(PretendSource.page(page, count: talk.count, total: nil, make: talk.make))
            }
        case .findInThread(let id, let find):
            return ask(id.source) { source in
                let talk = source.messages(id)
                var before: [MessageHits] = []
                var after: [MessageHits] = []
                for position in 0..<talk.count {
                    guard let hits = find.hits(in: talk.make(position)) else { continue }
                    if position < find.from { before.append(hits) } else { after.append(hits) }
                }
                return .foundInThread(
                    ThreadFindings(hits: before + after, read: find.from..<max(find.from, talk.count), isLast: true))
            }
        case .seekInThread(let id, let seek):
            return ask(id.source) { source in
                let talk = source.messages(id)
                let positions =
                    seek.isForward ? Array(seek.from + 1..<max(seek.from + 1, talk.count)) : (0..<seek.from).reversed()
                return .soughtInThread(positions.first { seek.matches(talk.make($0)) })
            }
        case .messageDocuments(let message): return .documents(DocumentPane.documents(of: message))
        case .documents(let id): return ask(id.source) { .documents($0.documents(id)) }
        case .transcript(let id):
            return ask(id.source) { source in
                let talk = source.messages(id)
                let text = (0..<talk.count).map { talk.make($0).plainText }.joined(separator: "\n")
                return .documents([RecordDocument(name: id.key + ".txt", format: .text, bytes: StoredBytes(text))])
            }
        case .plan(let request, let id):
            return ask(id.source) { source in
                guard let record = Self.record(id, source) else { return .failed(PretendRecords.failure) }
                return .planned(source.plan?(request, record) ?? Self.plan(request, record))
            }
        case .carryOut(let plan):
            if let error = outcome(plan) { return .failed(error) }
            let entry = plan.target.id.key == "a-0" ? "e1" : "e-\(plan.target.id.key)"
            return ask(plan.target.id.source) { _ in
                .carriedOut(CarriedOut(outcome: ChangeOutcome(kept: plan.keeps, dropped: plan.drops), entry: entry))
            }
        case .lookInside(let entry):
            return .documents([
                RecordDocument(name: "entry", format: .text, bytes: StoredBytes("what \(entry) holds\n"))
            ])
        case .forget: return .forgot(4096)
        case .recoveryEntries: return .recoveryEntries(entries)
        case .undo(let entry, _):
            if let error = undoOutcome(entry) { return .failed(error) }
            return .undone(ChangeOutcome(kept: 0, dropped: 0))
        case .exportForms(let record): return .exportForms(["json", "md"], name: record.id.key)
        case .export(let order): return .exported([order.path], notes: [])
        case .outline(let bytes): return .outlined(OutlineReport(Self.outline(bytes)))
        case .lines(let bytes): return LineIndex(bytes).map(Answer.lines)
        case .find(let search): return .foundText(ByteSearch.find(search))
        case .findInTree(let search): return .foundText(search.run { false })
        case .findAll(let scan): return .foundAll(scan.run { false })
        case .compare(.documents(let left, let right)): return Comparison.of(left, right).map(Answer.compared)
        case .compare(.records(let left, let right)):
            guard let mine = compared(left), let theirs = compared(right) else { return nil }
            return Comparison.of(mine, theirs).map(Answer.compared)
        case .arrange(let arrangement): return arrangement.run().map(Answer.arranged)
        case .summarize(let rows, let column): return ColumnStatistics.of(rows, column: column).map(Answer.summarized)
        case .findPath(let search): return .foundPath(search.run())
        case .copy: return clipboard.map { .copied(to: $0) } ?? .failed(PretendRecords.noClipboard)
        case .saveCopy: return .savedCopy(path: "/state/copies/copy-1")
        case .page, .pipe: return .done
        case .makeEditorCopy(_, let name): return .editorCopy(path: "/copies/\(name)")
        case .edit: return .edited(wasSaved: false)
        case .capture(let bytes, let command):
            return .captured(CapturedOutput(bytes: StoredBytes("\(command) of \(bytes.count) bytes")))
        case .keepSource, .saveSession: return .done
        case .completePath(let path):
            let fitting = paths.filter { $0.hasPrefix(path) }
            return .paths(PathChoices(paths: Array(fitting.prefix(3)), count: fitting.count))
        case .addSource(let text, let name):
            guard let error = addProblem else { return .added(addedSources(text, name)) }
            return .failed(error)
        case .openDemo:
            return .found(FoundSources(sources: demo.map { label(of: $0) }))
        case .mouse, .theme, .suspend, .redraw, .cancel, .quit: return nil
        }
    }

    private func compared(_ id: RecordID) -> ComparedRecord? {
        guard let source = source(id.source) else { return nil }
        let metadata = Self.record(id, source)?.metadata
        if id.kind == .thread {
            let talk = source.messages(id)
            return ComparedRecord(messages: (0..<talk.count).map { talk.make($0) }, of: talk.count, metadata: metadata)
        }
        return ComparedRecord(documents: source.documents(id), metadata: metadata)
    }

    private func ask(_ name: String, _ answer: (PretendSource) -> Answer) -> Answer? {
        guard !silent.contains(name), let source = source(name) else { return nil }
        if let error = source.error { return .failed(error) }
        return answer(source)
    }

    private static func record(_ id: RecordID, _ source: PretendSource) -> RecordSummary? {
        guard let shelf = source.shelves[id.kind] else { return nil }
        for index in 0..<min(shelf.count, 10_000) where shelf.make(index).id == id { return shelf.make(index) }
        return nil
    }

    private static func plan(_ request: ChangeRequest, _ record: RecordSummary) -> ChangePlan {
        let all = record.messages ?? 1
        let keeps: Int
        switch request {
        case .trim(let keep, _): keeps = min(all, keep)
        case .delete: keeps = 0
        }
        return ChangePlan(
            request: request, target: record, unit: record.id.kind == .thread ? "messages" : "documents", keeps: keeps,
            drops: all - keeps, bytes: Int64(all - keeps) * 240,
            firstKept: keeps > 0 ? PretendRecords.message(all - keeps, .assistant, "the first that stays") : nil,
            basis: PlanBasis())
    }
}
