/// How many colours a terminal can show.
public enum ColorDepth: Sendable, CaseIterable {
    case none, eight, sixteen, twoHundredFiftySix
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
/// Only foregrounds are coloured, on the terminal's own background. Without
/// colour every role that needs to stand out still has an attribute of its own.
public struct Theme: Equatable, Sendable {
    public let depth: ColorDepth
    public let name: ThemeName
    /// `nil` without colours.
    private let palette: ThemePalette?

    /// - Parameter background: what the terminal says of its background, as
    ///   `COLORFGBG` has it; decides for `auto`.
    public init(depth: ColorDepth, name: ThemeName = .auto, background: String? = nil) {
        self.depth = name == .none ? .none : depth
        self.name = name
        switch name {
        case .none: palette = nil
        case .dark: palette = .dark
        case .light: palette = .light
        case .auto:
            palette =
                switch background.flatMap(Self.isLight) {
                case true?: .light
                case false?: .dark
                case nil: .either
                }
        }
    }

    public static let plain = Theme(depth: .none)

    /// Whether the last number of `15;0` is a light colour; `nil` when it is none.
    private static func isLight(_ text: String) -> Bool? {
        guard let last = text.split(separator: ";").last, let color = Int(last), (0...15).contains(color) else {
            return nil
        }
        return color == 7 || color >= 9
    }

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
            if style.role.isFaint { look.foreground = nil }
        } else if look.foreground != nil, style.role.isFaint {
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

    private func color(of role: Role) -> UInt8? {
        palette?.color(role, depth)
    }
}

extension Role {
    /// Whether it stands back behind what is around it.
    var isFaint: Bool {
        switch self {
        case .dim, .border, .code: true
        default: false
        }
    }
}
