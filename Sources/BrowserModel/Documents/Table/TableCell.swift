internal import JSONText
internal import TerminalSurface

extension TablePane {
    /// One value of a row.
    public enum Cell: Sendable, Equatable {
        case text(String)
        case number(String)
        /// A truth value, an object or an array, as JSON.
        case word(String)
        case null
        /// The row has no such member.
        case missing
        /// The line is no JSON object; all of it stands in the first column.
        case broken(String)
    }
}

extension TablePane.Cell {
    init(_ name: String, in value: JSONValue?) {
        guard let found = value?[name] else {
            self = .missing
            return
        }
        self.init(found)
    }

    init(_ value: JSONValue) {
        switch value {
        case .null: self = .null
        case .bool, .array, .object: self = .word(value.serialized(.compact))
        case .number(let number): self = .number(number.spelling)
        case .string(let text): self = .text(text.text)
        }
    }

    /// What is drawn. A text that could be taken for another kind of value has quotes.
    public var shown: String {
        switch self {
        case .text(let text): Self.isAmbiguous(text) ? "\"\(text)\"" : text
        case .number(let text), .word(let text), .broken(let text): text
        case .null: "null"
        case .missing: "·"
        }
    }

    /// The text that searches and filters look at.
    var plain: String {
        switch self {
        case .text(let text), .number(let text), .word(let text), .broken(let text): text
        case .null: "null"
        case .missing: ""
        }
    }

    var columns: Int {
        switch self {
        case .broken: 0
        default: CharacterWidth.columns(of: Sanitizer.visible(String(shown.prefix(200))))
        }
    }

    /// Columns behind the decimal point, the point included; `nil` for a spelling with an exponent.
    public var fractionWidth: Int? {
        guard case .number(let text) = self else { return nil }
        if text.utf8.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }) { return nil }
        return text.firstIndex(of: ".").map { text.distance(from: $0, to: text.endIndex) } ?? 0
    }

    private static func isAmbiguous(_ text: String) -> Bool {
        switch text {
        case "", "null", "true", "false", "·": true
        default: text.utf8.count < 40 && JSONNumber(spelling: text) != nil
        }
    }
}
