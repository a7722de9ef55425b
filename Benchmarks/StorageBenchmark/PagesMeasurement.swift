internal import ContextStores
internal import StoredRecords

/// Opens a source and lists pages from its beginning and its end.
enum PagesMeasurement {
    static func run(path: String, limit: Int) async throws {
        let spec = SourceSpec(name: "bench", location: StoreLocation(path, relativeTo: "/"))
        let library = StoreLibrary(specs: [spec], stateDirectory: "/nonexistent")
        var measurement = Measurement()
        _ = try await measurement.time("open") { try await library.open("bench") }
        func page(_ name: String, _ start: PageRequest.Start) async throws -> Page<RecordSummary> {
            try await measurement.time(name) {
                try await library.list("bench", RecordQuery(.thread, page: PageRequest(start, limit: limit)))
            }
        }
        let first = try await page("first", .first)
        let last = try await page("last", .last)
        guard let next = first.next, let previous = last.previous else {
            throw StorageError(.invalid, operation: "list", place: path, reason: "the store has only one page")
        }
        _ = try await page("second", .after(next))
        _ = try await page("lastButOne", .before(previous))
        measurement.add("peak", Measurement.memory("VmHWM"))
        measurement.print()
        await library.close()
    }
}
