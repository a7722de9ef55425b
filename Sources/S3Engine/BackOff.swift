/// How long to wait before the next attempt: at random up to a bound that
/// doubles, so that many clients do not come back at the same moment.
///
/// Source: "Exponential Backoff And Jitter", AWS Architecture Blog, "full jitter".
struct BackOff {
    let first: Duration
    let longest: Duration

    /// - Parameters:
    ///   - attempt: 1 after the first failure.
    ///   - asked: what the server asked for by `Retry-After`, in seconds.
    func wait(
        after attempt: Int, asked: Int? = nil, using generator: inout some RandomNumberGenerator
    ) -> Duration {
        let bound = min(longest, first * (1 << min(max(0, attempt - 1), 20)))
        let parts = bound.components
        let nanoseconds = parts.seconds * 1_000_000_000 + parts.attoseconds / 1_000_000_000
        let random = Duration.nanoseconds(Int64.random(in: 0...max(0, nanoseconds), using: &generator))
        return asked.map { max(random, .seconds(min(max(0, $0), 3600))) } ?? random
    }
}
