internal import EngineCore
public import JSONText
public import StoredRecords

/// Messages as looopy-ai's filesystem message store appends and reads them.
extension LooopyLayout: MessageStore {
    public func messages(agent: String, context: String) async throws(StorageError) -> [JSONValue] {
        let operation = "load the messages of \(agent)/\(context)"
        let messages = try LooopyMessages(
            engine: engine, directory: messageDirectory(agent: agent, context: context, operation))
        var stored: [(place: LooopyPlace, value: JSONValue)] = []
        var failure: StorageError?
        try await messages.read(try await messages.files().files) { [place = engine.place] file, result in
            switch result {
            case .failure(let error): failure = failure ?? error
            case .success(let bytes):
                do throws(JSONError) {
                    let value = try LooopyMessageDecoder.parse(bytes)
                    stored.append((LooopyPlace(file, index: LooopyMessageHead.number(value["index"])), value))
                } catch {
                    let corrupt = StorageError(
                        .corrupt, operation: operation, place: place,
                        reason: "\(file.key) is not valid JSON (\(error))", help: "mend or delete that file")
                    failure = failure ?? corrupt
                }
            }
        }
        if let failure { throw failure }
        return stored.sorted { $0.place < $1.place }.map(\.value)
    }

    /// The next index is the number of `.json` files, as the tool has it; the
    /// file's name ends in a count of this process's messages.
    @discardableResult
    public func addMessage(
        _ message: JSONValue, agent: String, context: String, at time: Timestamp
    ) async throws(StorageError) -> JSONValue {
        let operation = "add a message to \(agent)/\(context)"
        try engine.requireWritable(operation)
        guard case .object = message else {
            throw StorageError(
                .invalid, operation: operation, place: engine.place, reason: "the message is not a JSON object")
        }
        let directory = try messageDirectory(agent: agent, context: context, operation)
        // Another process's message may have the name; the next one is free.
        var taken: StorageError?
        for _ in 0..<1000 {
            let index = try await LooopyMessages(engine: engine, directory: directory).files().files.count
            let stored =
                message
                .setting(.text("\(context)-\(index)"), for: "id")
                .setting(.text(context), for: "contextId")
                .setting(.integer(index), for: "index")
                .setting(.text(time.iso8601Milliseconds), for: "timestamp")
            let name = LooopyMessageName(time: time, index: index, sequence: sequence.next())
            do throws(StorageError) {
                try await engine.write(
                    directory.appending(name.text), StoredBytes(stored.serializedBytes(.pretty)),
                    condition: .ifAbsent, contentType: "application/json")
                return stored
            } catch {
                guard error.kind == .conflict else { throw error }
                taken = error
            }
        }
        throw taken
            ?? StorageError(
                .conflict, operation: operation, place: engine.place, reason: "no free file name was found")
    }

    private func messageDirectory(
        agent: String, context: String, _ operation: String
    ) throws(StorageError) -> ObjectKey {
        try tree.directory(
            agent: LooopyNames.sanitized(agent), context: LooopyNames.sanitized(context), operation: operation
        ).appending(LooopyNames.messages).appending("")
    }
}
