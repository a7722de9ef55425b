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
    public var entries: [UndoEntry] = []
    /// Whether effects are answered as soon as they come.
    public var answers = true
    /// Sources that never answer.
    public var silent: Set<String> = []
    /// Effects that wait for an answer.
    public private(set) var waiting: [BrowserEffect] = []
    /// Every effect so far.
    public private(set) var effects: [BrowserEffect] = []
    public private(set) var now = PretendRecords.now

    public init(_ sources: [PretendSource], width: Int = 80, height: Int = 24, isReadOnly: Bool = false) {
        self.sources = sources
        state = BrowserState(size: GridSize(width: width, height: height), isReadOnly: isReadOnly)
        send(.clock(now))
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
            take(update(&state, .answered(effect.id, answer)))
            index = 0
        }
    }

    /// Answers the first waiting effect that fits.
    public mutating func answer(where fits: (BrowserEffect.Work) -> Bool, with given: Answer? = nil) {
        guard let index = waiting.firstIndex(where: { fits($0.work) }) else { return }
        let effect = waiting.remove(at: index)
        if let answer = given ?? answer(to: effect.work) { take(update(&state, .answered(effect.id, answer))) }
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
            case .suspend, .redraw, .quit, .page: break
            default: waiting.append(effect)
            }
        }
    }

    private func source(_ name: String) -> PretendSource? { sources.first { $0.name == name } }

    private func answer(to work: BrowserEffect.Work) -> Answer? {
        switch work {
        case .findSources:
            let labels = sources.map {
                SourceLabel(name: $0.name, location: "/stores/\($0.name)", origin: "named", isReadOnly: $0.isReadOnly)
            }
            return .found(FoundSources(sources: labels, problems: problems, lookedFor: lookedFor))
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
        case .summary(let id): return ask(id.source) { .summary(Self.record(id, $0)) }
        case .messages(let id, let page):
            return ask(id.source) { source in
                let talk = source.messages(id)
                return .messages(PretendSource.page(page, count: talk.count, total: nil, make: talk.make))
            }
        case .documents(let id): return ask(id.source) { .documents($0.documents(id)) }
        case .plan(let request, let id):
            return ask(id.source) { source in
                guard let record = Self.record(id, source) else { return .failed(PretendRecords.failure) }
                return .planned(source.plan?(request, record) ?? Self.plan(request, record))
            }
        case .carryOut(let plan):
            return ask(plan.target.id.source) { _ in
                .carriedOut(CarriedOut(outcome: ChangeOutcome(kept: plan.keeps, dropped: plan.drops), entry: "e1"))
            }
        case .recoveryEntries: return .recoveryEntries(entries)
        case .undo: return .undone(ChangeOutcome(kept: 0, dropped: 0))
        case .exportForms(let record): return .exportForms(["json", "md"], name: record.id.key)
        case .export(let order): return .exported([order.path], notes: [])
        case .outline(let bytes): return .outlined(OutlineReport(Self.outline(bytes)))
        case .lines(let bytes): return LineIndex(bytes).map(Answer.lines)
        case .find(let search): return .foundText(ByteSearch.find(search))
        case .findInTree(let search): return .foundText(search.run { false })
        case .copy: return .done
        case .page, .suspend, .redraw, .cancel, .quit: return nil
        }
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
