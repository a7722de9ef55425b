/// A pattern over bytes with the meaning Redis gives it.
///
/// `*` is any run of bytes, `?` one byte, `[abc]`, `[a-z]` and `[^a]` a class,
/// and `\` takes the next byte as it is. A class without its `]` ends with the
/// pattern. Source: the glob-style patterns of the Redis `KEYS` command.
public struct GlobPattern: Sendable, Hashable {
    private enum Part: Sendable, Hashable {
        case run
        case any
        case byte(UInt8)
        case group([ClosedRange<UInt8>], isNegated: Bool)

        func matches(_ byte: UInt8) -> Bool {
            switch self {
            case .run, .any: true
            case .byte(let own): own == byte
            case .group(let ranges, let isNegated): ranges.contains { $0.contains(byte) } != isNegated
            }
        }
    }

    private let parts: [Part]

    public init(_ text: String) {
        var parts: [Part] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "*"):
                if parts.last != .run { parts.append(.run) }
            case UInt8(ascii: "?"): parts.append(.any)
            case UInt8(ascii: "["): parts.append(Self.group(&rest))
            case UInt8(ascii: "\\"): parts.append(.byte(rest.popFirst() ?? byte))
            default: parts.append(.byte(byte))
            }
        }
        self.parts = parts
    }

    /// Reads a class after its `[`.
    private static func group(_ rest: inout ArraySlice<UInt8>) -> Part {
        var ranges: [ClosedRange<UInt8>] = []
        let isNegated = rest.first == UInt8(ascii: "^")
        if isNegated { rest.removeFirst() }
        while let byte = rest.popFirst(), byte != UInt8(ascii: "]") {
            if byte == UInt8(ascii: "\\"), let escaped = rest.popFirst() {
                ranges.append(escaped...escaped)
            } else if rest.count >= 2, rest.first == UInt8(ascii: "-") {
                rest.removeFirst()
                let end = rest.removeFirst()
                ranges.append(min(byte, end)...max(byte, end))
            } else {
                ranges.append(byte...byte)
            }
        }
        return .group(ranges, isNegated: isNegated)
    }

    /// Whether the whole of `bytes` fits; takes at most `bytes` times pattern steps.
    public func matches(_ bytes: [UInt8]) -> Bool {
        var part = 0
        var at = 0
        // Where to go on when what follows the latest run did not fit.
        var retry: (part: Int, at: Int)?
        while at < bytes.count {
            if part < parts.count, parts[part] == .run {
                retry = (part + 1, at)
                part += 1
            } else if part < parts.count, parts[part].matches(bytes[at]) {
                part += 1
                at += 1
            } else if let again = retry {
                retry = (again.part, again.at + 1)
                part = again.part
                at = again.at + 1
            } else {
                return false
            }
        }
        return parts[part...].allSatisfy { $0 == .run }
    }
}
