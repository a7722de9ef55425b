internal import JSONText
internal import StoredRecords

extension TablePane {
    /// What can be copied of the row and the cell in focus.
    var copyItems: [CopyMenu.Item] {
        guard let cell, let range = range(row: cursor) else { return [] }
        func item(_ letter: Character, _ label: String, _ name: String, _ content: CopyOrder.Content) -> CopyMenu.Item {
            CopyMenu.Item(letter: letter, label: label, order: CopyOrder(name, content))
        }
        let path = path
        return [
            item("v", "value", path, .text(cell.plain)),
            item("j", "row as JSON", "row \(row(at: cursor) + 1) as stored", .bytes(bytes, range)),
            item("p", "path", "the path", .text(path)),
            item("k", "column", "the column's name", .text(columns[column].name)),
            item(
                "t", "row as text", "row \(row(at: cursor) + 1)",
                .text(cells(row: cursor).map(\.plain).joined(separator: "\t"))),
        ]
    }

    /// The cell in focus as a document of its own, when there is more to see of it.
    var documentOfCell: RecordDocument? {
        switch cell {
        case .text(let text), .broken(let text): RecordDocument(name: path, format: .text, bytes: StoredBytes(text))
        case .word(let text) where text.hasPrefix("{") || text.hasPrefix("["):
            RecordDocument(name: path, format: .json, bytes: StoredBytes(text))
        default: nil
        }
    }
}
