internal import StoredRecords
internal import Synchronization

/// Gathers what a search tells, so that a source with very many hits does not
/// fill the mailbox with an event for each: the first is handed on at once,
/// what follows soon after it together.
final class NewsBatches: Sendable {
    private struct State {
        var news: [SearchNews] = []
        var looked = SearchedAmount()
        var isWaiting = false
        var isEnded = false
    }

    /// How long news wait for more of them.
    private static let pause = Duration.milliseconds(50)
    /// News that are handed on without waiting.
    private static let most = 500

    private let state = Mutex(State())
    private let deliver: @Sendable ([SearchNews]) -> Void

    init(_ deliver: @escaping @Sendable ([SearchNews]) -> Void) {
        self.deliver = deliver
    }

    func add(_ news: SearchNews) -> StreamControl {
        let (starts, ready, isEnded) = state.withLock { state -> (Bool, [SearchNews], Bool) in
            if state.isEnded { return (false, [], true) }
            if case .looked(let amount) = news {
                state.looked += amount
            } else {
                state.news.append(news)
            }
            let starts = !state.isWaiting
            state.isWaiting = true
            return (starts, starts || state.news.count >= Self.most ? Self.take(&state) : [], false)
        }
        if isEnded { return .stop }
        if !ready.isEmpty { deliver(ready) }
        if starts {
            Task.detached {
                // Cut short or not, what has come is handed on.
                try? await Task.sleep(for: Self.pause)
                self.flush()
            }
        }
        return .more
    }

    /// Hands on what is left and takes no more.
    func end() {
        let rest = state.withLock { state in
            state.isEnded = true
            return Self.take(&state)
        }
        if !rest.isEmpty { deliver(rest) }
    }

    private func flush() {
        let ready = state.withLock { state in
            state.isWaiting = false
            return state.isEnded ? [] : Self.take(&state)
        }
        if !ready.isEmpty { deliver(ready) }
    }

    private static func take(_ state: inout State) -> [SearchNews] {
        var news = state.news
        if state.looked != SearchedAmount() { news.append(.looked(state.looked)) }
        state.news = []
        state.looked = SearchedAmount()
        return news
    }
}
