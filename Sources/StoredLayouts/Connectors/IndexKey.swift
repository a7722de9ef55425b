/// How context-connectors turns the name of an index into a key.
///
/// The rule is the tool's own: every character outside `[a-zA-Z0-9_-]` becomes
/// `_`, runs of `_` become one, and those at the ends go.
enum IndexKey {
    /// The key of the index that lies in the base itself.
    static let base = "."

    /// The key, or `nil` when nothing is left of the name.
    ///
    /// The tool replaces UTF-16 units, and a run collapses, so that it does
    /// not matter here how many units a character has.
    static func sanitized(_ name: String) -> String? {
        if name == base { return name }
        var key: [UInt8] = []
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                key.append(byte)
            default:
                if key.last != UInt8(ascii: "_"), !key.isEmpty { key.append(UInt8(ascii: "_")) }
            }
        }
        if key.last == UInt8(ascii: "_") { key.removeLast() }
        return key.isEmpty ? nil : String(decoding: key, as: UTF8.self)
    }
}
