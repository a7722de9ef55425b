/// How many colours a terminal can show.
public enum ColorDepth: Sendable, CaseIterable {
    case none, eight, twoHundredFiftySix
}

/// What a style becomes on one terminal: colour numbers and attributes.
public struct Look: Equatable, Sendable {
    /// Palette index; nil is the terminal's own foreground.
    public var foreground: UInt8?
    public var attributes: TextAttributes

    public init(foreground: UInt8? = nil, attributes: TextAttributes = []) {
        self.foreground = foreground
        self.attributes = attributes
    }
}

/// Maps roles to looks for one colour depth.
///
/// Only foregrounds are coloured, on the terminal's own background, and the
/// 256-colour palette uses middle tones, so that light and dark terminals both
/// stay readable. Without colour every role that needs to stand out still has
/// an attribute of its own.
public struct Theme: Equatable, Sendable {
    public let depth: ColorDepth

    public init(depth: ColorDepth) {
        self.depth = depth
    }

    public static let plain = Theme(depth: .none)

    /// The look of `style`, its own attributes included.
    public func look(of style: Style) -> Look {
        var look = Look(foreground: color(of: style.role), attributes: attributes(of: style.role))
        if look.attributes.contains(.reverse), style.attributes.contains(.reverse) {
            // A match or a marked word inside the selection must not cancel out to plain reverse.
            look.attributes.insert(.underline)
        }
        look.attributes.formUnion(style.attributes)
        if look.attributes.contains(.reverse) {
            // Reversed, a faint colour would be a patch in the bar of the selection.
            look.attributes.remove(.dim)
            if Self.isFaint(style.role) { look.foreground = nil }
        } else if look.foreground != nil, Self.isFaint(style.role) {
            // A grey is faint enough by itself.
            look.attributes.remove(.dim)
        }
        return look
    }

    private func attributes(of role: Role) -> TextAttributes {
        switch role {
        case .normal, .border, .jsonString, .jsonNumber, .added, .success: []
        case .title, .heading, .breadcrumb, .keyHint, .error, .warning, .marked: .bold
        case .header: [.bold, .underline]
        case .dim, .code, .jsonLiteral: .dim
        case .selected, .status: .reverse
        case .match: [.reverse, .bold]
        case .roleUser, .roleAssistant, .roleSystem, .roleTool, .jsonKey: .bold
        case .link, .removed: .underline
        }
    }

    private static func isFaint(_ role: Role) -> Bool {
        switch role {
        case .dim, .border, .code: true
        default: false
        }
    }

    private func color(of role: Role) -> UInt8? {
        switch depth {
        case .none: nil
        case .eight: Self.eight(role)
        case .twoHundredFiftySix: Self.many(role)
        }
    }

    private static func eight(_ role: Role) -> UInt8? {
        switch role {
        case .error, .removed: 1
        case .success, .added, .roleAssistant, .jsonString: 2
        case .warning, .marked, .match: 3
        case .roleUser, .heading, .link: 4
        case .roleTool, .jsonNumber, .jsonLiteral: 5
        case .title, .keyHint, .breadcrumb, .jsonKey: 6
        case .normal, .header, .dim, .selected, .border, .status, .roleSystem, .code: nil
        }
    }

    private static func many(_ role: Role) -> UInt8? {
        switch role {
        case .error, .removed: 160
        case .success, .added, .roleAssistant, .jsonString: 65
        case .warning, .marked, .match: 136
        case .roleUser, .heading, .link: 32
        case .roleTool, .jsonNumber, .jsonLiteral: 133
        case .title, .keyHint, .breadcrumb, .jsonKey: 31
        case .dim, .border, .code: 244
        case .normal, .header, .selected, .status, .roleSystem: nil
        }
    }
}
