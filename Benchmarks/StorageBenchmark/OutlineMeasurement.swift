internal import EngineCore
internal import FileEngine
internal import JSONText
internal import StoredRecords

/// Opens a JSON document as the browser does: mapped by the file engine, the
/// first rows at once, the index in steps.
enum OutlineMeasurement {
    static func run(path: String) async throws {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let engine = try FileEngine(root: String(path.dropLast(name.utf8.count)))
        let before = Measurement.memory("RssFile")
        var measurement = Measurement()
        let began = Measurement.now
        guard let object = try await engine.read(ObjectKey(name), range: nil) else {
            throw StorageError(.notFound, operation: "read", place: path, reason: "there is no such file")
        }
        var outline = JSONOutline(object.bytes)
        guard let root = outline.root else {
            throw StorageError(.corrupt, operation: "read", place: path, reason: "the document is empty")
        }
        let rows = outline.rows(from: root, count: 24, folding: JSONFolding())
        measurement.add("firstScreen", Measurement.now - began)
        measurement.add("rows", Double(rows.count))

        // What is resident of the mapped document is the file itself; the rest
        // of the process's memory is counted, its program included.
        var peak = 0.0
        let start = Measurement.now
        while !outline.advance() { peak = max(peak, Measurement.memory("RssAnon")) }
        measurement.add("index", Measurement.now - start)
        if let error = outline.error { throw error }
        peak = max(peak, Measurement.memory("RssAnon"))
        measurement.add("beyondFile", peak + before)
        measurement.add("indexBytes", Double(outline.indexByteCount))
        measurement.print()
        await engine.close()
    }
}
