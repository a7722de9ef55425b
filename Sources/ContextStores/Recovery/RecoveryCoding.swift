internal import StoredLayouts
internal import StoredRecords

/// The form of recovery items on disk.
///
/// A file is a magic line, then frames: a UInt64 length (little endian) and
/// so many bytes. The last frame is the end frame: its own tag, the number of
/// items and the checksum of all bytes before it. Within a frame every
/// variable part carries its length, so that any byte can be stored. A row of
/// the same table and columns as the row before it holds its values only.
enum RecoveryCoding {
    static let magic = Array("ctxbrowse recovery 1\n".utf8)

    private enum Tag: UInt8 {
        case object = 1
        case row = 2
        case updatedRow = 3
        case key = 4
        case member = 5
        case fact = 6
        case nextRow = 7
        case attributes = 8
        case end = 0xFF
    }

    /// What the rows of one run have in common.
    struct RowShape: Equatable {
        var table: String
        var columns: [String]
    }

    /// The frame of an item but for the large byte values, which follow in
    /// order: a caller writes `head`, then each of `bodies`.
    /// - Parameter shape: that of the row encoded last, `nil` before the first.
    static func encode(
        _ item: RecoveryItem, after shape: inout RowShape?
    ) -> (head: [UInt8], bodies: [StoredBytes]) {
        var writer = ByteWriter()
        var bodies: [StoredBytes] = []
        switch item {
        case .object(let key, let before, let after):
            writer.byte(Tag.object.rawValue)
            writer.bytes(key)
            for part in [before, after] {
                writer.optionalCount(part?.count)
                if let part { bodies.append(part) }
            }
        case .attributes(let key, let before, let after):
            writer.byte(Tag.attributes.rawValue)
            writer.bytes(key)
            for values in [before, after] { writer.pairs(values) }
        case .row(let table, let columns, let values):
            let own = RowShape(table: table, columns: columns)
            if shape == own {
                writer.byte(Tag.nextRow.rawValue)
            } else {
                writer.byte(Tag.row.rawValue)
                writer.text(table)
                writer.number(UInt64(columns.count))
                for column in columns { writer.text(column) }
                shape = own
            }
            for value in values { writer.value(value) }
        case .updatedRow(let table, let identity, let before, let after):
            writer.byte(Tag.updatedRow.rawValue)
            writer.text(table)
            for columns in [identity, before, after] { writer.columns(columns) }
        case .key(let key, let before, let timeToLive, let after):
            writer.byte(Tag.key.rawValue)
            writer.bytes(key)
            let life = timeToLive.map { $0.components }
            writer.optionalCount(life.map { Int($0.seconds * 1000 + $0.attoseconds / 1_000_000_000_000_000) })
            for part in [before, after] {
                writer.optionalCount(part?.count)
                if let part { bodies.append(part) }
            }
        case .member(let key, let member):
            writer.byte(Tag.member.rawValue)
            writer.bytes(key)
            writer.bytes(member)
        case .fact(let name, let value):
            writer.byte(Tag.fact.rawValue)
            writer.text(name)
            writer.value(value)
        }
        return (writer.output, bodies)
    }

    static func endFrame(items: UInt64, checksum: UInt64) -> [UInt8] {
        var writer = ByteWriter()
        writer.byte(Tag.end.rawValue)
        writer.number(items)
        writer.number(checksum)
        return writer.output
    }

    /// Whether the first item that is no fact is a row; `nil` when it is not within these first bytes of a file.
    static func beginsWithRows(_ head: ArraySlice<UInt8>) -> Bool? {
        guard head.starts(with: magic) else { return nil }
        var at = head.startIndex + magic.count
        while at + 9 <= head.endIndex {
            let length = head[at..<at + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            switch Tag(rawValue: head[at + 8]) {
            case .row, .updatedRow, .nextRow: return true
            case .object, .attributes, .key, .member: return false
            case .fact: break
            case .end, nil: return nil
            }
            guard length <= UInt64(head.endIndex - at - 8) else { return nil }
            at += 8 + Int(length)
        }
        return nil
    }

    /// What one frame holds.
    enum Frame {
        case item(RecoveryItem)
        case end(items: UInt64, checksum: UInt64)
    }

    /// Reads one frame; `nil` when it is damaged. Large values share the file's memory.
    /// - Parameter shape: that of the row decoded last, `nil` before the first.
    static func decode(_ frame: Range<Int>, of file: StoredBytes, after shape: inout RowShape?) -> Frame? {
        var reader = ByteReader(file: file, range: frame)
        guard let tag = reader.byte().flatMap(Tag.init(rawValue:)) else { return nil }
        switch tag {
        case .object:
            guard let key = reader.bytes(), let before = reader.optionalCount(), let after = reader.optionalCount(),
                let parts = reader.bodies([before, after])
            else { return nil }
            return .item(.object(key: key, before: parts[0], after: parts[1]))
        case .attributes:
            guard let key = reader.bytes(), let before = reader.pairs(), let after = reader.pairs() else { return nil }
            return .item(.attributes(key: key, before: before, after: after))
        case .row:
            guard let table = reader.text(), let count = reader.number(), count < 1 << 20 else { return nil }
            var columns: [String] = []
            for _ in 0..<count {
                guard let column = reader.text() else { return nil }
                columns.append(column)
            }
            guard let values = reader.values(columns.count) else { return nil }
            shape = RowShape(table: table, columns: columns)
            return .item(.row(table: table, columns: columns, values: values))
        case .nextRow:
            guard let shape, let values = reader.values(shape.columns.count) else { return nil }
            return .item(.row(table: shape.table, columns: shape.columns, values: values))
        case .updatedRow:
            guard let table = reader.text(), let identity = reader.columns(), let before = reader.columns(),
                let after = reader.columns()
            else { return nil }
            return .item(.updatedRow(table: table, identity: identity, before: before, after: after))
        case .key:
            guard let key = reader.bytes(), let life = reader.optionalCount(), let before = reader.optionalCount(),
                let after = reader.optionalCount(), let parts = reader.bodies([before, after])
            else { return nil }
            return .item(
                .key(
                    key: key, before: parts[0], timeToLive: life.map { Duration.milliseconds($0) }, after: parts[1]))
        case .member:
            guard let key = reader.bytes(), let member = reader.bytes() else { return nil }
            return .item(.member(key: key, member: member))
        case .fact:
            guard let name = reader.text(), let value = reader.value() else { return nil }
            return .item(.fact(name: name, value: value))
        case .end:
            guard let items = reader.number(), let checksum = reader.number() else { return nil }
            return .end(items: items, checksum: checksum)
        }
    }
}

/// A running checksum of 8 bytes a step; it tells damage, not malice.
///
/// The value depends on the bytes alone, not on how they were cut into calls.
struct Checksum {
    private var state: UInt64 = 0xCBF2_9CE4_8422_2325
    private var pending: UInt64 = 0
    private var pendingCount = 0
    private var length: UInt64 = 0

    /// The checksum of everything added so far.
    var value: UInt64 {
        var end = self
        end.mix(pending)
        end.mix(length)
        return end.state
    }

    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        length += UInt64(bytes.count)
        var at = 0
        while pendingCount != 0, at < bytes.count {
            take(bytes[at])
            at += 1
        }
        while at + 8 <= bytes.count {
            mix(bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self).littleEndian)
            at += 8
        }
        while at < bytes.count {
            take(bytes[at])
            at += 1
        }
    }

    private mutating func take(_ byte: UInt8) {
        pending |= UInt64(byte) << UInt64(8 * pendingCount)
        pendingCount += 1
        if pendingCount == 8 {
            mix(pending)
            pending = 0
            pendingCount = 0
        }
    }

    private mutating func mix(_ word: UInt64) {
        state = (state ^ word) &* 0x9E37_79B9_7F4A_7C15
        state ^= state >> 32
    }
}

private struct ByteWriter {
    var output: [UInt8] = []

    mutating func byte(_ byte: UInt8) { output.append(byte) }

    mutating func number(_ number: UInt64) {
        withUnsafeBytes(of: number.littleEndian) { output += $0 }
    }

    mutating func bytes(_ bytes: [UInt8]) {
        number(UInt64(bytes.count))
        output += bytes
    }

    mutating func text(_ text: String) {
        number(UInt64(text.utf8.count))
        output += text.utf8
    }

    /// 0 for `nil`, else the count plus one.
    mutating func optionalCount(_ count: Int?) { number(count.map { UInt64($0) + 1 } ?? 0) }

    mutating func pairs(_ pairs: [String: String]) {
        number(UInt64(pairs.count))
        for (name, value) in pairs.sorted(by: { $0.key < $1.key }) {
            text(name)
            text(value)
        }
    }

    mutating func columns(_ columns: [RawColumn]) {
        number(UInt64(columns.count))
        for column in columns {
            text(column.name)
            value(column.value)
        }
    }

    mutating func value(_ value: StoredValue) {
        switch value {
        case .null: byte(0)
        case .integer(let number):
            byte(1)
            self.number(UInt64(bitPattern: number))
        case .real(let number):
            byte(2)
            self.number(number.bitPattern)
        case .text(let text):
            byte(3)
            self.text(text)
        case .invalidText(let bytes):
            byte(4)
            self.bytes(bytes)
        case .bytes(let bytes):
            byte(5)
            self.bytes(bytes)
        }
    }
}

private struct ByteReader {
    let file: StoredBytes
    let range: Range<Int>
    private var at: Int

    init(file: StoredBytes, range: Range<Int>) {
        self.file = file
        self.range = range
        at = range.lowerBound
    }

    mutating func byte() -> UInt8? {
        guard at < range.upperBound else { return nil }
        defer { at += 1 }
        return file.withBytes { $0[at] }
    }

    mutating func number() -> UInt64? {
        guard at + 8 <= range.upperBound else { return nil }
        defer { at += 8 }
        return file.withBytes { $0.loadUnaligned(fromByteOffset: at, as: UInt64.self).littleEndian }
    }

    mutating func bytes() -> [UInt8]? {
        guard let count = number(), count <= UInt64(range.upperBound - at) else { return nil }
        defer { at += Int(count) }
        return file.slice(at..<at + Int(count))
    }

    mutating func text() -> String? {
        bytes().flatMap { String(validating: $0, as: UTF8.self) }
    }

    mutating func optionalCount() -> Int?? {
        guard let number = number() else { return nil }
        return .some(number == 0 ? nil : Int(clamping: number - 1))
    }

    mutating func pairs() -> [String: String]? {
        guard let count = number(), count < 1 << 20 else { return nil }
        var pairs: [String: String] = [:]
        for _ in 0..<count {
            guard let name = text(), let value = text() else { return nil }
            pairs[name] = value
        }
        return pairs
    }

    mutating func columns() -> [RawColumn]? {
        guard let count = number(), count < 1 << 20 else { return nil }
        var columns: [RawColumn] = []
        for _ in 0..<count {
            guard let name = text(), let value = value() else { return nil }
            columns.append(RawColumn(name, value))
        }
        return columns
    }

    mutating func values(_ count: Int) -> [StoredValue]? {
        var values: [StoredValue] = []
        values.reserveCapacity(count)
        for _ in 0..<count {
            guard let value = value() else { return nil }
            values.append(value)
        }
        return values
    }

    mutating func value() -> StoredValue? {
        switch byte() {
        case 0: .null
        case 1: number().map { .integer(Int64(bitPattern: $0)) }
        case 2: number().map { .real(Double(bitPattern: $0)) }
        case 3: text().map { .text($0) }
        case 4: bytes().map { .invalidText($0) }
        case 5: bytes().map { .bytes($0) }
        default: nil
        }
    }

    /// The large values that follow the head, one for each count that is not `nil`.
    mutating func bodies(_ counts: [Int?]) -> [StoredBytes?]? {
        var parts: [StoredBytes?] = []
        for count in counts {
            guard let count else {
                parts.append(nil)
                continue
            }
            guard count <= range.upperBound - at else { return nil }
            let part = at..<at + count
            at += count
            let file = file
            parts.append(
                file.withBytes { all in
                    // The part's memory is the file's, which the release closure keeps alive.
                    StoredBytes(mapping: UnsafeRawBufferPointer(rebasing: all[part])) { _ in
                        withExtendedLifetime(file) {}
                    }
                })
        }
        return parts
    }
}
