/// What a piece of the screen means; a `Theme` decides how that looks.
public enum Role: UInt8, CaseIterable, Sendable {
    case normal, title, header, dim
    case error, warning, success
    case selected, match, marked
    case border, status, keyHint, breadcrumb
    case roleUser, roleAssistant, roleSystem, roleTool
    case code, heading, link
    case jsonKey, jsonString, jsonNumber, jsonLiteral
    case added, removed
}

/// Character attributes a style asks for in addition to those of its role.
public struct TextAttributes: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    public static let bold = TextAttributes(rawValue: 1)
    public static let dim = TextAttributes(rawValue: 2)
    public static let italic = TextAttributes(rawValue: 4)
    public static let underline = TextAttributes(rawValue: 8)
    public static let reverse = TextAttributes(rawValue: 16)
}

/// A role plus the attributes wanted on top of it.
///
/// Colour is never the only sign: whoever draws a selection also draws a `>`
/// in the gutter, whoever draws an error also says "error".
public struct Style: Equatable, Hashable, Sendable {
    public var role: Role
    public var attributes: TextAttributes

    public init(_ role: Role, _ attributes: TextAttributes = []) {
        self.role = role
        self.attributes = attributes
    }

    /// The same role on the selected row.
    public var onSelection: Style { Style(role, attributes.union(.reverse)) }

    /// The same style with `more` attributes.
    public func with(_ more: TextAttributes) -> Style { Style(role, attributes.union(more)) }

    public static let normal = Style(.normal)
    public static let title = Style(.title)
    public static let header = Style(.header)
    public static let dim = Style(.dim)
    public static let error = Style(.error)
    public static let warning = Style(.warning)
    public static let success = Style(.success)
    public static let selected = Style(.selected)
    public static let match = Style(.match)
    public static let marked = Style(.marked)
    public static let border = Style(.border)
    public static let status = Style(.status)
    public static let keyHint = Style(.keyHint)
    public static let breadcrumb = Style(.breadcrumb)
    public static let roleUser = Style(.roleUser)
    public static let roleAssistant = Style(.roleAssistant)
    public static let roleSystem = Style(.roleSystem)
    public static let roleTool = Style(.roleTool)
    public static let code = Style(.code)
    public static let heading = Style(.heading)
    public static let link = Style(.link)
    public static let jsonKey = Style(.jsonKey)
    public static let jsonString = Style(.jsonString)
    public static let jsonNumber = Style(.jsonNumber)
    public static let jsonLiteral = Style(.jsonLiteral)
    public static let added = Style(.added)
    public static let removed = Style(.removed)
}
