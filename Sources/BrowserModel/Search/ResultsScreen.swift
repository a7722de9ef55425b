public import StoredRecords

/// What a search through every source has found so far: the records in the
/// order they came, and below each the places in it.
public struct ResultsScreen: Sendable, Equatable {
    /// Hits of one record that are listed; further ones are counted.
    public static let hitsPerRecord = 100
    /// Hits that are listed in all; then the search stops and says so.
    public static let mostHits = 5000

    public enum Row: Sendable, Equatable {
        /// Index into `groups`.
        case record(Int)
        case hit(Int, Int)
        /// How many places of the record are not listed.
        case further(Int)
    }

    public let id: ScreenID
    public internal(set) var query: SearchQuery
    public internal(set) var sources: [SourceSearch] = []
    public private(set) var groups: [HitGroup] = []
    /// The one kind that is shown; `nil` for all.
    public private(set) var kind: RecordKind?
    public private(set) var filter: TextFilter?
    /// Whether records are shown without the places in them.
    public private(set) var isFolded = false
    public private(set) var rows: [Row] = []
    /// The row in focus and the first one on the screen.
    public private(set) var cursor = 0
    public private(set) var top = 0
    /// What is in focus, whatever else is found.
    private var selected: HitID?
    /// The place that was opened last, which the keys in its record go on from.
    private(set) var opened: HitID?
    /// The places in the order of the screen, those of folded records too.
    private var shownHits: [HitID] = []
    /// What was in focus before the search began anew.
    private var remembered: HitID?
    private var numbers: [RecordID: Int] = [:]
    /// Hits so far, and those of each kind.
    public private(set) var count = 0
    /// Hits that are counted and not listed.
    private var further = 0
    /// All hits, listed or not.
    public var total: Int { count + further }
    /// All hits by kind, listed or not.
    public private(set) var counts: [RecordKind: Int] = [:]

    init(id: ScreenID, query: SearchQuery) {
        self.id = id
        self.query = query
    }

    /// The words that were looked for.
    public var words: [String] { query.text.parts }

    /// What stands in a text of what was looked for: the words, and what the patterns match there.
    public func words(in text: String) -> [String] {
        var words = words
        for pattern in query.text.patterns {
            guard let range = pattern.range(in: text), !range.isEmpty else { continue }
            words.insert(String(decoding: Array(text.utf8)[range], as: UTF8.self), at: 0)
        }
        return words
    }
    public var isSearching: Bool { sources.contains { $0.phase == .searching } }
    public var isFull: Bool { count >= Self.mostHits }

    public var looked: SearchedAmount {
        sources.reduce(into: SearchedAmount()) { $0 += $1.looked }
    }

    /// The kinds something was found in.
    public var kinds: [RecordKind] { counts.keys.sorted() }

    /// The record in focus.
    public var selectedRecord: RecordSummary? { group(at: cursor).map { groups[$0].record } }

    /// The place in focus; of a record its first.
    public var selectedHit: (record: RecordSummary, hit: HitGroup.Hit)? {
        guard rows.indices.contains(cursor) else { return nil }
        switch rows[cursor] {
        case .hit(let group, let hit): return (groups[group].record, groups[group].hits[hit])
        case .record(let group), .further(let group):
            return groups[group].hits.first.map { (groups[group].record, $0) }
        }
    }

    /// Which of the hits that are shown is in focus, counted from 1, and how many there are.
    public var place: (number: Int, of: Int)? {
        guard rows.indices.contains(cursor) else { return nil }
        if isFolded { return (cursor + 1, rows.count) }
        return (max(1, hitsBefore[cursor + 1]), hitsBefore[rows.count])
    }

    /// For each row how many hits stand before it, and at the end how many there are.
    private var hitsBefore: [Int] = [0]

    private func group(at row: Int) -> Int? {
        guard rows.indices.contains(row) else { return nil }
        switch rows[row] {
        case .record(let group), .hit(let group, _), .further(let group): return group
        }
    }

    private func id(at row: Int) -> HitID? {
        guard let group = group(at: row) else { return nil }
        let record = groups[group].record.id
        if case .hit(_, let hit) = rows[row] { return HitID(record, hit) }
        return HitID(record, nil)
    }
}

// MARK: Answers

extension ResultsScreen {
    /// Begins anew; what is in focus is found again when it comes again.
    mutating func restart(_ query: SearchQuery, in names: [String]) {
        let isSame = query == self.query
        remembered = isSame ? selected : nil
        self.query = query
        sources = names.map { SourceSearch($0) }
        groups = []
        numbers = [:]
        counts = [:]
        count = 0
        further = 0
        selected = nil
        if !isSame {
            kind = nil
            filter = nil
        }
        cursor = 0
        top = 0
        arrange(height: 1)
    }

    /// Takes in what a source tells.
    mutating func take(_ news: [SearchNews], from source: String, height: Int) {
        guard let index = sources.firstIndex(where: { $0.source == source }) else { return }
        var isChanged = false
        for item in news {
            switch item {
            case .looked(let amount): sources[index].looked += amount
            case .further(let record, let more):
                guard let number = numbers[record] else { continue }
                groups[number].further += more
                further += more
                counts[record.kind, default: 0] += more
                isChanged = true
            case .hit(let hit):
                guard !isFull else { continue }
                add(hit)
                sources[index].hits += 1
                isChanged = true
            }
        }
        if isChanged { arrange(height: height) }
    }

    private mutating func add(_ hit: SearchHit) {
        let number: Int
        if let known = numbers[hit.record.id] {
            number = known
        } else {
            number = groups.count
            numbers[hit.record.id] = number
            groups.append(HitGroup(hit.record))
        }
        groups[number].hits.append(HitGroup.Hit(hit))
        count += 1
        counts[hit.record.id.kind, default: 0] += 1
    }

    /// Makes the rows; what is in focus keeps its place on the screen.
    private mutating func arrange(height: Int) {
        let line = cursor - top
        let wanted = remembered ?? selected
        rows = []
        shownHits = []
        hitsBefore = [0]
        var hits = 0
        var found: Int?
        func put(_ row: Row, _ id: HitID, isHit: Bool, into screen: inout ResultsScreen) {
            if id == wanted, found == nil { found = screen.rows.count }
            screen.rows.append(row)
            if isHit { hits += 1 }
            screen.hitsBefore.append(hits)
        }
        for (number, group) in groups.enumerated() where kind == nil || group.record.id.kind == kind {
            let isWhole = filter.map { $0.matches([group.record.title, group.record.id.key, group.record.id.source]) }
            let shown = group.hits.indices.filter { index in
                isWhole != false || filter?.matches([group.hits[index].excerpt, group.hits[index].place]) != false
            }
            if shown.isEmpty { continue }
            shownHits += shown.map { HitID(group.record.id, $0) }
            put(.record(number), HitID(group.record.id, nil), isHit: false, into: &self)
            if isFolded { continue }
            for index in shown { put(.hit(number, index), HitID(group.record.id, index), isHit: true, into: &self) }
            if group.further > 0 {
                put(.further(number), HitID(group.record.id, nil), isHit: false, into: &self)
            }
        }
        if let found {
            cursor = found
            top = max(0, found - line)
            if remembered != nil {
                remembered = nil
                top = max(0, found - height / 2)
            }
        } else {
            cursor = max(0, min(rows.count - 1, cursor))
        }
        // The first hit is what the eye looks for, not the heading over it.
        if selected == nil, wanted == nil, !isFolded, rows.count > 1 { cursor = max(cursor, 1) }
        if remembered == nil { selected = id(at: cursor) }
        scroll(height: height)
    }
}

// MARK: Moving

extension ResultsScreen {
    mutating func move(to row: Int, height: Int) {
        remembered = nil
        cursor = max(0, min(rows.count - 1, row))
        selected = id(at: cursor)
        scroll(height: height)
    }

    /// The row of the next or previous place; `nil` at the end.
    func rowOfHit(forward: Bool) -> Int? {
        if isFolded { return rows.indices.contains(cursor + (forward ? 1 : -1)) ? cursor + (forward ? 1 : -1) : nil }
        var row = cursor + (forward ? 1 : -1)
        while rows.indices.contains(row) {
            if case .hit = rows[row] { return row }
            row += forward ? 1 : -1
        }
        return nil
    }

    /// Which of the places comes after or before the one that was opened, the others of its record first; `nil` at
    /// the end.
    func hitBesideOpened(forward: Bool) -> HitID? {
        guard let at = opened.flatMap({ shownHits.firstIndex(of: $0) }) else { return nil }
        let next = at + (forward ? 1 : -1)
        return shownHits.indices.contains(next) ? shownHits[next] : nil
    }

    /// The first place of the record in a row.
    func firstHit(row: Int) -> HitID? {
        guard rows.indices.contains(row) else { return nil }
        let id = id(at: row)
        if id?.hit != nil { return id }
        return shownHits.first { $0.record == id?.record }
    }

    /// Puts a place in focus that is opened; of folded records their line.
    mutating func open(_ id: HitID, height: Int) -> (record: RecordSummary, hit: HitGroup.Hit)? {
        guard let number = numbers[id.record], let hit = id.hit, groups[number].hits.indices.contains(hit) else {
            return nil
        }
        opened = id
        let wanted: Row = isFolded ? .record(number) : .hit(number, hit)
        if let row = rows.firstIndex(of: wanted) { move(to: row, height: height) }
        return (groups[number].record, groups[number].hits[hit])
    }

    /// Where the opened place is among those of its record and among all that are shown, counted from 1.
    var placeOfOpened: (inRecord: Int, ofRecord: Int, inAll: Int, ofAll: Int)? {
        guard let opened, let at = shownHits.firstIndex(of: opened),
            let first = shownHits.firstIndex(where: { $0.record == opened.record })
        else { return nil }
        let own = shownHits[first...].prefix { $0.record == opened.record }.count
        return (at - first + 1, own, at + 1, shownHits.count)
    }

    /// The row of the next or previous record; `nil` at the end.
    func rowOfRecord(forward: Bool) -> Int? {
        guard let here = group(at: cursor) else { return nil }
        var row = cursor + (forward ? 1 : -1)
        while rows.indices.contains(row) {
            if case .record(let group) = rows[row], group != here { return row }
            row += forward ? 1 : -1
        }
        return nil
    }

    mutating func scroll(height: Int) {
        let height = max(1, height)
        if cursor < top { top = cursor }
        // The heading of a record's first place is seen with it.
        if cursor == top, cursor > 0, height > 1, case .record = rows[cursor - 1] { top = cursor - 1 }
        if cursor >= top + height { top = cursor - height + 1 }
        top = max(0, min(top, rows.count - height))
    }

    mutating func fold(height: Int) {
        isFolded.toggle()
        if isFolded { selected?.hit = nil }
        arrange(height: height)
    }

    mutating func setFilter(_ filter: TextFilter?, height: Int) {
        self.filter = filter
        arrange(height: height)
    }

    /// Goes to the next or previous kind in which something was found.
    mutating func changeKind(forward: Bool, height: Int) {
        let choices: [RecordKind?] = [nil] + kinds
        let at = choices.firstIndex(of: kind) ?? 0
        kind = choices[(at + (forward ? 1 : choices.count - 1)) % choices.count]
        arrange(height: height)
    }
}
