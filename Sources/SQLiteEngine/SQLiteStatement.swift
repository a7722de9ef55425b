internal import CSQLite
internal import EngineCore
internal import StoredRecords

/// One prepared statement of a connection.
final class SQLiteStatement {
    let text: String
    private let handle: OpaquePointer
    // The cache of the connection owns its statements, and they end before it does.
    private unowned let connection: SQLiteConnection
    private var columns: [String]?

    init(_ text: String, connection: SQLiteConnection, _ operation: String) throws(StorageError) {
        var prepared: OpaquePointer?
        var hasMore = false
        let code = text.utf8CString.withUnsafeBufferPointer { buffer -> Int32 in
            var tail: UnsafePointer<CChar>?
            let code = sqlite3_prepare_v3(
                connection.handle, buffer.baseAddress, Int32(clamping: buffer.count),
                UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, &tail)
            while let byte = tail?.pointee, byte != 0 {
                if !Self.spacing.contains(UInt8(bitPattern: byte)) { hasMore = true }
                tail = tail?.advanced(by: 1)
            }
            return code
        }
        try connection.check(code, operation)
        guard let prepared, !hasMore else {
            sqlite3_finalize(prepared)
            throw StorageError(
                .invalid, operation: operation, place: connection.place,
                reason: "the text is not exactly one statement")
        }
        self.text = text
        self.connection = connection
        handle = prepared
    }

    deinit { sqlite3_finalize(handle) }

    private static let spacing = Set(" \t\r\n;".utf8)

    /// Whether running it leaves the database as it is.
    var isReading: Bool { sqlite3_stmt_readonly(handle) != 0 }

    func reset() {
        // Reset repeats the error of the latest step, which was reported there.
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
        // The tables may have other columns the next time.
        columns = nil
    }

    func bind(_ values: [StoredValue], _ operation: String) throws(StorageError) {
        let wanted = Int(sqlite3_bind_parameter_count(handle))
        guard wanted == values.count else {
            throw StorageError(
                .invalid, operation: operation, place: connection.place,
                reason: "the statement takes \(wanted) values and \(values.count) were given")
        }
        for (position, value) in values.enumerated() {
            try connection.check(bind(value, at: Int32(position + 1)), operation)
        }
    }

    private func bind(_ value: StoredValue, at index: Int32) -> Int32 {
        switch value {
        case .null: return sqlite3_bind_null(handle, index)
        case .integer(let number): return sqlite3_bind_int64(handle, index, number)
        case .real(let number): return sqlite3_bind_double(handle, index, number)
        case .text(let text):
            if connection.storesUTF16 { return bind(units: Array(text.utf16), at: index) }
            return bind(text: Array(text.utf8), at: index)
        case .invalidText(let bytes):
            if connection.storesUTF16, let units = SurrogateText.units(bytes) { return bind(units: units, at: index) }
            return bind(text: bytes, at: index)
        case .bytes(let bytes):
            // A null pointer would be bound as null, and an empty array may have one.
            if bytes.isEmpty { return sqlite3_bind_zeroblob(handle, index, 0) }
            return bytes.withUnsafeBytes {
                ctx_sqlite_bind_blob(handle, index, $0.baseAddress, sqlite3_uint64($0.count))
            }
        }
    }

    private func bind(text bytes: [UInt8], at index: Int32) -> Int32 {
        if bytes.isEmpty { return ctx_sqlite_bind_text(handle, index, "", 0) }
        return bytes.withUnsafeBytes {
            let start = $0.assumingMemoryBound(to: CChar.self).baseAddress
            return ctx_sqlite_bind_text(handle, index, start, sqlite3_uint64($0.count))
        }
    }

    private func bind(units: [UInt16], at index: Int32) -> Int32 {
        // SQLite would take the text's own first character off if it were this one.
        ([0xFEFF] + units).withUnsafeBytes {
            ctx_sqlite_bind_text16(handle, index, $0.baseAddress, sqlite3_uint64($0.count))
        }
    }

    /// Whether there is a next row.
    func step(_ operation: String) throws(StorageError) -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw connection.failure(code, operation)
        }
    }

    /// The row of the latest step.
    var row: Row {
        let count = sqlite3_column_count(handle)
        let names: [String]
        if let columns {
            names = columns
        } else {
            names = (0..<count).map { sqlite3_column_name(handle, $0).map { String(cString: $0) } ?? "" }
        }
        columns = names
        return Row(columns: names, values: (0..<count).map { value($0) })
    }

    private func value(_ index: Int32) -> StoredValue {
        switch sqlite3_column_type(handle, index) {
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(handle, index))
        case SQLITE_FLOAT: return .real(sqlite3_column_double(handle, index))
        case SQLITE_TEXT:
            // The pointer before the length: only then is the length that of the text.
            if connection.storesUTF16 {
                let start = sqlite3_column_text16(handle, index)
                let bytes = UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes16(handle, index)))
                let units = (0..<bytes.count / 2).map { bytes.loadUnaligned(fromByteOffset: $0 * 2, as: UInt16.self) }
                if let text = String(validating: units, as: UTF16.self) { return .text(text) }
                return .invalidText(SurrogateText.bytes(units))
            }
            let start = sqlite3_column_text(handle, index)
            let bytes = UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, index)))
            if let text = String(validating: bytes, as: UTF8.self) { return .text(text) }
            return .invalidText(Array(bytes))
        case SQLITE_BLOB:
            let start = sqlite3_column_blob(handle, index)
            let bytes = UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, index)))
            return .bytes(Array(bytes))
        default: return .null
        }
    }
}

/// Prepared statements that are not running, by their text.
struct StatementCache {
    private static let capacity = 64

    /// The latest used at the end.
    private var idle: [SQLiteStatement] = []

    mutating func take(_ text: String) -> SQLiteStatement? {
        guard let at = idle.lastIndex(where: { $0.text.isExactly(text) }) else { return nil }
        return idle.remove(at: at)
    }

    mutating func give(_ statement: SQLiteStatement) {
        if idle.contains(where: { $0.text.isExactly(statement.text) }) { return }
        if idle.count == Self.capacity { idle.removeFirst() }
        idle.append(statement)
    }

    mutating func removeAll() { idle.removeAll() }
}
