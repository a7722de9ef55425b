internal import JSONText
internal import StoredRecords

extension DocumentPane {
    /// What can be copied of the form on the screen, the likeliest first.
    var copyItems: [CopyMenu.Item] {
        let all = CopyMenu.Item(
            letter: "t", label: "text", order: CopyOrder("all of \(document.name)", .bytes(document.bytes, all)))
        let name = CopyMenu.Item(letter: "p", label: "name", order: CopyOrder("the name", .text(document.name)))
        switch form {
        case .tree: return (tree?.copyItems(document.bytes) ?? []) + [all]
        case .table: return (table?.copyItems ?? []) + [name].filter { _ in table?.cell == nil }
        case .text: return [all, name]
        case .hex: return (hex.mark.map { [hexItem($0)] } ?? []) + (document.bytes.text == nil ? [] : [all]) + [name]
        }
    }

    private var all: Range<Int> { 0..<document.bytes.count }

    private func hexItem(_ range: Range<Int>) -> CopyMenu.Item {
        let digits = document.bytes.slice(range).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return CopyMenu.Item(
            letter: "v", label: "bytes",
            order: CopyOrder("the marked bytes as digits", .text(digits.joined(separator: " "))))
    }
}

extension TreePane {
    func copyItems(_ bytes: StoredBytes) -> [CopyMenu.Item] {
        var items: [CopyMenu.Item] = []
        let path = path
        let name = path == "." ? "the document" : path
        if let end = cursor.end {
            let range = cursor.start..<end
            let value: CopyOrder.Content = cursor.kind == .string ? .string(bytes, range) : .bytes(bytes, range)
            items.append(CopyMenu.Item(letter: "v", label: "value", order: CopyOrder(name, value)))
            items.append(
                CopyMenu.Item(letter: "j", label: "JSON", order: CopyOrder("\(name) as stored", .bytes(bytes, range))))
        }
        items.append(CopyMenu.Item(letter: "p", label: "path", order: CopyOrder("the path", .text(path))))
        if let key = key(of: cursor) {
            items.append(CopyMenu.Item(letter: "k", label: "key", order: CopyOrder("the key", .text(key))))
        }
        return items
    }
}
