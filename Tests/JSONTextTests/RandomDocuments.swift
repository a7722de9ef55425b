import JSONText

/// A small seeded generator, so that a failing case can be run again.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Makes values and documents with everything JSON allows, odd spellings included.
struct RandomDocuments {
    var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }

    mutating func value(depth: Int = 5) -> JSONValue {
        switch pick(depth > 0 ? 9 : 5) {
        case 0: return .null
        case 1: return .bool(pick(2) == 0)
        case 2, 3: return .number(number())
        case 4: return .string(string())
        case 5, 6: return .array((0..<pick(6)).map { _ in value(depth: depth - 1) })
        default: return .object((0..<pick(6)).map { _ in JSONMember(key: key(), value: value(depth: depth - 1)) })
        }
    }

    mutating func number() -> JSONNumber {
        let spellings = [
            "0", "-0", "1e5", "0.10", "9007199254740993", "1E+400", "-1.5e-7", "1.0", "123456789012345678901",
        ]
        if pick(2) == 0 { return JSONNumber(Int.random(in: .min ... .max, using: &random)) }
        return JSONNumber(spelling: spellings[pick(spellings.count)]) ?? JSONNumber(0)
    }

    mutating func key() -> JSONString {
        let keys = ["a", "b", "id", "odd key", "", "é", "quo\"te", "line\nfeed"]
        return pick(5) == 0 ? string() : JSONString(keys[pick(keys.count)])
    }

    mutating func string() -> JSONString {
        let parts = [
            "plain text ", "é", "日本", "😀", #"\u0061"#, #"\ud800"#, #"\ud83d\ude00"#, #"\n"#, #"\\"#, #"\/"#, #"\""#,
            "[", "}",
            ",", ":", "a longer run of ordinary ASCII letters ", "\u{7F}",
        ]
        let spelling = (0..<pick(8)).map { _ in parts[pick(parts.count)] }.joined()
        return JSONString(spelling: spelling) ?? JSONString("")
    }

    /// The value as text with random white space between the tokens.
    mutating func text(of value: JSONValue) -> [UInt8] {
        let compact = value.serializedBytes()
        var bytes: [UInt8] = []
        var isInString = false
        var isEscaped = false
        for byte in compact {
            if isInString {
                bytes.append(byte)
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            let isPunctuation = "[]{},:".utf8.contains(byte)
            if isPunctuation { bytes += space() }
            bytes.append(byte)
            if isPunctuation { bytes += space() }
            if byte == UInt8(ascii: "\"") { isInString = true }
        }
        return bytes
    }

    private mutating func space() -> [UInt8] {
        switch pick(6) {
        case 0: Array(" ".utf8)
        case 1: Array("\n".utf8) + Array(repeating: UInt8(ascii: " "), count: pick(20))
        case 2: Array("\r\n\t".utf8)
        default: []
        }
    }

    /// Paths of all values in a tree that readers see, duplicates left to the last one.
    static func paths(of value: JSONValue, from path: JSONPath = .root) -> [JSONPath] {
        switch value {
        case .array(let elements):
            [path] + elements.enumerated().flatMap { paths(of: $1, from: path.appending(index: $0)) }
        case .object(let members):
            [path]
                + members.enumerated().filter { position, member in
                    !members[(position + 1)...].contains { $0.key.means(member.key.text) }
                }.flatMap { paths(of: $1.value, from: path.appending(key: $1.key.text)) }
        default: [path]
        }
    }
}
