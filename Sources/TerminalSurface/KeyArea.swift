/// A place on the screen that stands for a key: a tab, a button, a key named in the last line.
public struct KeyArea: Equatable, Sendable {
    public var rect: Rect
    public var key: KeyPress

    public init(_ rect: Rect, _ key: KeyPress) {
        self.rect = rect
        self.key = key
    }
}

extension CellGrid {
    /// The key that a click at a place stands for.
    public func key(at position: GridPosition) -> KeyPress? {
        keyAreas.last { $0.rect.contains(row: position.row, column: position.column) }?.key
    }

    /// What an event means on this screen: a click on what stands for a key is that key.
    ///
    /// - Returns: `nil` for the second half of a double click there, whose first half was the key already.
    public func meaning(of event: TerminalEvent) -> TerminalEvent? {
        guard case .mouse(let press) = event, press.button == .left, let key = key(at: press.position) else {
            return event
        }
        return press.isDoubleClick ? nil : .key(key)
    }
}
