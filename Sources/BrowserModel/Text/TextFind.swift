/// A text that is looked for on a screen, and whether a match was found.
public struct TextFind: Sendable, Equatable {
    public var text = ""
    /// What to say of the last try: "no match", "from the beginning again".
    public var note = ""

    /// Where all matches are, once they have been counted.
    public var places: MatchPlaces?
    /// Whether a search that found nothing on its way goes on at the other end.
    var isWrapping = false
    var isForward = true
    /// Whether the way goes on to the first place as soon as places are known.
    var waitsForPlaces = false

    public init() {}

    /// Whether `line` holds the text: any case, unless the text has a capital letter.
    public func matches(_ line: String) -> Bool {
        guard !text.isEmpty else { return false }
        if text.contains(where: \.isUppercase) { return line.containsText(text) }
        return line.lowercased().containsText(text.lowercased())
    }
}

extension String {
    /// Whether `part` occurs, byte for byte.
    func containsText(_ part: String) -> Bool {
        let needle = Array(part.utf8)
        guard let first = needle.first else { return true }
        let all = Array(utf8)
        guard all.count >= needle.count else { return false }
        for start in 0...(all.count - needle.count)
        where all[start] == first && all[start..<start + needle.count].elementsEqual(needle) {
            return true
        }
        return false
    }
}
