internal import JSONText
internal import StoredRecords

/// An artifact's content as its type and encoding mean it.
///
/// The content file wins; where it is missing, the metadata has the content
/// once more, as chunks, data or rows.
struct LooopyArtifactContent: Sendable {
    private let metadata: StoredBytes?
    private let fields: LooopyFields

    init(metadata: StoredBytes?) {
        self.metadata = metadata
        fields = LooopyFields(
            metadata ?? StoredBytes("{}"),
            [["type"], ["status"], ["mimeType"], ["encoding"], ["schema", "columns"], ["externalStorage"]])
    }

    /// The type the metadata names; `nil` when it names none that is known.
    var type: LooopyContent? { fields.text("type").flatMap(LooopyContent.init(rawValue:)) }

    /// `nil` when the content is neither in its file nor in the metadata.
    func document(_ type: LooopyContent, stored: StoredBytes?) -> RecordDocument? {
        var notes: [String] = []
        var bytes = stored
        if bytes == nil {
            bytes = fallback(type)
            notes.append(
                bytes == nil
                    ? "\(type.fileName) is missing" : "\(type.fileName) is missing; taken from metadata.json")
        }
        if let storage = fields["externalStorage"], !storage.isNull {
            notes.append("the content is stored elsewhere: \(LooopyArtifacts.place(storage))")
        }
        if fields.text("status") == "building" { notes.append("still being written") }
        guard var bytes else {
            return notes.isEmpty
                ? nil : RecordDocument(name: type.fileName, format: .text, bytes: StoredBytes([]), notes: notes)
        }
        let format: RecordDocument.Format
        switch type {
        case .file:
            if fields.text("encoding") == "base64", stored != nil {
                if let decoded = bytes.withBytes(LooopyBase64.decode) {
                    bytes = StoredBytes(decoded)
                } else {
                    notes.append("the content is not the base64 text its metadata promises; shown as stored")
                }
            }
            format = fileFormat(bytes)
        case .data:
            format = .json
            notes += LooopyDocuments.notesOnJSON(bytes)
        case .dataset:
            format = .jsonLines(columns: columns)
            notes += Self.notesOnLines(bytes)
        }
        return RecordDocument(name: type.fileName, format: format, bytes: bytes, notes: notes)
    }

    private func fileFormat(_ bytes: StoredBytes) -> RecordDocument.Format {
        let mime = fields.text("mimeType") ?? ""
        if (mime == "application/json" || mime.hasSuffix("+json")) && LooopyDocuments.notesOnJSON(bytes).isEmpty {
            return .json
        }
        return bytes.withBytes(Self.isText) ? .text : .binary
    }

    /// UTF-8 without NUL bytes.
    private static func isText(_ bytes: UnsafeRawBufferPointer) -> Bool {
        !bytes.contains(0) && String(validating: bytes, as: UTF8.self) != nil
    }

    private var columns: [TableColumn] {
        (fields["schema", "columns"]?.arrayValue ?? []).compactMap { column in
            column["name"]?.stringValue.map { TableColumn(name: $0, type: column["type"]?.stringValue ?? "") }
        }
    }

    // MARK: From the metadata

    private func fallback(_ type: LooopyContent) -> StoredBytes? {
        guard let metadata else { return nil }
        return metadata.withBytes { buffer -> StoredBytes? in
            let scanner = JSONScanner(buffer)
            do throws(JSONError) {
                switch type {
                case .file: return try chunks(scanner)
                case .data:
                    guard let span = try scanner.locate(JSONPath([.key("data")])) else { return nil }
                    return StoredBytes(Array(scanner.bytes(of: span)))
                case .dataset: return try rows(scanner)
                }
            } catch {
                return nil
            }
        }
    }

    /// The chunks' data joined; each chunk of base64 text is decoded for itself.
    private func chunks(_ scanner: JSONScanner) throws(JSONError) -> StoredBytes? {
        guard let span = try scanner.locate(JSONPath([.key("chunks")])), span.kind == .array else { return nil }
        let isBase64 = fields.text("encoding") == "base64"
        var content: [UInt8] = []
        for chunk in try scanner.children(of: span) {
            guard case .string(let data)? = try scanner.value(of: chunk)["data"] else { continue }
            let bytes = Array(data.text.utf8)
            content += isBase64 ? bytes.withUnsafeBytes(LooopyBase64.decode) ?? bytes : bytes
        }
        return StoredBytes(content)
    }

    private func rows(_ scanner: JSONScanner) throws(JSONError) -> StoredBytes? {
        guard let span = try scanner.locate(JSONPath([.key("rows")])), span.kind == .array else { return nil }
        var lines: [UInt8] = []
        for row in try scanner.children(of: span) {
            lines += try scanner.value(of: row).serializedBytes(.compact)
            lines.append(UInt8(ascii: "\n"))
        }
        return StoredBytes(lines)
    }

    /// Names the first lines that are not JSON and counts the others.
    private static func notesOnLines(_ bytes: StoredBytes) -> [String] {
        var named: [Int] = []
        var more = 0
        bytes.withBytes { buffer in
            var number = 0
            var start = 0
            while start < buffer.count {
                let end = buffer[start...].firstIndex(of: UInt8(ascii: "\n")) ?? buffer.count
                number += 1
                let line = UnsafeRawBufferPointer(rebasing: buffer[start..<end])
                let isBlank = line.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
                if !isBlank, (try? JSONScanner(line).validate()) == nil {
                    if named.count < 5 { named.append(number) } else { more += 1 }
                }
                start = end + 1
            }
        }
        guard !named.isEmpty else { return [] }
        let lines = named.map(String.init).joined(separator: ", ")
        return ["not JSON: line \(lines)" + (more > 0 ? " and \(more) more" : "")]
    }
}
