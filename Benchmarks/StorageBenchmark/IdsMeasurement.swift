internal import ContextStores
internal import StoredRecords

/// Opens a source and lists all its threads by ids and sizes, a page at a time.
enum IdsMeasurement {
    static func run(location: String) async throws {
        let spec = SourceSpec(name: "bench", location: StoreLocation(location, relativeTo: "/"))
        let library = StoreLibrary(specs: [spec], stateDirectory: "/nonexistent")
        var measurement = Measurement()
        _ = try await measurement.time("open") { try await library.open("bench") }
        let found = try await measurement.time("all") {
            var query = RecordQuery(.thread, page: PageRequest(limit: 5000), isBrief: true)
            var found = (threads: 0, bytes: 0)
            while true {
                let page = try await library.list("bench", query)
                found.threads += page.items.count
                found.bytes += page.items.reduce(0) { $0 + Int($1.bytes ?? 0) }
                guard let next = page.next else { return found }
                query.page.start = .after(next)
            }
        }
        measurement.add("threads", Double(found.threads))
        measurement.add("bytes", Double(found.bytes))
        measurement.print()
        await library.close()
    }
}
