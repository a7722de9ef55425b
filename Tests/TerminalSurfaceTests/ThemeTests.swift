import TerminalSurface
import Testing

@Suite struct ThemeTests {
    @Test func `without colour nothing is coloured and what must stand out still does`() {
        for role in Role.allCases { #expect(Theme.plain.look(of: Style(role)).foreground == nil) }
        for role in [Role.title, .error, .warning, .selected, .match, .marked, .keyHint, .dim, .roleUser] {
            #expect(Theme.plain.look(of: Style(role)).attributes != [], "\(role)")
        }
    }

    @Test(arguments: Role.allCases)
    func `selection is reverse in every depth and differs from the row at rest`(_ role: Role) {
        for depth in ColorDepth.allCases {
            let theme = Theme(depth: depth)
            #expect(theme.look(of: Style(role).onSelection).attributes.contains(.reverse))
            if role != .selected && role != .status {
                #expect(theme.look(of: Style(role).onSelection) != theme.look(of: Style(role)))
            }
        }
    }

    @Test(arguments: [Role.dim, .border, .code])
    func `faint text is grey or dim, never both, and is no patch in the selection`(_ role: Role) {
        for depth in ColorDepth.allCases {
            let look = Theme(depth: depth).look(of: Style(role))
            #expect(look.foreground == nil || !look.attributes.contains(.dim))
            #expect(
                Theme(depth: depth).look(of: Style(role).onSelection)
                    == Theme(depth: depth).look(of: Style.normal.onSelection))
        }
    }

    @Test func `eight colours use the eight palette entries only`() {
        for role in Role.allCases { #expect((Theme(depth: .eight).look(of: Style(role)).foreground ?? 0) < 8) }
    }
}
