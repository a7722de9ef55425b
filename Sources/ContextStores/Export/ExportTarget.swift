public import StoredRecords

/// Where exported records go in the file system.
public enum ExportTarget: Sendable, Hashable {
    /// One file with this path.
    case file(String)
    /// A file for each record, named after its id, in this directory.
    case directory(String)

    /// What a path stands for: a directory when it ends in `/`, is one
    /// already, or has several records to take; else a file.
    public init(path: String, records: Int) {
        let isDirectory = path.hasSuffix("/") || records > 1 || Self.isDirectory(path)
        self = isDirectory ? .directory(path) : .file(path)
    }

    public static func isDirectory(_ path: String) -> Bool {
        FileKind.isDirectory(path)
    }
}

/// What an export wrote.
public struct ExportReceipt: Sendable, Hashable {
    /// Paths of the files, as the user named the target.
    public var files: [String]
    /// What was remarkable, for people.
    public var notes: [String]

    public init(files: [String] = [], notes: [String] = []) {
        self.files = files
        self.notes = notes
    }
}

/// Writes records into files, one target for all of a run, so that no two
/// records get the same name.
public struct FileExport: Sendable {
    private let library: StoreLibrary
    private let target: ExportTarget
    private let directory: ExportDirectory
    private let name: String

    /// Opens the target; throws when its directory is not there or not allowed.
    public init(_ library: StoreLibrary, to target: ExportTarget) throws(StorageError) {
        self.library = library
        self.target = target
        switch target {
        case .directory(let path):
            directory = try ExportDirectory(path: path)
            name = ""
        case .file(let path):
            (directory, name) = try ExportDirectory.parent(ofFile: path)
        }
    }

    /// Writes one record.
    ///
    /// - Parameters:
    ///   - replacing: whether files that are there may be replaced; throws
    ///     `conflict` at the first one otherwise, with the others untouched.
    public func write(
        _ record: RecordSummary, as format: ExportFormat, last: Int? = nil, replacing: Bool,
        progress: (@Sendable (ExportProgress) -> Void)? = nil
    ) async throws(StorageError) -> ExportReceipt {
        let id = record.id
        if case .file = target {
            return try await write(id, format, last, nil, into: directory, name, replacing, progress)
        }
        guard id.kind == .index else {
            let documents = format == .stored ? try await library.documents(id) : []
            let name = directory.name(for: id, ending: Self.ending(record, format, documents))
            return try await write(id, format, last, nil, into: directory, name, replacing, progress)
        }
        // The tree is the one context-connectors reads: a directory an index, `.` in the base itself.
        let folder = id.key == "." ? directory : try directory.subdirectory(directory.name(for: id, ending: ""))
        var receipt = ExportReceipt()
        let names = try await library.documents(id).map(\.name)
        for name in names where !replacing && folder.holds(name) { throw folder.taken(name) }
        for name in names {
            let safe = ExportName.name(from: name, fallback: "document", ending: "")
            let part = try await write(id, format, nil, name, into: folder, safe, replacing, progress)
            receipt.files += part.files
            receipt.notes += part.notes
        }
        return receipt
    }

    private func write(
        _ id: RecordID, _ format: ExportFormat, _ last: Int?, _ document: String?, into directory: ExportDirectory,
        _ name: String, _ replacing: Bool, _ progress: (@Sendable (ExportProgress) -> Void)?
    ) async throws(StorageError) -> ExportReceipt {
        // Looked at before the work as well, so that an answer is not waited for in vain.
        if !replacing, directory.holds(name) { throw directory.taken(name) }
        let sink = try FileExportSink(directory, name: name)
        do throws(StorageError) {
            let notes = try await library.export(
                id, as: format, last: last, document: document, to: sink, progress: progress)
            try await sink.commit(replacing: replacing)
            return ExportReceipt(files: [directory.display(name)], notes: notes)
        } catch {
            sink.abandon()
            throw error
        }
    }

    /// The ending of a file named after its record: that of the format, or
    /// for a file artifact that of its own name or type.
    private static func ending(
        _ record: RecordSummary, _ format: ExportFormat, _ documents: [RecordDocument]
    ) -> String {
        guard format == .stored else { return format.rawValue }
        if let ending = ExportName.ending(of: record.title), isPlain(ending) { return ending }
        if case .artifact(let detail) = record.detail, let type = detail.mimeType, let ending = endings[type] {
            return ending
        }
        let stored = (documents.first { $0.isContent } ?? documents.first).flatMap { ExportName.ending(of: $0.name) }
        return stored.flatMap { isPlain($0) ? $0 : nil } ?? ""
    }

    private static func isPlain(_ ending: String) -> Bool {
        ending.utf8.count <= 10 && ending.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
    }

    private static let endings = [
        "text/markdown": "md", "text/plain": "txt", "text/html": "html", "text/csv": "csv", "application/json": "json",
        "image/png": "png", "image/jpeg": "jpg", "image/svg+xml": "svg", "application/pdf": "pdf",
    ]
}
