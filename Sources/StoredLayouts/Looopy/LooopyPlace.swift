internal import EngineCore

/// A message's place in the tool's order: by `index`, then by file name.
///
/// A message without a usable `index` stands where its file name says, and
/// behind all others when that says nothing either.
struct LooopyPlace: Sendable, Hashable, Comparable {
    var index: Double
    var name: [UInt8]

    init(_ file: LooopyMessageFile, index: Double? = nil) {
        self.index = index ?? file.name.map { Double($0.index) } ?? .infinity
        name = file.key.lastPart.bytes
    }

    static func < (left: LooopyPlace, right: LooopyPlace) -> Bool {
        if left.index != right.index { return left.index < right.index }
        return left.name.lexicographicallyPrecedes(right.name)
    }

    /// A page cursor's text; reversible by `init(text:)`.
    var text: String { "\(index):\(ObjectKey(bytes: name).description)" }

    init?(text: String) {
        guard let colon = text.firstIndex(of: ":"), let index = Double(text[..<colon]) else { return nil }
        self.index = index
        name = ObjectKey(description: String(text[text.index(after: colon)...])).bytes
    }
}
