internal import EngineCore
internal import JSONText
internal import StoredRecords

/// Reads the messages of one directory in the order the tool reads them.
struct LooopyMessages: Sendable {
    let engine: any ObjectEngine
    /// Ends in `/`.
    let directory: ObjectKey

    /// Every `.json` file of the directory, as the tool counts them, by name.
    func files() async throws(StorageError) -> (files: [LooopyMessageFile], notes: [String]) {
        let listed = try await engine.listAll(directory, isDelimited: true)
        return (listed.entries.compactMap(LooopyMessageFile.init), listed.notes)
    }

    /// The files in reading order with what can be told of each without its content.
    ///
    /// File names carry the index, so a page needs only its own files, as long
    /// as every name has one and no two the same. Where that does not hold,
    /// and where a file of the page turns out to say another index inside,
    /// everything is read. An index that differs only in files of other pages
    /// goes unnoticed until they are read.
    static func orderByName(_ files: [LooopyMessageFile]) -> [LooopyMessageFile]? {
        var seen: Set<Int> = []
        for file in files {
            guard let name = file.name, seen.insert(name.index).inserted else { return nil }
        }
        return files.sorted { LooopyPlace($0) < LooopyPlace($1) }
    }

    /// The head of every message, in reading order.
    /// - Parameter isTolerant: whether a file that cannot be read stands where
    ///   its name says, rather than making the whole call fail.
    func heads(
        _ files: [LooopyMessageFile], isTolerant: Bool = true
    ) async throws(StorageError) -> [LooopyMessageHead] {
        var heads: [LooopyMessageHead] = []
        heads.reserveCapacity(files.count)
        var failure: StorageError?
        try await read(files) { file, result in
            switch result {
            case .success(let bytes): heads.append(LooopyMessageHead(file, bytes))
            case .failure where isTolerant: heads.append(LooopyMessageHead(unreadable: file))
            case .failure(let error): failure = failure ?? error
            }
        }
        if let failure { throw failure }
        return heads.sorted { $0.place < $1.place }
    }

    /// Hands over the files' bytes in their order, a batch in memory at a
    /// time; a file that went meanwhile is left out.
    func read(
        _ files: [LooopyMessageFile], _ body: (LooopyMessageFile, Result<StoredBytes, StorageError>) -> Void
    ) async throws(StorageError) {
        var at = 0
        while at < files.count {
            let end = min(at + ObjectChanges.batch, files.count)
            let objects = try await engine.readMany(files[at..<end].map(\.key))
            for (file, result) in zip(files[at..<end], objects) {
                switch result {
                case .success(let object?): body(file, .success(object.bytes))
                case .success(nil): break
                case .failure(let error): body(file, .failure(error))
                }
            }
            at = end
        }
    }

    /// One page; the total is the number of files.
    func page(_ request: PageRequest, operation: String) async throws(StorageError) -> Page<StoredMessage> {
        let listed = try await files()
        if let ordered = Self.orderByName(listed.files) {
            let places = ordered.map { LooopyPlace($0) }
            let window = try window(request, places, operation: operation)
            if let messages = try await read(window, of: ordered) {
                return page(messages, window, places, notes: listed.notes)
            }
        }
        let heads = try await heads(listed.files)
        let places = heads.map(\.place)
        let window = try window(request, places, operation: operation)
        let chosen = heads[window].map(\.file)
        var messages: [StoredMessage] = []
        try await read(chosen) { _, result in
            messages.append(LooopyMessageDecoder.message(result, position: window.lowerBound + messages.count))
        }
        return page(messages, window, places, notes: listed.notes)
    }

    /// The messages of a window; `nil` when one of them says another index
    /// inside than in its file name.
    private func read(
        _ window: Range<Int>, of files: [LooopyMessageFile]
    ) async throws(StorageError) -> [StoredMessage]? {
        var messages: [StoredMessage] = []
        var isConsistent = true
        try await read(Array(files[window])) { file, result in
            if let name = file.name, let index = LooopyMessageDecoder.index(result), index != Double(name.index) {
                isConsistent = false
            }
            messages.append(LooopyMessageDecoder.message(result, position: window.lowerBound + messages.count))
        }
        return isConsistent ? messages : nil
    }

    // MARK: Paging

    private func window(
        _ request: PageRequest, _ places: [LooopyPlace], operation: String
    ) throws(StorageError) -> Range<Int> {
        let count = places.count
        switch request.start {
        case .first:
            return 0..<min(request.limit, count)
        case .last:
            return max(0, count - request.limit)..<count
        case .position(let position):
            let first = min(max(0, position), count)
            return first..<min(count, first + min(request.limit, count))
        case .after(let cursor):
            let place = try place(cursor, operation: operation)
            let first = places.firstIndex { place < $0 } ?? count
            return first..<min(count, first + min(request.limit, count))
        case .before(let cursor):
            let place = try place(cursor, operation: operation)
            let end = places.firstIndex { place <= $0 } ?? count
            return max(0, end - request.limit)..<end
        }
    }

    private func place(_ cursor: PageCursor, operation: String) throws(StorageError) -> LooopyPlace {
        if let place = LooopyPlace(text: cursor.text) { return place }
        throw StorageError(
            .invalid, operation: operation, place: engine.place, reason: "the page cursor is not one of a thread",
            help: "start again from the first page")
    }

    private func page(
        _ messages: [StoredMessage], _ window: Range<Int>, _ places: [LooopyPlace], notes: [String]
    ) -> Page<StoredMessage> {
        var page = Page(items: messages, total: .exact(places.count), notes: notes)
        if window.upperBound < places.count, window.upperBound > 0 {
            page.next = PageCursor(places[window.upperBound - 1].text)
        }
        if window.lowerBound > 0 {
            page.previous =
                window.lowerBound < places.count
                ? PageCursor(places[window.lowerBound].text) : PageCursor("inf:\u{10FFFF}")
        }
        return page
    }
}
