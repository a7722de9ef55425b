import TerminalSurface
import Testing

@testable import BrowserProgram

@Suite("Sizes that follow each other")
struct ResizePaceTests {
    @Test("The first is taken at once, of those within a frame's time only the last, and the last of all always")
    func storm() {
        var pace = ResizePace()
        var taken: [Int] = []
        func take(at now: Int64) {
            if let size = pace.take(at: now) { taken.append(size.width) }
        }
        for step in 0..<200 {
            pace.offer(GridSize(width: step + 1, height: 24))
            take(at: Int64(step) * 5)
        }
        #expect(taken.first == 1)
        #expect(taken.count <= 32)
        #expect(taken.last != 200)
        let left = pace.wait(at: 995)
        #expect(pace.isWaiting && left.map { $0 > 0 && $0 <= ResizePace.milliseconds } == true)
        take(at: 995 + (left ?? 0))
        #expect(taken.last == 200)
        #expect(!pace.isWaiting && pace.wait(at: 2000) == nil)
    }

    @Test("A key that is typed meanwhile meets the size that is there")
    func urgent() {
        var pace = ResizePace()
        pace.offer(GridSize(width: 80, height: 24))
        #expect(pace.take(at: 0) == GridSize(width: 80, height: 24))
        pace.offer(GridSize(width: 81, height: 24))
        #expect(pace.take(at: 1) == nil)
        #expect(pace.take(at: 1, isUrgent: true) == GridSize(width: 81, height: 24))
        #expect(pace.take(at: 100, isUrgent: true) == nil)
    }
}
