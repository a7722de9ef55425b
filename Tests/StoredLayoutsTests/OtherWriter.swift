/// Another program that writes beside the test, as often as the test tells it to.
struct OtherWriter {
    /// How a test's own try meets what the other writes.
    enum Meeting: CaseIterable {
        /// At the same time, so that either may come first.
        case race
        /// The other has ended when the try begins.
        case before
        /// The other writes between the try's look and its change.
        case between

        /// Of twenty tries in a row all but two are races.
        init(try number: Int) {
            self = number % 20 == 9 ? .before : number % 20 == 19 ? .between : .race
        }
    }

    private let turn: AsyncStream<Void>.Continuation
    private var ends: AsyncStream<Void>.AsyncIterator
    private let work: Task<Void, any Error>
    /// How often it was told to write.
    private(set) var told = 0
    private var ended = 0

    /// - Parameter write: one turn of the other program; its argument counts the turns from 0.
    init(_ write: @escaping @Sendable (_ turn: Int) throws -> Void) {
        let (turns, turn) = AsyncStream.makeStream(of: Void.self)
        let (ends, end) = AsyncStream.makeStream(of: Void.self)
        self.turn = turn
        self.ends = ends.makeAsyncIterator()
        work = Task.detached {
            defer { end.finish() }
            var count = 0
            for await _ in turns {
                try write(count)
                count += 1
                end.yield()
            }
        }
    }

    /// Lets it write once, without waiting for that.
    mutating func write() {
        told += 1
        turn.yield()
    }

    /// Waits until it has written as often as it was told to.
    mutating func settle() async throws {
        while ended < told {
            // It ends early only by a failure.
            guard await ends.next() != nil else { return try await work.value }
            ended += 1
        }
    }

    /// Ends it behind its last turn.
    func end() async throws {
        turn.finish()
        try await work.value
    }
}
