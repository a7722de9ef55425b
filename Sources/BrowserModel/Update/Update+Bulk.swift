internal import StoredRecords
internal import TerminalSurface

/// Asking before an act on all marked records.
extension BrowserState {
    /// Whether acts on records mean the marked ones here.
    var actsOnMarks: Bool { markedHere > 0 || browseTop?.list?.rangeStart != nil }

    /// How many records of the kind that is listed are marked.
    public var markedHere: Int { browseTop?.kind.map { marks.count(of: $0) } ?? 0 }

    /// The marks that acts take here.
    var actingMarks: Marks { browseTop?.kind.map { marks.only($0) } ?? Marks() }

    /// Why an act on the marks cannot be begun; `nil` when it can for some of them.
    func reasonAgainst(bulk act: BulkDialog.Act) -> String? {
        if let bulk, jobs.contains(where: { $0.id == bulk.job }) { return "another act on marked records is under way" }
        if markingAll != nil { return "all are still being marked; Esc stops that" }
        if act != .export, isReadOnly { return "the browser was started read-only" }
        if case .browse(let screen) = top, screen.list?.rangeStart != nil { return nil }
        let obstacles = marks.groups.keys.filter { $0.kind == browseTop?.kind }.map { obstacle(to: act, $0) }
        guard !obstacles.contains(nil) else { return nil }
        return obstacles.first ?? "nothing is marked"
    }

    func openBulkObstacle(to act: BulkDialog.Act, _ group: Marks.Group) -> String? { obstacle(to: act, group) }

    private func obstacle(to act: BulkDialog.Act, _ group: Marks.Group) -> String? {
        if act == .export { return source(group.source) == nil ? "its source is gone" : nil }
        if act == .trim, group.kind != .thread { return "only threads are trimmed" }
        guard let source = source(group.source) else { return "its source is gone" }
        if source.isReadOnly { return source.opened?.refusal ?? "the source is read-only" }
        guard let capabilities = source.capabilities[group.kind] else { return nil }
        return act == .trim ? capabilities.trim.reason : capabilities.delete.reason
    }

    mutating func openBulk(_ act: BulkDialog.Act) {
        leaveRange(marking: true)
        let marks = actingMarks
        if marks.count == 1, let mark = marks.oldest(1).first { return openAlone(act, mark) }
        let state = self
        let bulk = BulkDialog(act, marks, keep: lastKeep ?? 20) { state.openBulkObstacle(to: act, $0) }
        if bulk.count == 0 {
            return tell(.warning, "no marked record can be changed: \(bulk.leftOut.first?.obstacle ?? "")")
        }
        open(.bulk(bulk))
        dropsTypedAhead = true
    }

    mutating func pressIn(bulk: BulkDialog, _ key: KeyPress) {
        if bulk.act == .export { return pressIn(bulkExport: bulk, key) }
        var bulk = bulk
        if let digit = key.typedCharacter, digit.isASCII, digit.isNumber {
            bulk.typed(digit)
            dialog = .bulk(bulk)
            return
        }
        switch keyMap.command(for: key, in: .dialog) {
        case .dismiss: return close()
        case .focusNext, .focusPrevious: bulk.focus = bulk.focus == .cancel ? .confirm : .cancel
        case .press where bulk.focus == .cancel: return close()
        case .press, .confirm: return confirm(bulk)
        case .more where bulk.act == .trim: bulk.changeKeep(by: 1)
        case .fewer where bulk.act == .trim: bulk.changeKeep(by: -1)
        case .snap where bulk.act == .trim: bulk.snaps.toggle()
        case .scope where bulk.act == .delete && bulk.contexts > 0:
            bulk.scope = bulk.scope == .record ? .wholeContext : .record
            bulk.focus = .cancel
        case .erase: bulk.erase()
        case .eraseAll: bulk.eraseAll()
        case let command?: return runBesides(command)
        case nil: return
        }
        dialog = .bulk(bulk)
    }

    private mutating func confirm(_ bulk: BulkDialog) {
        guard bulk.fits(layout) else {
            return tell(.warning, "make the window larger: what would go cannot be seen")
        }
        guard bulk.isReady else {
            guard bulk.act != .trim || Int(bulk.keep) != nil else {
                return tell(.info, "type how many messages to keep")
            }
            var bulk = bulk
            if !bulk.isCounting {
                bulk.isCounting = true
                bulk.focus = .cancel
                dialog = .bulk(bulk)
                dropsTypedAhead = true
            }
            return tell(.info, "type \(bulk.count), the number of records, then y")
        }
        close()
        switch bulk.act {
        case .delete: begin(BulkRun(.change(.delete(bulk.scope)), word: "delete", bulk))
        case .trim:
            let keep = Int(bulk.keep) ?? 0
            lastKeep = keep
            begin(BulkRun(.change(.trim(keep: keep, snap: bulk.snaps)), word: "trim", bulk))
        case .export: break
        }
    }

    // MARK: Export

    private mutating func pressIn(bulkExport bulk: BulkDialog, _ key: KeyPress) {
        var bulk = bulk
        guard let command = keyMap.command(for: key, in: .input) else {
            if let character = key.typedCharacter {
                bulk.line.type(String(character))
                bulk.error = nil
                dialog = .bulk(bulk)
            }
            return
        }
        let formats = BulkDialog.formats.count
        switch command {
        case .dismiss: return close()
        case .accept:
            guard !bulk.line.text.isEmpty else {
                bulk.error = "give the path of a directory"
                break
            }
            close()
            let path = bulk.line.text.hasSuffix("/") ? bulk.line.text : bulk.line.text + "/"
            let format = bulk.format == 0 ? "" : BulkDialog.formats[bulk.format]
            return begin(BulkRun(.export(directory: path, format: format), word: "export", bulk))
        case .focusNext: bulk.format = (bulk.format + 1) % formats
        case .focusPrevious: bulk.format = (bulk.format + formats - 1) % formats
        default:
            if bulk.line.edit(command) { bulk.error = nil } else { return runBesides(command) }
        }
        dialog = .bulk(bulk)
    }
}
