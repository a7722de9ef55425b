import TerminalSurface

/// The numbers of `ESC [ < code ; column ; row M`.
struct MouseReport {
    let code: Int
    let position: GridPosition

    init?(_ parameters: ArraySlice<UInt8>) {
        let numbers = parameters.split(separator: 0x3B).compactMap { Int(String(decoding: $0, as: UTF8.self)) }
        guard numbers.count == 3, numbers[1] >= 1, numbers[2] >= 1 else { return nil }
        code = numbers[0]
        position = GridPosition(row: numbers[2] - 1, column: numbers[1] - 1)
    }

    /// The button pressed; nil for movement and buttons without a meaning here.
    var button: MousePress.Button? {
        // Bits 2 to 4 hold shift, meta and control.
        switch code & ~0b1_1100 {
        case 0: .left
        case 1: .middle
        case 2: .right
        case 64: .wheelUp
        case 65: .wheelDown
        default: nil
        }
    }
}
