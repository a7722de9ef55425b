public import BrowserModel
internal import ContextStores
public import StoredRecords

extension BrowsedStores {
    public func add(_ text: String, name: String?) async throws(StorageError) -> [AddedSource] {
        let additions = try SourceAddition.resolve(
            text, name: name, beside: stores, configuration: surroundings.configuration,
            environment: surroundings.environment, readOnly: surroundings.isReadOnly)
        for addition in additions { stores.add(addition.spec) }
        return additions.map { addition in
            let isKept = surroundings.file != nil && !addition.holdsSecret
            return AddedSource(
                label: SourceLabel(addition.spec), written: isKept ? addition.written : nil,
                obstacle: addition.holdsSecret
                    ? "its location holds a password; write ${NAME} in its place and set that variable, then add it again"
                    : nil,
                file: surroundings.file?.path ?? "")
        }
    }

    public func keep(_ name: String, location: String) async throws(StorageError) {
        guard let file = surroundings.file else {
            throw StorageError(
                .unsupported, operation: "keep \(name)", place: "", reason: "nothing of the demo is kept")
        }
        try file.add(source: name, location: location)
    }
}
