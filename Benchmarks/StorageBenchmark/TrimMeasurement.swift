internal import ContextStores
internal import StoredRecords

/// Opens a source, plans a trim and carries it out with its recovery entry.
enum TrimMeasurement {
    static func run(path: String, thread: String, keep: Int, stateDirectory: String) async throws {
        let spec = SourceSpec(name: "bench", location: StoreLocation(path, relativeTo: "/"))
        let library = StoreLibrary(specs: [spec], stateDirectory: stateDirectory)
        var measurement = Measurement()
        _ = try await measurement.time("open") { try await library.open("bench") }
        let id = RecordID(source: "bench", layout: "memexllm", kind: .thread, key: thread)
        let plan = try await measurement.time("plan") {
            try await library.plan(.trim(keep: keep, snap: false), id)
        }
        let receipt = try await measurement.time("carryOut") { try await library.carryOut(plan) }
        measurement.add("dropped", Double(receipt.outcome.dropped))
        measurement.print()
        await library.close()
    }
}
