/// The way from the root of a document to one value, written like `.a.b[17]["odd key"]`.
public struct JSONPath: Sendable, Hashable {
    /// One step: into a member or to an element.
    public enum Component: Sendable {
        /// The decoded text of a key; of duplicate keys the last one is meant.
        case key(String)
        /// The position of an element, from 0.
        case index(Int)
    }

    public var components: [Component]

    public init(_ components: [Component] = []) { self.components = components }

    /// The whole document, written `.`.
    public static let root = JSONPath()

    public func appending(_ component: Component) -> JSONPath { JSONPath(components + [component]) }

    public func appending(key: String) -> JSONPath { appending(.key(key)) }

    public func appending(index: Int) -> JSONPath { appending(.index(index)) }

    /// The path of the container; nil at the root.
    public var parent: JSONPath? { components.isEmpty ? nil : JSONPath(Array(components.dropLast())) }

    /// Whether this path leads to the same value as `other` or to a value that holds it.
    public func isPrefix(of other: JSONPath) -> Bool { other.components.starts(with: components) }
}

extension JSONPath.Component: Hashable {
    /// Keys are compared byte for byte.
    public static func == (left: JSONPath.Component, right: JSONPath.Component) -> Bool {
        switch (left, right) {
        case (.key(let left), .key(let right)): sameBytes(left, right)
        case (.index(let left), .index(let right)): left == right
        case (.key, .index), (.index, .key): false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .key(let key): hashBytes(of: key, into: &hasher)
        case .index(let index): hasher.combine(index)
        }
    }
}

extension JSONPath: CustomStringConvertible {
    /// The path as `init(parsing:)` reads it; control and invisible characters of keys are escaped.
    public var description: String {
        var text = ""
        for component in components {
            switch component {
            case .index(let index):
                if text.isEmpty { text = "." }
                text += "[\(index)]"
            case .key(let key) where Self.isPlain(key): text += "." + key
            case .key(let key):
                if text.isEmpty { text = "." }
                text += "[\"" + Self.visibleSpelling(of: key) + "\"]"
            }
        }
        return text.isEmpty ? "." : text
    }

    private static func isPlain(_ key: String) -> Bool {
        guard let first = key.utf8.first, isLetter(first) else { return false }
        return key.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) }
    }

    fileprivate static func isLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x41...0x5A, 0x61...0x7A, 0x5F: true
        default: false
        }
    }

    private static func visibleSpelling(of key: String) -> String {
        var bytes: [UInt8] = []
        for scalar in JSONEscaping.spelling(of: key).unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
                for unit in String(scalar).utf16 { JSONEscaping.appendUnicodeEscape(unit, to: &bytes) }
            default: bytes += String(scalar).utf8
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension JSONPath {
    /// Reads a path: `.`, `.key`, `.["any key"]`, `.a[0]`, `.a["b"]`, `.a.[0]`; the leading dot may be left out.
    public init(parsing text: String) throws(JSONError) {
        var reader = JSONPathReader(bytes: Array(text.utf8))
        self.init(try reader.components())
    }
}

private struct JSONPathReader {
    let bytes: [UInt8]
    private var index = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func components() throws(JSONError) -> [JSONPath.Component] {
        if bytes == [0x2E] { return [] }
        guard !bytes.isEmpty else { throw fault }
        var components: [JSONPath.Component] = []
        while index < bytes.count {
            let isDotted = bytes[index] == 0x2E
            if isDotted { index += 1 }
            guard index < bytes.count else { throw fault }
            if bytes[index] == 0x5B {
                components.append(try bracket())
            } else if isDotted || components.isEmpty {
                components.append(.key(try name()))
            } else {
                throw fault
            }
        }
        return components
    }

    private mutating func name() throws(JSONError) -> String {
        let start = index
        while index < bytes.count, JSONPath.isLetter(bytes[index]) || (0x30...0x39).contains(bytes[index]) {
            index += 1
        }
        guard index > start, !(0x30...0x39).contains(bytes[start]) else { throw fault }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private mutating func bracket() throws(JSONError) -> JSONPath.Component {
        index += 1
        let start = index
        let component: JSONPath.Component
        if index < bytes.count, bytes[index] == 0x22 {
            index += 1
            while index < bytes.count, bytes[index] != 0x22 { index += bytes[index] == 0x5C ? 2 : 1 }
            guard index < bytes.count,
                let key = JSONString(spelling: String(decoding: bytes[start + 1..<index], as: UTF8.self))
            else { throw fault }
            index += 1
            component = .key(key.text)
        } else {
            while index < bytes.count, (0x30...0x39).contains(bytes[index]) { index += 1 }
            guard let position = Int(String(decoding: bytes[start..<index], as: UTF8.self)) else { throw fault }
            component = .index(position)
        }
        guard index < bytes.count, bytes[index] == 0x5D else { throw fault }
        index += 1
        return component
    }

    private var fault: JSONError {
        let offset = min(index, bytes.count)
        let column = 1 + bytes[..<offset].count { $0 & 0xC0 != 0x80 }
        return JSONError(
            kind: .invalidPath, offset: offset, column: column, found: offset < bytes.count ? bytes[offset] : nil)
    }
}

extension JSONPath: ExpressibleByStringLiteral {
    /// A path known when the program is written; text that is no path stands for a key of that name.
    public init(stringLiteral value: String) {
        self = (try? JSONPath(parsing: value)) ?? JSONPath([.key(value)])
    }
}
