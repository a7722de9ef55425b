public import BrowserModel
internal import ContextStores
public import StoredRecords

extension BrowsedStores {
    public func exportForms(_ record: RecordSummary) async -> (formats: [String], name: String) {
        (ExportFormat.formats(of: record).map(\.rawValue), ExportName.name(for: record.id, ending: ""))
    }

    public func export(
        _ order: ExportOrder, _ progress: @escaping @Sendable (Progress) -> Void
    ) async throws(StorageError) -> (files: [String], notes: [String]) {
        guard let record = try await stores.summary(order.record) else {
            throw StorageError(
                .notFound, operation: "export \(order.record.key)", place: order.record.source,
                reason: "it is not there any more", help: "r reads the list again")
        }
        let format = ExportFormat(rawValue: order.format) ?? .stored
        let export = try FileExport(stores, to: ExportTarget(path: Self.expanded(order.path), records: 1))
        let receipt = try await export.write(record, as: format, last: order.last, replacing: order.overwrites) {
            progress(Progress(done: $0.done, total: $0.total, unit: "messages"))
        }
        return (receipt.files, receipt.notes)
    }

    /// A path with `~` or `~/` at its start taken as the home directory, as a shell does; `~name` is left alone.
    static func expanded(_ path: String, home: String = ProcessEnvironment.current.home) -> String {
        guard path == "~" || path.hasPrefix("~/") else { return path }
        return home + path.dropFirst()
    }
}
