internal import CPostgres
internal import EngineCore
internal import Glibc
internal import StoredRecords

/// A statement as libpq sends it: numbered placeholders and encoded values.
struct PostgresStatement {
    let text: String
    private var types: [Oid] = []
    private var formats: [Int32] = []
    private var lengths: [Int32] = []
    /// Where each value begins in `bytes`; `nil` for NULL.
    private var starts: [Int?] = []
    private var bytes: [UInt8] = []

    /// - Parameter prefix: stands before the statement, without placeholders.
    init(
        _ statement: SQLStatement, prefix: String = "", place: String, _ operation: String
    ) throws(StorageError) {
        let numbered = PlaceholderScan.numbered(statement.text)
        guard numbered.count == statement.values.count else {
            throw StorageError(
                .invalid, operation: operation, place: place,
                reason: "the statement takes \(numbered.count) values and \(statement.values.count) were given")
        }
        guard numbered.count <= Self.mostValues, !statement.text.utf8.contains(0) else {
            throw StorageError(
                .invalid, operation: operation, place: place, reason: "the statement is more than PostgreSQL takes")
        }
        text = prefix + numbered.text
        for value in statement.values {
            guard add(value) else {
                throw StorageError(
                    .invalid, operation: operation, place: place,
                    reason: "PostgreSQL's text cannot hold a NUL character")
            }
        }
    }

    private static let mostValues = 65_535
    private static let bytea: Oid = 17

    /// Values go as text of no declared type, so that the server reads each as
    /// what it is compared with or stored into; only bytes have a type.
    private mutating func add(_ value: StoredValue) -> Bool {
        var type: Oid = 0
        var encoded: [UInt8]?
        switch value {
        case .null: break
        case .integer(let number): encoded = Array(String(number).utf8)
        case .real(let number): encoded = Array(String(number).utf8)
        case .text(let text): encoded = Array(text.utf8)
        case .invalidText(let bytes): encoded = bytes
        case .bytes(let bytes): (type, encoded) = (Self.bytea, bytes)
        }
        if type == 0, let encoded, Self.holdsNUL(encoded) { return false }
        types.append(type)
        formats.append(type == 0 ? 0 : 1)
        lengths.append(Int32(clamping: encoded?.count ?? 0))
        starts.append(encoded.map { _ in bytes.count })
        if let encoded {
            bytes += encoded
            bytes.append(0)
        }
        return true
    }

    private static func holdsNUL(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { $0.baseAddress.map { memchr($0, 0, bytes.count) } ?? nil } != nil
    }

    /// Hands the statement to the connection; libpq copies it.
    func send(over connection: OpaquePointer) -> Bool {
        bytes.withUnsafeBytes { buffer in
            let values = starts.map { start in
                start.flatMap { buffer.baseAddress?.advanced(by: $0).assumingMemoryBound(to: CChar.self) }
            }
            return PQsendQueryParams(connection, text, Int32(values.count), types, values, lengths, formats, 0) == 1
        }
    }
}

/// Finds the question marks of a statement that stand for values
/// (https://www.postgresql.org/docs/15/sql-syntax-lexical.html).
enum PlaceholderScan {
    static func numbered(_ text: String) -> (text: String, count: Int) {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + 16)
        var count = 0
        var at = 0
        while at < bytes.count {
            let end = end(ofQuoted: bytes, at)
            if end > at {
                result += bytes[at..<end]
                at = end
            } else if bytes[at] == UInt8(ascii: "?") {
                count += 1
                result += Array("$\(count)".utf8)
                at += 1
            } else {
                result.append(bytes[at])
                at += 1
            }
        }
        return (String(decoding: result, as: UTF8.self), count)
    }

    /// Where the literal, quoted name or comment that begins here ends; `at` when none does.
    private static func end(ofQuoted bytes: [UInt8], _ at: Int) -> Int {
        func next(_ offset: Int) -> UInt8 { at + offset < bytes.count ? bytes[at + offset] : 0 }
        switch bytes[at] {
        case UInt8(ascii: "'"):
            let before = at > 0 ? bytes[at - 1] | 0x20 : 0
            let isEscaped = before == UInt8(ascii: "e") && (at < 2 || !isNamePart(bytes[at - 2]))
            return end(of: UInt8(ascii: "'"), in: bytes, at, hasBackslashes: isEscaped)
        case UInt8(ascii: "\""): return end(of: UInt8(ascii: "\""), in: bytes, at, hasBackslashes: false)
        case UInt8(ascii: "-") where next(1) == UInt8(ascii: "-"):
            return bytes[at...].firstIndex(of: 0x0A) ?? bytes.count
        case UInt8(ascii: "/") where next(1) == UInt8(ascii: "*"): return end(ofComment: bytes, at)
        case UInt8(ascii: "$") where at == 0 || !isNamePart(bytes[at - 1]): return end(ofDollars: bytes, at)
        default: return at
        }
    }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        byte >= 0x80 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$")
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func end(of mark: UInt8, in bytes: [UInt8], _ start: Int, hasBackslashes: Bool) -> Int {
        var at = start + 1
        while at < bytes.count {
            if hasBackslashes, bytes[at] == UInt8(ascii: "\\") {
                at += 2
            } else if bytes[at] == mark {
                guard at + 1 < bytes.count, bytes[at + 1] == mark else { return at + 1 }
                // A doubled mark is one of the text's own.
                at += 2
            } else {
                at += 1
            }
        }
        return bytes.count
    }

    private static func end(ofComment bytes: [UInt8], _ start: Int) -> Int {
        var depth = 0
        var at = start
        while at + 1 < bytes.count {
            let pair = (bytes[at], bytes[at + 1])
            if pair == (UInt8(ascii: "/"), UInt8(ascii: "*")) {
                depth += 1
                at += 2
            } else if pair == (UInt8(ascii: "*"), UInt8(ascii: "/")) {
                depth -= 1
                at += 2
                if depth == 0 { return at }
            } else {
                at += 1
            }
        }
        return bytes.count
    }

    private static func end(ofDollars bytes: [UInt8], _ start: Int) -> Int {
        guard let close = bytes[(start + 1)...].firstIndex(of: UInt8(ascii: "$")) else { return start }
        let tag = bytes[start...close]
        let name = tag.dropFirst().dropLast()
        guard name.allSatisfy({ isNamePart($0) }), !(name.first.map { $0 >= 0x30 && $0 <= 0x39 } ?? false) else {
            return start
        }
        var at = close + 1
        while at + tag.count <= bytes.count {
            if bytes[at..<at + tag.count] == tag { return at + tag.count }
            at += 1
        }
        return bytes.count
    }
}
