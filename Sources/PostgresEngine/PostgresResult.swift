internal import CPostgres
internal import EngineCore
internal import StoredRecords

/// One result of libpq, released with the value.
final class PostgresResult {
    private let handle: OpaquePointer

    init(_ handle: OpaquePointer) {
        self.handle = handle
    }

    deinit { PQclear(handle) }

    var status: ExecStatusType { PQresultStatus(handle) }

    /// The failure this result reports; `nil` when it reports none.
    var failure: PostgresFailure? {
        guard status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE else { return nil }
        return PostgresFailure(
            state: ctx_pg_sqlstate(handle).map { String(cString: $0) } ?? "",
            message: ctx_pg_message(handle).map { String(cString: $0) }
                ?? PQresultErrorMessage(handle).map { String(cString: $0) } ?? "")
    }

    /// Whether the statement copies a table over the connection, which has a protocol of its own.
    var isCopy: Bool { [PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH].contains(status) }

    /// The command's name and what it did: `DELETE 3`.
    var command: String { PQcmdStatus(handle).map { String(cString: $0) } ?? "" }

    /// The rows a changing command changed.
    var changed: Int {
        let count = PQcmdTuples(handle).flatMap { Int(String(cString: $0)) } ?? 0
        return command.hasPrefix("SELECT") || command.hasPrefix("FETCH") ? 0 : count
    }

    var count: Int { Int(PQntuples(handle)) }

    /// Names and types, which all results of one statement share.
    var shape: Shape {
        let range = 0..<PQnfields(handle)
        return Shape(
            columns: range.map { PQfname(handle, $0).map { String(cString: $0) } ?? "" },
            types: range.map { PQftype(handle, $0) })
    }

    struct Shape {
        var columns: [String]
        var types: [Oid]
    }

    func row(_ index: Int, _ shape: Shape) -> Row {
        let row = Int32(index)
        var values: [StoredValue] = []
        values.reserveCapacity(shape.types.count)
        for (column, type) in shape.types.enumerated() {
            let column = Int32(column)
            guard PQgetisnull(handle, row, column) == 0, let start = PQgetvalue(handle, row, column) else {
                values.append(.null)
                continue
            }
            let bytes = UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(handle, row, column)))
            values.append(Self.value(type, bytes))
        }
        return Row(columns: shape.columns, values: values)
    }

    /// The value in the server's own text form, as number or bytes where that loses nothing.
    private static func value(_ type: Oid, _ bytes: UnsafeRawBufferPointer) -> StoredValue {
        guard let text = String(validating: bytes, as: UTF8.self) else { return .invalidText(Array(bytes)) }
        switch type {
        // bool
        case 16: return .text(text == "t" ? "true" : "false")
        // bytea
        case 17: return hexadecimal(bytes).map { .bytes($0) } ?? .text(text)
        // int8, int2, int4, oid
        case 20, 21, 23, 26: return Int64(text).map { .integer($0) } ?? .text(text)
        // float4, float8
        case 700, 701: return Double(text).map { .real($0) } ?? .text(text)
        // numeric: sums of large integers are of this type; other numbers keep every digit as text.
        case 1700:
            guard let number = Int64(text), String(number) == text else { return .text(text) }
            return .integer(number)
        default: return .text(text)
        }
    }

    /// The bytes of `\x0a1b...`.
    private static func hexadecimal(_ digits: UnsafeRawBufferPointer) -> [UInt8]? {
        guard digits.count >= 2, digits.count.isMultiple(of: 2), digits[0] == UInt8(ascii: "\\"),
            digits[1] == UInt8(ascii: "x")
        else { return nil }
        func nibble(_ digit: UInt8) -> UInt8 { digit <= UInt8(ascii: "9") ? digit & 15 : digit & 15 + 9 }
        return [UInt8](unsafeUninitializedCapacity: digits.count / 2 - 1) { bytes, count in
            while count < digits.count / 2 - 1 {
                let at = count * 2 + 2
                bytes[count] = nibble(digits[at]) << 4 | nibble(digits[at + 1])
                count += 1
            }
        }
    }
}
