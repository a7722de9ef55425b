/// The tag by which a server knows a version of an object.
///
/// Kept without quotes and sent with them: listings, headers and servers
/// differ in whether they have them.
enum EntityTag {
    static func unquoted(_ text: String) -> String {
        var tag = text[...]
        if tag.hasPrefix("W/") { tag = tag.dropFirst(2) }
        if tag.count >= 2, tag.hasPrefix("\""), tag.hasSuffix("\"") { tag = tag.dropFirst().dropLast() }
        return String(tag)
    }

    /// Whether it can stand in a header; a tag that cannot is no server's.
    static func isUsable(_ tag: String) -> Bool {
        !tag.isEmpty && tag.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") }
    }
}
