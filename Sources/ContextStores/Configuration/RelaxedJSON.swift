/// Turns JSON5 into plain JSON of the same lines, so that the one JSON parser
/// reads it and its line numbers stay true.
///
/// Taken over: comments, trailing commas, bare member names, single-quoted
/// strings, line continuations, `\xHH`, `\v`, `\0`, hexadecimal numbers,
/// a leading `+`, and numbers that begin or end with a point. `Infinity` and
/// `NaN` have no JSON form and stay as they are, for the parser to refuse.
/// Source: the JSON5 specification, sections 3 to 7.
struct RelaxedJSON {
    private let input: [UInt8]
    private var at = 0
    private var output: [UInt8] = []

    static func plain(_ bytes: [UInt8]) -> [UInt8] {
        var reader = RelaxedJSON(input: bytes)
        reader.run()
        return reader.output
    }

    private init(input: [UInt8]) {
        self.input = input
        output.reserveCapacity(input.count)
    }

    private mutating func run() {
        if input.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: "/"): comment()
            case UInt8(ascii: "\""), UInt8(ascii: "'"): string(quote: byte)
            case UInt8(ascii: ","):
                // A comma before a closing bracket is dropped.
                let place = output.count
                output.append(byte)
                at += 1
                blanks()
                if let next = peek(), next == UInt8(ascii: "}") || next == UInt8(ascii: "]") {
                    output[place] = UInt8(ascii: " ")
                }
            case _ where Self.isWordStart(byte): word()
            case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), 48...57: number()
            default:
                output.append(byte)
                at += 1
            }
        }
    }

    private func peek(_ offset: Int = 0) -> UInt8? {
        at + offset < input.count ? input[at + offset] : nil
    }

    private mutating func blanks() {
        while let byte = peek() {
            if byte == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "/") || peek(1) == UInt8(ascii: "*") {
                comment()
            } else if byte == 32 || byte == 9 || byte == 10 || byte == 13 {
                output.append(byte)
                at += 1
            } else {
                return
            }
        }
    }

    private mutating func comment() {
        if peek(1) == UInt8(ascii: "/") {
            while let byte = peek(), byte != 10 {
                _ = byte
                at += 1
            }
        } else if peek(1) == UInt8(ascii: "*") {
            at += 2
            while let byte = peek() {
                if byte == UInt8(ascii: "*"), peek(1) == UInt8(ascii: "/") {
                    at += 2
                    output.append(32)
                    return
                }
                if byte == 10 { output.append(10) }
                at += 1
            }
        } else {
            output.append(UInt8(ascii: "/"))
            at += 1
        }
    }

    private mutating func string(quote: UInt8) {
        output.append(UInt8(ascii: "\""))
        at += 1
        while let byte = peek() {
            at += 1
            switch byte {
            case quote:
                output.append(UInt8(ascii: "\""))
                return
            case UInt8(ascii: "\""):
                output += Array("\\\"".utf8)
            case UInt8(ascii: "\\"):
                escape()
            default:
                output.append(byte)
            }
        }
    }

    private mutating func escape() {
        guard let byte = peek() else {
            output.append(UInt8(ascii: "\\"))
            return
        }
        at += 1
        switch byte {
        case 10: break
        case 13:
            if peek() == 10 { at += 1 }
        case UInt8(ascii: "'"): output.append(byte)
        case UInt8(ascii: "v"): output += Array("\\u000b".utf8)
        case UInt8(ascii: "0"): output += Array("\\u0000".utf8)
        case UInt8(ascii: "x"): output += Array("\\u00".utf8)
        default: output += [UInt8(ascii: "\\"), byte]
        }
    }

    private mutating func word() {
        let start = at
        while let byte = peek(), Self.isWordStart(byte) || (48...57).contains(byte) { at += 1 }
        let word = input[start..<at]
        var next = at
        while next < input.count, [32, 9, 10, 13].contains(input[next]) { next += 1 }
        if next < input.count, input[next] == UInt8(ascii: ":") {
            output += [UInt8(ascii: "\"")] + word + [UInt8(ascii: "\"")]
        } else {
            output += word
        }
    }

    private mutating func number() {
        var isNegative = false
        if let sign = peek(), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
            isNegative = sign == UInt8(ascii: "-")
            at += 1
        }
        if isNegative { output.append(UInt8(ascii: "-")) }
        if peek() == UInt8(ascii: "0"), let mark = peek(1), mark | 0x20 == UInt8(ascii: "x") {
            let start = at + 2
            at = start
            while let byte = peek(), Self.isHexDigit(byte) { at += 1 }
            let digits = String(decoding: input[start..<at], as: UTF8.self)
            output += Array((UInt64(digits, radix: 16).map { String($0) } ?? "0x" + digits).utf8)
            return
        }
        if peek() == UInt8(ascii: ".") { output.append(48) }
        while let byte = peek(), (48...57).contains(byte) || byte == UInt8(ascii: ".") {
            output.append(byte)
            at += 1
            if byte == UInt8(ascii: "."), !(peek().map { (48...57).contains($0) } ?? false) { output.append(48) }
        }
        guard let mark = peek(), mark | 0x20 == UInt8(ascii: "e") else { return }
        output.append(mark)
        at += 1
        while let byte = peek(), (48...57).contains(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") {
            output.append(byte)
            at += 1
        }
    }

    private static func isWordStart(_ byte: UInt8) -> Bool {
        (65...90).contains(byte) || (97...122).contains(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$")
            || byte >= 0x80
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (97...102).contains(byte | 0x20)
    }
}
