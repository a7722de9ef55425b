import CNcurses
import Glibc
import TerminalSurface
import TestSupport
import Testing

@Suite(.blocks) struct WidthAgreementTests {
    @Test func `our widths are those curses measures by, for every character it knows`() {
        #expect(setlocale(LC_CTYPE, "C.UTF-8") != nil)
        var disagreements: [String] = []
        for value in UInt32(0xA0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let properties = scalar.properties
            // Shown as their number, so never measured.
            if properties.generalCategory == .unassigned || properties.isDefaultIgnorableCodePoint { continue }
            let theirs = ctx_curses_columns(value)
            if theirs < 0 || theirs == Int32(CharacterWidth.columns(of: scalar)) { continue }
            disagreements.append(String(value, radix: 16) + "=\(theirs)")
        }
        #expect(disagreements == [])
    }
}
