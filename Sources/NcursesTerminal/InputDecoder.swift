import TerminalSurface

/// Turns the bytes a terminal sends into keys, pastes and mouse presses.
///
/// A pure value: bytes go in as they arrive, cut anywhere, and events come out
/// as soon as they are whole. An escape that could still begin a sequence waits
/// until more arrives or `flush` says that nothing more will.
///
/// Sequences follow ECMA-48 and the xterm control sequences
/// (https://invisible-island.net/xterm/ctlseqs/ctlseqs.html); those of the
/// terminal description come first.
struct InputDecoder {
    private let sequences: [[UInt8]: KeyPress]
    private let isUnicode: Bool
    private var pending: [UInt8] = []
    private var paste: [UInt8]?
    /// Whether the terminal has said that it knows synchronized output; `nil` before its answer.
    private(set) var knowsSynchronized: Bool?
    private var clicked: (position: GridPosition, button: Int)?

    private static let escape: UInt8 = 0x1B
    private static let pasteEnd: [UInt8] = Array("\u{1B}[201~".utf8)
    /// No key sends a longer sequence; what is longer is not waited for.
    private static let longestSequence = 64

    init(sequences: [[UInt8]: KeyPress] = [:], isUnicode: Bool = true) {
        self.sequences = sequences
        self.isUnicode = isUnicode
    }

    /// Whether an escape or part of a character waits for the rest of it.
    var isWaiting: Bool { !pending.isEmpty && paste == nil }

    mutating func feed(_ bytes: some Sequence<UInt8>) -> [TerminalEvent] {
        let bytes = Array(bytes)
        if let lost = paste, bytes == [0x03] {
            // A paste arrives in large pieces, so a lone Ctrl-C is a person facing one whose end was lost.
            reset()
            return [.paste(Self.pastedText(lost)), .key(.control("c"))]
        }
        pending.append(contentsOf: bytes)
        return decode(isComplete: false)
    }

    /// Takes what waits for what it is now: an escape is the Esc key.
    mutating func flush() -> [TerminalEvent] {
        decode(isComplete: true)
    }

    mutating func reset() {
        pending = []
        paste = nil
    }

    private mutating func decode(isComplete: Bool) -> [TerminalEvent] {
        var events: [TerminalEvent] = []
        var rest = pending[...]
        while !rest.isEmpty {
            if paste != nil {
                if !takePaste(&rest, &events) { break }
                continue
            }
            switch Self.step(rest, sequences, isUnicode: isUnicode, isComplete: isComplete) {
            case .more:
                pending = Array(rest)
                return events
            case .key(let key, let count):
                events.append(.key(key))
                rest = rest.dropFirst(count)
            case .skip(let count):
                rest = rest.dropFirst(count)
            case .pasteBegins(let count):
                paste = []
                rest = rest.dropFirst(count)
            case .mode(let number, let state, let count):
                // 1 is on, 2 is off; everything else is not known or cannot be changed.
                if number == TerminalModes.synchronizedNumber { knowsSynchronized = state == 1 || state == 2 }
                rest = rest.dropFirst(count)
            case .mouse(let report, let count):
                if let press = press(report) { events.append(.mouse(press)) }
                rest = rest.dropFirst(count)
            }
        }
        pending = Array(rest)
        return events
    }

    /// Moves bytes into the paste; false when its end has not arrived.
    private mutating func takePaste(_ rest: inout ArraySlice<UInt8>, _ events: inout [TerminalEvent]) -> Bool {
        var text = paste ?? []
        var index = rest.startIndex
        while index < rest.endIndex {
            if rest[index] == Self.escape {
                let tail = rest[index...].prefix(Self.pasteEnd.count)
                if Array(tail) == Self.pasteEnd {
                    rest = rest[(index + Self.pasteEnd.count)...]
                    paste = nil
                    events.append(.paste(Self.pastedText(text)))
                    return true
                }
                if tail.count < Self.pasteEnd.count && Self.pasteEnd.starts(with: tail) { break }
            }
            text.append(rest[index])
            index += 1
        }
        paste = text
        rest = rest[index...]
        return false
    }

    /// Terminals send a pasted newline as a carriage return.
    private static func pastedText(_ bytes: [UInt8]) -> String {
        var result: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            if byte == 0x0A && index > 0 && bytes[index - 1] == 0x0D { continue }
            result.append(byte == 0x0D ? 0x0A : byte)
        }
        return String(decoding: result, as: UTF8.self)
    }

    private mutating func press(_ report: MouseReport) -> MousePress? {
        guard let button = report.button else { return nil }
        let isSame = clicked.map { $0.position == report.position && $0.button == report.code } ?? false
        // Two presses at one place open what is there; a third starts anew.
        clicked = isSame ? nil : (report.position, report.code)
        return MousePress(button, at: report.position, isDoubleClick: isSame && button == .left)
    }
}

extension InputDecoder {
    fileprivate enum Step {
        case more
        case key(KeyPress, Int)
        case skip(Int)
        case pasteBegins(Int)
        case mouse(MouseReport, Int)
        /// The state of a private mode, as the terminal was asked for it.
        case mode(Int, state: Int, Int)
    }

    fileprivate static func step(
        _ bytes: ArraySlice<UInt8>, _ sequences: [[UInt8]: KeyPress], isUnicode: Bool, isComplete: Bool
    ) -> Step {
        guard let first = bytes.first else { return .more }
        guard first == escape else {
            return character(bytes, isUnicode: isUnicode, isComplete: isComplete)
        }
        for length in stride(from: min(bytes.count, 10), to: 1, by: -1) {
            if let key = sequences[Array(bytes.prefix(length))] { return .key(key, length) }
        }
        guard let second = bytes.dropFirst().first else {
            return isComplete ? .key(KeyPress(.escape), 1) : .more
        }
        switch second {
        case 0x5B where bytes.count > 2 || !isComplete: return controlSequence(bytes, isComplete: isComplete)
        case 0x4F where bytes.count > 2 || !isComplete: return singleShift(bytes)
        case escape:
            // Esc before a sequence is Alt; Esc twice is Esc twice.
            let inner = step(bytes.dropFirst(), sequences, isUnicode: isUnicode, isComplete: isComplete)
            if case .key(let key, let count) = inner, key.key != .escape {
                return .key(KeyPress(key.key, key.modifiers.union(.alt)), count + 1)
            }
            if case .more = inner { return .more }
            return .key(KeyPress(.escape), 1)
        default:
            let inner = character(bytes.dropFirst(), isUnicode: isUnicode, isComplete: isComplete)
            if case .key(let key, let count) = inner {
                return .key(KeyPress(key.key, key.modifiers.union(.alt)), count + 1)
            }
            if case .more = inner { return .more }
            return .key(KeyPress(.escape), 1)
        }
    }

    /// A control character or a character of the locale's encoding.
    private static func character(_ bytes: ArraySlice<UInt8>, isUnicode: Bool, isComplete: Bool) -> Step {
        guard let first = bytes.first else { return .more }
        switch first {
        case 0x00: return .key(.control(" "), 1)
        case 0x08, 0x7F: return .key(KeyPress(.backspace), 1)
        case 0x09: return .key(KeyPress(.tab), 1)
        case 0x0A, 0x0D: return .key(KeyPress(.enter), 1)
        case 0x01...0x1A: return .key(.control(Character(Unicode.Scalar(first + 0x60))), 1)
        case 0x1C...0x1F: return .key(.control(Character(Unicode.Scalar(first + 0x40))), 1)
        case 0x20..<0x7F: return .key(KeyPress(Character(Unicode.Scalar(first))), 1)
        default: break
        }
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        guard isUnicode, (0xC2...0xF4).contains(first) else { return .key(KeyPress("\u{FFFD}"), 1) }
        let continuation = bytes.dropFirst().prefix(length - 1).prefix { $0 & 0xC0 == 0x80 }
        if continuation.count < length - 1 {
            if bytes.count == 1 + continuation.count && !isComplete { return .more }
            return .key(KeyPress("\u{FFFD}"), 1 + continuation.count)
        }
        let text = String(decoding: bytes.prefix(length), as: UTF8.self)
        // A C1 control is no character anyone typed.
        if first == 0xC2, let last = continuation.first, last < 0xA0 { return .skip(length) }
        return .key(KeyPress(text.first ?? "\u{FFFD}"), length)
    }

    /// `ESC [ parameters final`.
    private static func controlSequence(_ bytes: ArraySlice<UInt8>, isComplete: Bool) -> Step {
        let body = bytes.dropFirst(2)
        if body.first == 0x5B {
            // The Linux console sends F1 to F5 as ESC [ [ A to E.
            guard let final = body.dropFirst().first else { return isComplete ? .skip(bytes.count) : .more }
            guard (0x41...0x45).contains(final) else { return .skip(4) }
            return .key(KeyPress(.function(Int(final) - 0x40)), 4)
        }
        guard let end = body.firstIndex(where: { !(0x20...0x3F).contains($0) }) else {
            return isComplete || bytes.count > longestSequence ? .skip(bytes.count) : .more
        }
        let count = end - bytes.startIndex + 1
        let final = body[end]
        guard (0x40...0x7E).contains(final) else {
            // Not a sequence after all; what interrupted it is taken by itself.
            return .skip(count - 1)
        }
        let parameters = body[..<end]
        if parameters.first == 0x3C && (final == 0x4D || final == 0x6D) {
            guard final == 0x4D, let report = MouseReport(parameters.dropFirst()) else { return .skip(count) }
            return .mouse(report, count)
        }
        if parameters.first == 0x3F, final == 0x79, parameters.last == 0x24 {
            let numbers = parameters.dropFirst().dropLast().split(separator: 0x3B).compactMap {
                Int(String(decoding: $0, as: UTF8.self))
            }
            return numbers.count == 2 ? .mode(numbers[0], state: numbers[1], count) : .skip(count)
        }
        // Other private parameters mark the terminal's answers to questions nobody asked.
        if let first = parameters.first, (0x3C...0x3F).contains(first) { return .skip(count) }
        let numbers = parameters.split(separator: 0x3B, omittingEmptySubsequences: false).map {
            Int(String(decoding: $0.prefix { $0 != 0x3A }, as: UTF8.self))
        }
        if final == 0x7E && numbers.first == 200 { return .pasteBegins(count) }
        guard let key = KeySequence.key(final: final, numbers: numbers) else { return .skip(count) }
        return .key(key, count)
    }

    /// `ESC O final`, with the modifier number some terminals put before the final.
    private static func singleShift(_ bytes: ArraySlice<UInt8>) -> Step {
        guard let final = bytes.dropFirst(2).first else { return .more }
        if (0x31...0x39).contains(final) {
            guard let last = bytes.dropFirst(3).first else { return .more }
            guard let key = KeySequence.key(final: last, numbers: [1, Int(final) - 0x30]) else { return .skip(4) }
            return .key(key, 4)
        }
        if let key = KeySequence.key(singleShift: final) { return .key(key, 3) }
        return .key(.alt("O"), 2)
    }
}
