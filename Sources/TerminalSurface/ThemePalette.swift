/// The palette indices of one theme, by how many colours there are.
///
/// The 256-colour ones keep a contrast of 4.5 to 1 to the background they are
/// made for, the middle tones of `either` one of 3 to 1 to black and to white.
/// The lower sixteen are the terminal's own, of which only the kind is known:
/// on light backgrounds yellow and cyan are left out, on dark ones blue.
enum ThemePalette {
    case either, dark, light

    func color(_ role: Role, _ depth: ColorDepth) -> UInt8? {
        switch (self, depth) {
        case (_, .none): nil
        case (.either, .eight), (.either, .sixteen): Self.eightForEither(role)
        case (.either, .twoHundredFiftySix): Self.manyForEither(role)
        case (.dark, .eight): Self.eightForDark(role)
        // The bright half is made for dark backgrounds.
        case (.dark, .sixteen): Self.eightForDark(role).map { $0 + 8 } ?? (role.isFaint ? 8 : nil)
        case (.dark, .twoHundredFiftySix): Self.manyForDark(role)
        case (.light, .eight), (.light, .sixteen): Self.eightForLight(role)
        case (.light, .twoHundredFiftySix): Self.manyForLight(role)
        }
    }

    private static func eightForEither(_ role: Role) -> UInt8? {
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

    private static func manyForEither(_ role: Role) -> UInt8? {
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

    private static func eightForDark(_ role: Role) -> UInt8? {
        switch eightForEither(role) {
        case 4: 6
        case let color: color
        }
    }

    private static func manyForDark(_ role: Role) -> UInt8? {
        switch manyForEither(role) {
        case 160: 203
        case 65: 114
        case 136: 221
        case 32: 111
        case 133: 176
        case 31: 80
        case 244: 246
        case let color: role == .roleSystem ? 180 : color
        }
    }

    private static func eightForLight(_ role: Role) -> UInt8? {
        switch eightForEither(role) {
        case 3: 5
        case 6: 4
        case let color: color
        }
    }

    private static func manyForLight(_ role: Role) -> UInt8? {
        switch manyForEither(role) {
        case 65: 28
        case 136: 94
        case 32: 26
        case 133: 127
        case 31: 24
        case 244: 242
        case let color: role == .roleSystem ? 95 : color
        }
    }
}
