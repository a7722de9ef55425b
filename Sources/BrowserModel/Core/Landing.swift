/// Where what was found comes to stand on the screen, alike wherever there is something to be found: what is on
/// the screen already stays where it is, anything else comes a third of the screen below its top.
enum Landing {
    static func linesAbove(_ height: Int) -> Int { max(0, height) / 3 }

    /// The row to be at the top so that another one is seen.
    static func top(for row: Int, from top: Int, height: Int) -> Int {
        row >= top && row < top + height ? top : row - linesAbove(height)
    }
}
