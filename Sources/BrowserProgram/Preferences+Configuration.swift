internal import BrowserModel
internal import ContextStores

extension Preferences {
    /// What the configuration file says of the browser itself.
    init(_ configuration: Configuration) {
        self.init(
            keys: configuration.keys.map {
                KeyChange(mode: $0.mode, key: $0.key, command: $0.command, place: $0.place)
            },
            theme: configuration.theme.map { ($0, configuration.places["theme"] ?? "") },
            columns: configuration.columns.sorted { $0.key < $1.key }.map { kind, columns in
                ColumnSetting(kind: kind, columns: columns, place: configuration.places["columns.\(kind)"] ?? "")
            })
    }
}
