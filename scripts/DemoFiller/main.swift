internal import ContextStores
internal import DemoStores
internal import Glibc
internal import StoredLayouts
internal import StoredRecords

// Writes the demo's records to each location of a server that is named.

/// Where it fails, the sentence to show.
func fill(_ location: String) async -> String? {
    do throws(StorageError) {
        try await DemoStores.write(toServer: location, now: Clock.system.now())
        return nil
    } catch {
        return error.description
    }
}

let tasks = CommandLine.arguments.dropFirst().map { location in Task { await fill(location) } }
var code: Int32 = 0
for task in tasks {
    guard let failure = await task.value else { continue }
    let line = Array("DemoFiller: \(failure)\n".utf8)
    _ = write(STDERR_FILENO, line, line.count)
    code = 1
}
exit(code)
