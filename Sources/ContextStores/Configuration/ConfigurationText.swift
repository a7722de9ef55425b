internal import JSONText

/// The text of a configuration, JSON5, into which a member is put without
/// changing anything else.
struct ConfigurationText {
    private let bytes: [UInt8]
    private var at = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// A member of an object: where its value begins and ends.
    private struct Member {
        var name: String
        var value: Range<Int>
    }

    /// An object: its braces, its members, and whether a comma follows the last one.
    private struct Object {
        var open: Int
        var close: Int
        var members: [Member]
        var hasTrailingComma: Bool
        /// Behind the last member and its comma, or behind the opening brace.
        var lastEnd: Int
    }

    /// The text with the source in it; `nil` where it is no object, or its "sources" is none.
    func adding(source name: String, location: String) -> [UInt8]? {
        let member = JSONValue.text(name).serialized(.compact) + ": " + JSONValue.text(location).serialized(.compact)
        if bytes.allSatisfy(Self.isBlank) {
            return Array("{\n  \"sources\": {\n    \(member)\n  }\n}\n".utf8)
        }
        var scanner = self
        guard let root = scanner.object(), scanner.isAtEnd else { return nil }
        guard let sources = root.members.last(where: { $0.name == "sources" }) else {
            let lines = "{\n    \(member)\n  }"
            return put("\"sources\": " + lines, into: root, indent: "  ")
        }
        scanner.at = sources.value.lowerBound
        guard let object = scanner.object() else { return nil }
        return put(member, into: object, indent: indent(of: object) ?? "    ")
    }

    // MARK: Putting in

    private func put(_ member: String, into object: Object, indent: String) -> [UInt8] {
        var result = bytes[..<object.lastEnd]
        if !object.members.isEmpty, !object.hasTrailingComma { result.append(UInt8(ascii: ",")) }
        let tail = bytes[object.lastEnd..<object.close]
        // A comment behind the last member stays behind it.
        if let newline = tail.lastIndex(of: 10), !object.members.isEmpty || tail.contains(where: { !Self.isBlank($0) })
        {
            result += tail[...newline]
            result += Array((indent + member).utf8)
            if object.hasTrailingComma { result.append(UInt8(ascii: ",")) }
            result.append(10)
            result += tail[(newline + 1)...]
        } else if object.members.isEmpty {
            let outer = String(indent.dropLast(2))
            result += Array("\n\(indent)\(member)\n\(outer)".utf8)
        } else {
            result += Array(" \(member)".utf8)
            result += tail
        }
        return Array(result + bytes[object.close...])
    }

    /// The blanks before the first member, where that stands on a line of its own.
    private func indent(of object: Object) -> String? {
        guard let first = object.members.first else {
            // Two more than the line of the brace has.
            let line = bytes[..<object.open].lastIndex(of: 10).map { $0 + 1 } ?? 0
            let blanks = bytes[line...].prefix { $0 == 32 || $0 == 9 }
            return String(decoding: blanks, as: UTF8.self) + "  "
        }
        guard let newline = bytes[..<first.value.lowerBound].lastIndex(of: 10), newline > object.open else {
            return nil
        }
        return String(decoding: bytes[(newline + 1)...].prefix { $0 == 32 || $0 == 9 }, as: UTF8.self)
    }

    // MARK: Reading

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

    private var isAtEnd: Bool {
        var scanner = self
        scanner.skipBlanks()
        return scanner.at == bytes.count
    }

    private func peek(_ offset: Int = 0) -> UInt8? { at + offset < bytes.count ? bytes[at + offset] : nil }

    private mutating func skipBlanks() {
        if at == 0, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
        while let byte = peek() {
            if Self.isBlank(byte) {
                at += 1
            } else if byte == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "/") {
                while let byte = peek(), byte != 10 { at += 1 }
            } else if byte == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "*") {
                at += 2
                while let byte = peek(), !(byte == UInt8(ascii: "*") && peek(1) == UInt8(ascii: "/")) { at += 1 }
                at = min(bytes.count, at + 2)
            } else {
                return
            }
        }
    }

    private mutating func object() -> Object? {
        skipBlanks()
        guard peek() == UInt8(ascii: "{") else { return nil }
        var object = Object(open: at, close: at, members: [], hasTrailingComma: false, lastEnd: at + 1)
        at += 1
        while true {
            skipBlanks()
            guard let byte = peek() else { return nil }
            if byte == UInt8(ascii: "}") {
                object.close = at
                at += 1
                return object
            }
            guard object.members.isEmpty || object.hasTrailingComma, let name = name() else { return nil }
            skipBlanks()
            guard peek() == UInt8(ascii: ":") else { return nil }
            at += 1
            skipBlanks()
            let start = at
            guard skipValue() else { return nil }
            object.members.append(Member(name: name, value: start..<at))
            object.lastEnd = at
            object.hasTrailingComma = false
            skipBlanks()
            if peek() == UInt8(ascii: ",") {
                at += 1
                object.hasTrailingComma = true
                object.lastEnd = at
            }
        }
    }

    private mutating func name() -> String? {
        let start = at
        if let quote = peek(), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            guard skipString() else { return nil }
            let plain = RelaxedJSON.plain(Array(bytes[start..<at]))
            return (try? JSONValue.parse(plain))?.stringValue
        }
        while let byte = peek(), byte != UInt8(ascii: ":"), !Self.isBlank(byte) { at += 1 }
        return at > start ? String(decoding: bytes[start..<at], as: UTF8.self) : nil
    }

    private mutating func skipString() -> Bool {
        guard let quote = peek() else { return false }
        at += 1
        while let byte = peek() {
            at += byte == UInt8(ascii: "\\") ? 2 : 1
            if byte == quote { return at <= bytes.count }
        }
        return false
    }

    private mutating func skipValue() -> Bool {
        var depth = 0
        let start = at
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                guard skipString() else { return false }
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                at += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return at > start }
                depth -= 1
                at += 1
            case UInt8(ascii: ","):
                if depth == 0 { return at > start }
                at += 1
            case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "/") || peek(1) == UInt8(ascii: "*"):
                if depth == 0 { return at > start }
                skipBlanks()
                continue
            case _ where Self.isBlank(byte):
                if depth == 0 { return at > start }
                at += 1
            default: at += 1
            }
            if depth == 0, let before = at > start ? bytes[at - 1] : nil, [0x22, 0x27, 0x7D, 0x5D].contains(before) {
                return true
            }
        }
        return depth == 0 && at > start
    }
}
