internal import ContextStores
internal import JSONText
internal import StoredRecords
internal import TerminalSurface

/// `show`: one record for people, as JSON, as readable text or as stored.
struct ShowVerb {
    /// A larger document is shown in its own lines, since laying it out takes many times its size.
    private static let largestLaidOut = 8 << 20

    private let session: Session
    private var console: Console { session.console }

    init(_ session: Session) {
        self.session = session
    }

    func run() async throws(Failure) -> ExitCode {
        guard let kind = session.options.kind, let key = session.ids.first else {
            throw Failure(.wrongUsage, "show needs a kind and an ID")
        }
        if session.options.last != nil, kind != .thread {
            throw Failure(.wrongUsage, "--last counts messages, and only threads have them")
        }
        var (library, outcome) = try session.openLibrary()
        let record = try await session.find(kind, key, in: library, &outcome)
        do throws(StorageError) {
            switch session.options.form {
            case .human: try await human(record, library)
            case .json: try await json(record, library)
            case .raw: try await raw(record, library)
            case .text: try await text(record, library)
            }
            outcome.succeed()
        } catch {
            outcome.add(error, console)
        }
        await library.close()
        return outcome.code
    }

    private func human(_ record: RecordSummary, _ library: StoreLibrary) async throws(StorageError) {
        for (name, value) in Self.facts(record) { line("\(name) \(value)") }
        if record.id.kind == .thread {
            try await transcript(record, library)
            return
        }
        for document in try await library.documents(record.id) {
            for note in document.notes { line("note \(document.name): \(note)") }
            line("document \(document.name) \(document.bytes.count) bytes")
        }
        // An index is shown by its counts; its documents may be hundreds of megabytes.
        if record.id.kind != .index {
            line("")
            try await text(record, library)
        }
    }

    /// What is known of the record, a line each: "files 1200".
    private static func facts(_ record: RecordSummary) -> [(String, String)] {
        var facts = [("id", record.id.key), ("source", record.id.source), ("layout", record.id.layout)]
        if !record.title.isEmpty { facts.append(("title", record.title)) }
        if let messages = record.messages { facts.append(("messages", String(messages))) }
        if let tokens = record.tokens { facts.append(("tokens", String(tokens))) }
        if let bytes = record.bytes { facts.append(("bytes", String(bytes))) }
        if let created = record.created { facts.append(("created", created.iso8601)) }
        if let updated = record.updated { facts.append(("updated", updated.iso8601)) }
        facts += record.detail.facts
        if let metadata = record.metadata { facts.append(("metadata", metadata.serialized(.compact))) }
        facts += record.notes.map { ("note", $0) }
        return facts
    }

    private func json(_ record: RecordSummary, _ library: StoreLibrary) async throws(StorageError) {
        if record.id.kind == .thread {
            try await eachMessage(record, library) { console.write(json: $0.uniformJSON) }
            return
        }
        let documents = try await library.documents(record.id).map { document in
            var members: [(String, JSONValue)] = [
                ("name", .text(document.name)), ("bytes", .integer(document.bytes.count)),
            ]
            if !document.notes.isEmpty { members.append(("notes", .array(document.notes.map { .text($0) }))) }
            return JSONValue(members: members)
        }
        console.write(json: record.json.setting(.array(documents), for: "documents"))
    }

    private func raw(_ record: RecordSummary, _ library: StoreLibrary) async throws(StorageError) {
        if record.id.kind == .thread {
            try await eachMessage(record, library) { message in
                let bytes = message.raw.displayText
                write(bytes)
                if bytes.slice(bytes.count - 1..<bytes.count) != [0x0A] { console.output.write("\n") }
            }
            return
        }
        if let content = try await content(record, library) { write(content.bytes) }
    }

    private func text(_ record: RecordSummary, _ library: StoreLibrary) async throws(StorageError) {
        if record.id.kind == .thread {
            try await transcript(record, library)
            return
        }
        guard let content = try await content(record, library) else { return }
        if content.format == .json, content.bytes.count <= Self.largestLaidOut {
            // Laid out for reading; what is no JSON after all is shown as it is.
            do throws(JSONError) {
                lines(try content.bytes.withBytesParsed().serialized(.pretty))
                return
            } catch {
                line("note \(content.name): \(error)")
            }
        }
        write(visible: content.bytes)
    }

    private func content(
        _ record: RecordSummary, _ library: StoreLibrary
    ) async throws(StorageError) -> RecordDocument? {
        let documents = try await library.documents(record.id)
        return documents.first(where: \.isContent) ?? documents.first
    }

    private func transcript(_ record: RecordSummary, _ library: StoreLibrary) async throws(StorageError) {
        var transcript = TextTranscript()
        try await eachMessage(record, library) { lines(transcript.text(of: $0)) }
    }

    private func eachMessage(
        _ record: RecordSummary, _ library: StoreLibrary, _ body: (StoredMessage) -> Void
    ) async throws(StorageError) {
        var cursor = MessageCursor(library: library, id: record.id, last: session.options.last)
        while !console.output.isBroken, let page = try await cursor.next() {
            for message in page { body(message) }
        }
    }

    private func line(_ text: String) {
        console.output.write(line: Sanitizer.visible(text))
    }

    private func lines(_ text: String) {
        for line in Sanitizer.visibleLines(text) { console.output.write(line: line) }
    }

    /// The bytes exactly; on a terminal in visible form.
    private func write(_ bytes: StoredBytes) {
        if console.outputIsTerminal { write(visible: bytes) } else { console.output.write(bytes) }
    }

    private func write(visible bytes: StoredBytes) {
        var lines = ByteLines(bytes)
        while !console.output.isBroken, let line = lines.next() {
            console.output.write(line: Sanitizer.visible(bytes: line))
        }
    }
}

extension StoredBytes {
    fileprivate func withBytesParsed() throws(JSONError) -> JSONValue {
        let result: Result<JSONValue, JSONError> = withBytes { buffer in
            do throws(JSONError) {
                return .success(try JSONValue.parse(buffer))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}

/// Stored bytes a line at a time, without the line ends.
struct ByteLines {
    private let bytes: StoredBytes
    private var at = 0

    init(_ bytes: StoredBytes) {
        self.bytes = bytes
    }

    mutating func next() -> [UInt8]? {
        guard at < bytes.count else { return nil }
        let start = at
        let end = bytes.withBytes { $0[start...].firstIndex(of: 0x0A) } ?? bytes.count
        at = end + 1
        return bytes.slice(start..<end)
    }
}
