internal import JSONText
internal import StoredRecords
internal import TerminalSurface

/// Copying what is in focus to the clipboard of the terminal.
extension BrowserState {
    mutating func openCopy() {
        let items = copyItems
        if items.isEmpty { return tell(.info, "there is nothing to copy here") }
        open(.copy(CopyMenu(items: items)))
    }

    mutating func pressIn(copy menu: CopyMenu, _ key: KeyPress) {
        if let offer = menu.offer { return pressIn(offer, key) }
        if let letter = key.typedCharacter, let item = menu.items.first(where: { $0.letter == letter }) {
            close()
            return copy(item.order)
        }
        switch keyMap.command(for: key, in: .dialog) {
        case .dismiss: close()
        // The key that opened the menu, and Enter, take the first.
        case .confirm, .press:
            close()
            if let first = menu.items.first { copy(first.order) }
        case .suspend, .redraw: runBesides(keyMap.command(for: key, in: .dialog) ?? .redraw)
        default:
            close()
            let letters = menu.items.map { String($0.letter) }.joined(separator: " ")
            notice = Notice(.info, "y \(key.name) copies nothing here; y takes one of \(letters)", time: now)
        }
    }

    /// Only what is offered answers it: a letter of something that is typed neither closes it nor acts behind it.
    private mutating func pressIn(_ offer: CopyMenu.Offer, _ key: KeyPress) {
        switch (key.typedCharacter, keyMap.command(for: key, in: .dialog)) {
        case ("f", _), (_, .press):
            close()
            saveCopy(offer.order)
        case (nil, .dismiss): close()
        case (nil, .suspend), (nil, .redraw): runBesides(keyMap.command(for: key, in: .dialog) ?? .redraw)
        default:
            var menu = CopyMenu(items: [])
            menu.offer = offer
            menu.offer?.slip = key.name
            dialog = .copy(menu)
        }
    }

    private mutating func copy(_ order: CopyOrder) {
        guard order.byteCount <= CopyOrder.clipboardBytes else {
            return offerFile(
                order,
                "\(Words.size(Int64(order.byteCount))) are more than the \(Words.size(Int64(CopyOrder.clipboardBytes))) a terminal's clipboard takes"
            )
        }
        let bytes = order.bytes
        send(.copy(String(decoding: bytes, as: UTF8.self)), .copy(order), "copy \(order.name)")
    }

    private mutating func offerFile(_ order: CopyOrder, _ reason: String) {
        var menu = CopyMenu(items: [])
        menu.offer = CopyMenu.Offer(order: order, reason: reason)
        open(.copy(menu))
    }

    private mutating func saveCopy(_ order: CopyOrder) {
        send(.saveCopy(order), .saveCopy(order), "write \(order.name) to a file")
    }

    mutating func takeCopied(_ answer: Answer, _ order: CopyOrder) {
        switch answer {
        case .copied(let place):
            tell(.info, "copied \(Words.count(order.bytes.count, "bytes")) of \(order.name) to \(place)")
        case .failed(let error):
            // A question that is open already is not taken away.
            guard dialog == nil, input == nil else { return tell(error) }
            offerFile(order, error.reason)
        default: break
        }
    }

    mutating func takeSavedCopy(_ answer: Answer, _ order: CopyOrder) {
        switch answer {
        case .savedCopy(let path): tell(.info, "wrote \(order.name) to \(path), which only you can read")
        case .failed(let error): tell(error)
        default: break
        }
    }

    // MARK: What there is to copy

    private var copyItems: [CopyMenu.Item] {
        var items: [CopyMenu.Item] = []
        func add(_ letter: Character, _ label: String, _ name: String, _ content: CopyOrder.Content?) {
            guard let content else { return }
            let order = CopyOrder(name, content)
            if order.byteCount > 0 { items.append(CopyMenu.Item(letter: letter, label: label, order: order)) }
        }
        if markedHere > 0 {
            let ids = actingMarks.oldest(.max).map(\.id.key)
            add(
                "i", "ids", "the ids of \(Words.count(ids.count, "marked records"))", .text(ids.joined(separator: "\n"))
            )
            return items
        }
        switch top {
        case .thread(let screen):
            if let message = screen.current {
                let name = "message \(Words.grouped(message.position + 1))"
                let raw = message.raw.displayText
                add("t", "text", "the text of \(name)", .text(message.plainText))
                add("j", "JSON", "\(name) as stored", .bytes(raw, 0..<raw.count))
            }
        case .document(let screen):
            if let pane = screen.pane {
                for item in pane.copyItems { add(item.letter, item.label, item.order.name, item.order.content) }
            }
        case .diff(let screen):
            for item in screen.copyItems { add(item.letter, item.label, item.order.name, item.order.content) }
        default: break
        }
        if let record = targetRecord {
            add("i", "id", "the id", .text(record.id.key))
            if case .browse = top {
                add("t", "title", "the title", .text(record.title))
                add("j", "metadata", "the metadata", record.metadata.map { .text($0.serialized(.compact)) })
            }
        }
        return items
    }
}
