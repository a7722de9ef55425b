internal import JSONText
internal import StoredLayouts
internal import StoredRecords

extension CopyAct {
    /// Both documents, byte for byte.
    func index() async throws(StorageError) -> CopyReceipt {
        let found = target.store((any IndexStore).self)
        guard let (store, layout) = found else { throw holdsNo("indexes") }
        let documents = try await library.documents(id)
        guard let full = documents.first(where: { $0.name.hasPrefix("state") || $0.name == "full_state" })?.bytes,
            let search = documents.first(where: { $0.name.hasPrefix("search") })?.bytes
        else {
            throw error(
                .unsupported, "it has only one of its two documents, and an index store writes both",
                help: "export the one that is there")
        }
        if try await store.loadState(id.key) != nil { throw isThere() }
        if try await store.loadSearch(id.key) != nil { throw isThere() }
        try await store.save(id.key, full: full, search: search)
        guard try await store.loadState(id.key) == full, try await store.loadSearch(id.key) == search else {
            return receipt(layout, notes: ["the store keeps the documents in another spelling"])
        }
        return receipt(layout)
    }

    func thread() async throws(StorageError) -> CopyReceipt {
        let source = try await library.layout(of: id)
        if let source = source as? any ThreadStore { return try await thread(from: source) }
        if let source = source as? any MessageStore { return try await messages(from: source) }
        throw error(.unsupported, "\(id.layout) threads have no store to be read with")
    }

    /// A MemexLLM thread with its messages, ids, times and token counts.
    private func thread(from source: any ThreadStore) async throws(StorageError) -> CopyReceipt {
        let found = target.store((any ThreadStore).self)
        guard let (store, layout) = found else {
            throw holdsNo("place for a thread's message ids, token counts and times")
        }
        guard let thread = try await source.thread(id.key, messageLimit: nil) else {
            throw error(.notFound, "the thread is gone")
        }
        if let limit = store.maxMessages, limit < thread.messages.count {
            throw error(
                .unsupported, "it keeps the newest \(limit) messages, and the thread has \(thread.messages.count)",
                help: "raise maxMessages or trim the thread first")
        }
        if try await store.thread(id.key, messageLimit: 1) != nil { throw isThere() }
        try await store.saveThread(thread)
        // What was stored is looked at again: a layout may have no place for a part of it.
        let copy = try await store.thread(id.key, messageLimit: nil)
        guard let copy, thread.means(copy) else {
            try await store.deleteThread(id.key)
            throw error(
                .unsupported, "its form has no place for \(Self.difference(thread, copy)), so nothing was copied",
                help: "export the thread as json, which keeps everything")
        }
        return receipt(layout)
    }

    private static func difference(_ thread: ConversationThread, _ copy: ConversationThread?) -> String {
        guard let copy, copy.messages.count == thread.messages.count else { return "all its messages" }
        var parts: [String] = []
        if copy.created != thread.created || copy.updated != thread.updated { parts.append("the thread's times") }
        if !copy.metadata.means(thread.metadata) { parts.append("the thread's metadata") }
        let pairs = zip(thread.messages, copy.messages)
        if pairs.contains(where: { $0.id != $1.id }) { parts.append("message ids") }
        if pairs.contains(where: { $0.tokenCount != $1.tokenCount }) { parts.append("token counts") }
        if pairs.contains(where: { $0.created != $1.created }) { parts.append("the messages' times") }
        if pairs.contains(where: { !$0.content.means($1.content) || $0.role != $1.role }) {
            parts.append("their content")
        }
        if pairs.contains(where: { !$0.metadata.means($1.metadata) }) { parts.append("the messages' metadata") }
        return parts.isEmpty ? "a part of it" : parts.joined(separator: ", ")
    }

    /// The messages of a looopy context, numbered from 0.
    private func messages(from source: any MessageStore) async throws(StorageError) -> CopyReceipt {
        let found = target.store((any MessageStore).self)
        guard let (store, layout) = found else { throw holdsNo("place for an agent's messages") }
        let parts = try parts(2)
        let messages = try await source.messages(agent: parts[0], context: parts[1])
        var times: [Timestamp] = []
        for (index, message) in messages.enumerated() {
            guard case .object = message,
                let time = message["timestamp"]?.stringValue.flatMap({ Timestamp(iso8601: $0) })
            else { throw error(.corrupt, "message \(index + 1) has no readable time to be stored with") }
            times.append(time)
        }
        guard try await store.messages(agent: parts[0], context: parts[1]).isEmpty else { throw isThere() }
        for (message, time) in zip(messages, times) {
            try await store.addMessage(message, agent: parts[0], context: parts[1], at: time)
        }
        let left = try await documentsLeft(target.store((any ConversationDocumentStore).self)?.store, parts)
        return receipt(
            layout,
            notes: left.isEmpty ? [] : ["of the conversation's state stays behind: \(left.joined(separator: ", "))"])
    }

    /// Copies what is stored of a conversation besides its messages; what found no place.
    private func documentsLeft(
        _ store: (any ConversationDocumentStore)?, _ parts: [String]
    ) async throws(StorageError) -> [String] {
        var left: [String] = []
        for document in try await library.documents(id) {
            let isTaken = try await store?.addDocument(
                document.name, document.bytes, agent: parts[0], context: parts[1])
            if isTaken != true { left.append(document.name) }
        }
        return left
    }

    func artifact() async throws(StorageError) -> CopyReceipt {
        let found = target.store((any ArtifactStore).self)
        guard let (store, layout) = found else { throw holdsNo("artifacts") }
        let parts = try parts(3)
        let documents = try await library.documents(id)
        guard let content = documents.first(where: \.isContent),
            let metadataBytes = documents.first(where: { $0.name == "metadata.json" })?.bytes
        else { throw error(.corrupt, "its content or its metadata is missing", help: "export what is there") }
        let metadata = try json(metadataBytes, "its metadata")
        guard metadata["status"]?.stringValue == "complete" else {
            throw error(
                .unsupported, "it is not complete, and an artifact store writes complete ones only",
                help: "export what is there")
        }
        if try await store.artifact(agent: parts[0], context: parts[1], id: parts[2]) != nil { throw isThere() }
        let artifact = NewArtifact(
            agent: parts[0], context: parts[1], task: metadata["taskId"]?.stringValue ?? "", id: parts[2],
            name: metadata["name"]?.stringValue ?? "", description: metadata["description"]?.stringValue ?? "",
            content: try self.content(content, metadata), schema: metadata["schema"])
        let created = metadata["createdAt"]?.stringValue.flatMap { Timestamp(iso8601: $0) }
        guard let created else { throw error(.corrupt, "its metadata has no readable createdAt") }
        try await store.create(artifact, at: created)
        let copy = try await store.artifact(agent: parts[0], context: parts[1], id: parts[2]) ?? []
        guard let copied = copy.first(where: { $0.name == "metadata.json" }) else {
            throw error(.failed, "the copy cannot be read back")
        }
        var notes = Self.notes(metadata, try json(copied.bytes, "the copy's metadata"))
        if copy.first(where: \.isContent)?.bytes != content.bytes {
            notes.append("the copy's content says the same in another spelling")
        }
        return receipt(layout, notes: notes)
    }

    private func content(
        _ content: RecordDocument, _ metadata: JSONValue
    ) throws(StorageError) -> NewArtifact.Content {
        guard content.notes.isEmpty else {
            throw error(.corrupt, content.notes.joined(separator: "; "), help: "export what is there")
        }
        switch metadata["type"]?.stringValue {
        case "file":
            return .file(
                content.bytes, mimeType: metadata["mimeType"]?.stringValue ?? "text/plain",
                isBase64: metadata["encoding"]?.stringValue == "base64")
        case "data": return .data(try json(content.bytes, "its data"))
        case "dataset":
            guard case .jsonLines(let columns) = content.format else { throw error(.corrupt, "its rows are not lines") }
            var rows: [JSONValue] = []
            var lines = LineReader(content.bytes)
            while let line = lines.next() { rows.append(try json(StoredBytes(line), "row \(rows.count + 1)")) }
            return .dataset(columns: columns, rows: rows)
        default: throw error(.unsupported, "it is of no type an artifact store knows")
        }
    }

    /// Names the members of the metadata that the copy has otherwise.
    private static func notes(_ source: JSONValue, _ copy: JSONValue) -> [String] {
        let names = (source.objectValue ?? []).map(\.key.text).filter { source[$0] != copy[$0] }
        return names.isEmpty ? [] : ["the copy was made anew; it differs in \(names.joined(separator: ", "))"]
    }

    /// A task's state with the times it was saved and expires.
    func task() async throws(StorageError) -> CopyReceipt {
        let found = target.store((any TaskStateStore).self)
        guard let (store, layout) = found else { throw holdsNo("task states") }
        let parts = try parts(3)
        guard let document = try await library.documents(id).first else { throw error(.notFound, "the task is gone") }
        let stored = try json(document.bytes, "its state")
        let times = stored["_metadata"]
        guard let saved = times?["savedAt"]?.stringValue.flatMap({ Timestamp(iso8601: $0) }),
            let expires = times?["expiresAt"]?.stringValue.flatMap({ Timestamp(iso8601: $0) })
        else { throw error(.corrupt, "it does not say when it was saved and when it expires") }
        // Expiry is looked at from the beginning of time, so that an expired state counts as there.
        let beginning = Timestamp(seconds: 0)
        if try await store.load(agent: parts[0], context: parts[1], task: parts[2], at: beginning) != nil {
            throw isThere()
        }
        let life =
            Duration.seconds(expires.seconds - saved.seconds)
            + .nanoseconds(Int64(expires.nanoseconds) - Int64(saved.nanoseconds))
        let state = stored.setting(nil, for: "_metadata")
        try await store.save(state, at: saved, timeToLive: life)
        guard try await store.load(agent: parts[0], context: parts[1], task: parts[2], at: beginning) == state else {
            return receipt(layout, notes: ["the copy is stored under the ids its own state names"])
        }
        return receipt(layout)
    }
}
