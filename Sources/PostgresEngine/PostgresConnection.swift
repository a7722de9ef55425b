internal import CPostgres
internal import EngineCore
internal import Glibc
internal import StoredRecords

/// One connection to the server; used only on the lane of its session.
///
/// No call blocks: every wait is a `poll` of the socket and of the session's
/// wake signal, so that it ends as soon as nobody waits for the job.
final class PostgresConnection: @unchecked Sendable {
    let handle: OpaquePointer
    let place: String
    let purpose: Purpose
    private let wake: WakeSignal
    /// The job that is served.
    var job: LaneJob?
    /// Numbers the cursors of transactions.
    var cursors = 0
    /// The SQLSTATE of the statement that failed last; empty where none has.
    private(set) var lastFailure = ""

    /// - Parameter handle: of an attempt to connect that has just begun.
    init(handle: OpaquePointer, place: String, purpose: Purpose, wake: WakeSignal, job: LaneJob?) {
        self.handle = handle
        self.place = place
        self.purpose = purpose
        self.wake = wake
        self.job = job
        ctx_pg_silence(handle)
    }

    deinit {
        // The server would not look at a closed connection before it has a row to send.
        if PQtransactionStatus(handle) == PQTRANS_ACTIVE { _ = CancelRequest(handle)?.start() }
        PQfinish(handle)
    }

    // MARK: State

    /// Whether the next statement can be sent.
    var isIdle: Bool {
        !isSpent && PQstatus(handle) == CONNECTION_OK && PQtransactionStatus(handle) == PQTRANS_IDLE
    }

    /// Whether it may still hold what only its end gives back.
    var isSpent = false

    var isLost: Bool { PQstatus(handle) != CONNECTION_OK }

    /// The server's version as libpq numbers it: 150004 is 15.4.
    var version: Int { Int(PQserverVersion(handle)) }

    var isInTransaction: Bool {
        let state = PQtransactionStatus(handle)
        return state == PQTRANS_INTRANS || state == PQTRANS_INERROR
    }

    /// Takes in what the server said while nothing was asked; a server that has
    /// ended the connection said that.
    func takeInRemarks() {
        for _ in 0..<16 {
            var socket = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
            guard !isLost, poll(&socket, 1, 0) > 0, PQconsumeInput(handle) == 1 else { return }
            _ = PQisBusy(handle)
        }
    }

    // MARK: Waiting

    func requireWaiting(_ operation: String) throws(StorageError) {
        try job?.check(operation, place: place)
    }

    /// Waits until the socket, or another descriptor, is ready.
    func wait(for events: Int32, on descriptor: Int32? = nil, _ operation: String) throws(StorageError) {
        while true {
            try requireWaiting(operation)
            let socket = descriptor ?? PQsocket(handle)
            guard socket >= 0 else { throw lost(operation) }
            var ready = [
                pollfd(fd: socket, events: Int16(events), revents: 0),
                pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0),
            ]
            let count = poll(&ready, nfds_t(ready.count), -1)
            if count < 0, errno != EINTR { throw lost(operation) }
            if count > 0, ready[0].revents != 0 { return }
            if count > 0, ready[1].revents != 0 {
                wake.clear()
                try requireWaiting(operation)
            }
        }
    }

    /// The failure of a connection that is no more.
    func lost(_ operation: String) -> StorageError {
        PostgresFailure(state: "", message: "").error(operation, place: place)
    }

    // MARK: Statements

    /// Runs fixed statements that return nothing of interest.
    func run(_ text: String, _ operation: String) throws(StorageError) {
        try requireWaiting(operation)
        guard PQsendQuery(handle, text) == 1 else { throw lost(operation) }
        try results(operation) { _ in .more }
    }

    /// Hands over every row of a statement.
    /// - Parameter isReading: refuse a statement that is none of reading.
    func stream(
        _ statement: PostgresStatement, isReading: Bool, _ operation: String,
        _ receive: (Row) throws(StorageError) -> StreamControl
    ) throws(StorageError) {
        try send(statement, operation)
        guard PQsetSingleRowMode(handle) == 1 else { throw lost(operation) }
        var shape: PostgresResult.Shape?
        try results(operation) { result throws(StorageError) in
            switch result.status {
            case PGRES_SINGLE_TUPLE, PGRES_TUPLES_OK:
                if isReading, result.status == PGRES_TUPLES_OK, Self.isChanging(result.command) {
                    throw changing(operation)
                }
                let known = shape ?? result.shape
                shape = known
                for index in 0..<result.count {
                    if try receive(result.row(index, known)) == .stop { return .stop }
                    try requireWaiting(operation)
                }
            case PGRES_EMPTY_QUERY:
                throw StorageError(
                    .invalid, operation: operation, place: place, reason: "the text is not exactly one statement")
            default:
                if isReading { throw changing(operation) }
            }
            return .more
        }
    }

    func query(
        _ statement: PostgresStatement, isReading: Bool, _ operation: String
    ) throws(StorageError) -> [Row] {
        var rows: [Row] = []
        try stream(statement, isReading: isReading, operation) { row in
            rows.append(row)
            return .more
        }
        return rows
    }

    /// Runs a changing statement and returns the number of rows it changed.
    func execute(_ statement: PostgresStatement, _ operation: String) throws(StorageError) -> Int {
        var changed = 0
        try send(statement, operation)
        try results(operation) { result throws(StorageError) in
            changed = result.changed
            return .more
        }
        return changed
    }

    /// The name of the command a statement came to, such as `COMMIT`.
    func command(_ text: String, _ operation: String) throws(StorageError) -> String {
        try requireWaiting(operation)
        guard PQsendQuery(handle, text) == 1 else { throw lost(operation) }
        var name = ""
        try results(operation) { result in
            name = result.command
            return .more
        }
        return name
    }

    private func changing(_ operation: String) -> StorageError {
        StorageError(.invalid, operation: operation, place: place, reason: "the statement changes the database")
    }

    private static func isChanging(_ command: String) -> Bool {
        ["INSERT", "UPDATE", "DELETE", "MERGE"].contains { command.hasPrefix($0) }
    }

    // MARK: Exchange

    private func send(_ statement: PostgresStatement, _ operation: String) throws(StorageError) {
        try requireWaiting(operation)
        guard statement.send(over: handle) else { throw lost(operation) }
    }

    /// Takes in all results of what was sent. The receiver may stop early; the
    /// connection is ready for the next statement in any case, or given up.
    private func results(
        _ operation: String, _ receive: (PostgresResult) throws(StorageError) -> StreamControl
    ) throws(StorageError) {
        try flush(operation)
        var failure: StorageError?
        while let result = try next(operation) {
            if let reported = result.failure {
                lastFailure = reported.state
                let isRefusedChange = purpose == .reading && reported.state == PostgresFailure.readOnlySession
                failure =
                    failure ?? (isRefusedChange ? changing(operation) : reported.error(operation, place: place))
            } else if failure == nil {
                guard !result.isCopy else { throw changing(operation) }
                do throws(StorageError) {
                    if try receive(result) == .more { continue }
                } catch {
                    failure = error
                }
                // Nobody waits any more: giving the connection up ends the statement too.
                if job?.isAbandoned != true { try breakOff(operation) }
                break
            }
        }
        if let failure { throw failure }
    }

    private func flush(_ operation: String) throws(StorageError) {
        while true {
            switch PQflush(handle) {
            case 0: return
            case 1:
                // The server may have to be heard before it takes more.
                try wait(for: POLLIN | POLLOUT, operation)
                guard PQconsumeInput(handle) == 1 else { return }
            default: return
            }
        }
    }

    /// The next result; `nil` behind the last one.
    private func next(_ operation: String) throws(StorageError) -> PostgresResult? {
        while PQisBusy(handle) == 1 {
            try wait(for: POLLIN, operation)
            // Failing, it leaves a result that says why.
            if PQconsumeInput(handle) == 0 { break }
        }
        return PQgetResult(handle).map { PostgresResult($0) }
    }

    /// Ends the statement, if it has not ended, and drops the rest of its results.
    private func breakOff(_ operation: String) throws(StorageError) {
        while PQisBusy(handle) == 0 {
            guard let rest = PQgetResult(handle) else { return }
            PQclear(rest)
        }
        let request = CancelRequest(handle)
        let isAsked = request?.start() ?? false
        while try next(operation) != nil {}
        // A request that is still on its way would end the next statement instead.
        if let request, isAsked { try wait(for: POLLIN, on: request.done.descriptor, operation) }
    }
}
