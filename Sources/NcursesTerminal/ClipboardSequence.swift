/// The bytes that copy text through a terminal (OSC 52 of the xterm control sequences).
enum ClipboardSequence {
    /// GNU screen takes no longer piece in one device control string.
    private static let screenPiece = 256

    /// The sequence and its route; nil for terminals without a clipboard.
    static func make(
        _ text: String, terminal: String, isInTmux: Bool, isInScreen: Bool
    ) -> (sequence: String, route: ClipboardRoute)? {
        let plain = "\u{1B}]52;c;" + base64(Array(text.utf8)) + "\u{7}"
        if isInTmux {
            let wrapped = "\u{1B}Ptmux;\u{1B}" + plain + "\u{1B}\\"
            return (plain + wrapped, .throughTmux)
        }
        if isInScreen {
            var wrapped = ""
            var rest = plain.utf8[...]
            while !rest.isEmpty {
                wrapped += "\u{1B}P" + String(Substring(rest.prefix(screenPiece))) + "\u{1B}\\"
                rest = rest.dropFirst(screenPiece)
            }
            return (wrapped, .throughScreen)
        }
        if terminal == "linux" || terminal.hasPrefix("vt") || terminal.hasPrefix("ansi") { return nil }
        return (plain, .terminal)
    }

    /// Base 64 of RFC 4648, section 4.
    static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var result: [UInt8] = []
        result.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits: UInt32 = 0
            for offset in 0..<3 { bits = bits << 8 | (offset < group.count ? UInt32(group[start + offset]) : 0) }
            for digit in 0..<4 {
                if digit <= group.count {
                    result.append(alphabet[Int(bits >> UInt32(18 - 6 * digit)) & 63])
                } else {
                    result.append(0x3D)
                }
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
