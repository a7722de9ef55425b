internal import JSONText
public import StoredRecords

/// Where in a document a text was found, for "hit 3 of 12".
public struct MatchPlaces: Sendable, Equatable {
    /// Matches that are kept; a document with more says so.
    public static let most = 1_000_000

    /// Where they begin, ascending.
    public var offsets: [Int]
    /// Whether these are all.
    public var isComplete: Bool

    public init(_ offsets: [Int], isComplete: Bool) {
        self.offsets = offsets
        self.isComplete = isComplete
    }

    /// The place of a match among all, from 1; `nil` when it is none of them.
    public func number(of offset: Int) -> Int? {
        let place = place(from: offset)
        return place < offsets.count && offsets[place] == offset ? place + 1 : nil
    }

    func next(after offset: Int) -> Int? {
        let place = place(from: offset + 1)
        return place < offsets.count ? offsets[place] : nil
    }

    func last(before offset: Int) -> Int? {
        let place = place(from: offset)
        return place > 0 ? offsets[place - 1] : nil
    }

    /// The first match at or behind an offset.
    private func place(from offset: Int) -> Int {
        var low = 0
        var high = offsets.count
        while low < high {
            let middle = (low + high) / 2
            if offsets[middle] < offset { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// `12`, or `>= 1 000 000` when there may be more.
    public var total: String { (isComplete ? "" : ">= ") + Words.grouped(offsets.count) }
}

/// A search for all places of a text.
public struct MatchScan: Sendable, Equatable {
    public enum Place: Sendable, Equatable {
        case tree(OutlineReport, TreeSearchText)
        case bytes(StoredBytes, BytesPattern)
        /// The rows of a table that hold a text, by their places in the order they are shown in.
        case rows(TableRows, String)
    }

    public var place: Place

    public init(_ place: Place) {
        self.place = place
    }

    /// `report` is told now and then how many bytes were searched; cancelled, the answer is what was found so far.
    public func run(isCancelled: () -> Bool, report: (Int) -> Void = { _ in }) -> MatchPlaces {
        switch place {
        case .tree(let outline, let text): inTree(outline, text, isCancelled, report)
        case .bytes(let bytes, let pattern): inBytes(bytes, pattern, isCancelled, report)
        case .rows(let rows, let text): rows.places(of: text, isCancelled: isCancelled, report: report)
        }
    }

    private func inTree(
        _ report: OutlineReport, _ text: TreeSearchText, _ isCancelled: () -> Bool, _ tell: (Int) -> Void
    ) -> MatchPlaces {
        var offsets: [Int] = []
        var search = text.search(.forward, from: 0)
        while !isCancelled(), offsets.count < MatchPlaces.most {
            switch report.outline.step(&search) {
            case .found(let match): offsets.append(match.range.lowerBound)
            case .searching: tell(search.position)
            case .waiting: return MatchPlaces(offsets, isComplete: false)
            case .exhausted: return MatchPlaces(offsets, isComplete: report.outline.error == nil)
            }
        }
        return MatchPlaces(offsets, isComplete: false)
    }

    private func inBytes(
        _ bytes: StoredBytes, _ pattern: BytesPattern, _ isCancelled: () -> Bool, _ tell: (Int) -> Void
    ) -> MatchPlaces {
        var offsets: [Int] = []
        var from = 0
        while offsets.count < MatchPlaces.most {
            let search = BytesSearch(bytes: bytes, pattern: pattern, from: from, isForward: true)
            guard let found = ByteSearch.find(search, isCancelled: isCancelled, report: tell) else {
                return MatchPlaces(offsets, isComplete: !isCancelled())
            }
            offsets.append(found.lowerBound)
            from = found.upperBound
        }
        return MatchPlaces(offsets, isComplete: false)
    }
}
