/// What the word at the end of a command line may become.
public struct Completion: Sendable, Equatable {
    public struct Candidate: Sendable, Equatable {
        public var text: String
        /// What it does or is; may be empty.
        public var help: String

        public init(_ text: String, _ help: String = "") {
            self.text = text
            self.help = help
        }
    }

    /// Characters before the word.
    var start: Int
    /// The word as it was typed.
    public let typed: String
    /// The best fitting first.
    public internal(set) var candidates: [Candidate]
    /// The one that Tab put in; `nil` while the word is the user's own.
    public internal(set) var selected: Int?
    /// What belongs here when nothing can be offered: "PATH  export ...".
    public internal(set) var usage = ""

    /// Offers what fits what was typed, in the given order where it fits equally well.
    init(start: Int, typed: String, among candidates: [Candidate]) {
        self.start = start
        self.typed = typed
        let ranked = candidates.enumerated().compactMap { place, candidate in
            FuzzyMatch.rank(typed, in: candidate.text).map { (rank: $0, place: place, candidate: candidate) }
        }
        self.candidates = ranked.sorted { ($0.rank, $0.place) < ($1.rank, $1.place) }.map(\.candidate)
    }

    /// Offers these, which are known to fit, in their order.
    init(start: Int, typed: String, offering candidates: [Candidate]) {
        self.start = start
        self.typed = typed
        self.candidates = candidates
    }

    /// Goes to the next or previous candidate, from the last back to the typed word.
    mutating func step(by count: Int) {
        let places = candidates.count + 1
        let at = selected.map { $0 + 1 } ?? 0
        let next = (at + count + places) % places
        selected = next == 0 ? nil : next - 1
    }

    /// The word as it stands after the steps.
    var word: String { selected.map { candidates[$0].text } ?? typed }
}
