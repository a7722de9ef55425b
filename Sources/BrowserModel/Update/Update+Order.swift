public import StoredRecords

/// Filtering and sorting lists.
extension BrowserState {
    mutating func openFilter() {
        guard let list = browseTop?.list else { return }
        input = Input(.filter, list.filter?.text ?? "")
    }

    mutating func setFilter(_ text: String) {
        guard let screen = browseTop, let kind = screen.kind else { return }
        edit(browse: screen.id) { $0.filterDue = nil }
        restart(screen.id, kind) { $0.filter = TextFilter(text) }
    }

    /// Applies what is typed so far.
    mutating func applyFilter(_ id: ScreenID) {
        edit(browse: id) { $0.filterDue = nil }
        guard let input, input.purpose == .filter, let kind = browseTop?.kind else { return }
        let filter = TextFilter(input.line.text)
        if browseTop?.list?.filter?.text == filter?.text { return }
        restart(id, kind) { $0.filter = filter }
    }

    mutating func setSort(_ sort: RecordSort) {
        guard let screen = browseTop, let kind = screen.kind else { return }
        restart(screen.id, kind) { $0.sort = sort }
    }

    mutating func openSort() {
        guard let list = browseTop?.list else { return }
        let items = sortFields(of: list).map { field in
            let lacking = sourcesLacking(field, list)
            return ChoiceDialog.Item(
                letter: Self.letter(of: field), label: Self.label(of: field, list.kind),
                note: lacking.isEmpty ? "" : "not \(lacking.joined(separator: ", ")): last", value: field.rawValue,
                isCurrent: field == list.sort.field)
        }
        guard !items.isEmpty else { return tell(.info, "this list has one order only") }
        var dialog = ChoiceDialog(purpose: .sort, title: "Sort by (again reverses)", items: items)
        dialog.selected = items.firstIndex(where: \.isCurrent) ?? 0
        self.dialog = .choice(dialog)
    }

    /// The fields any source of a list can sort by.
    private func sortFields(of list: RecordList) -> [RecordSort.Field] {
        let able = list.windows.compactMap { source($0.source)?.capabilities[list.kind]?.sortFields }
        if able.isEmpty { return [.updated, .key] }
        return RecordSort.Field.allCases.filter { field in able.contains { $0.contains(field) } }
    }

    /// The sources of a list that cannot sort by a field.
    private func sourcesLacking(_ field: RecordSort.Field, _ list: RecordList) -> [String] {
        list.windows.map(\.source).filter { name in
            source(name)?.capabilities[list.kind].map { !$0.sortFields.contains(field) } ?? false
        }
    }

    static func letter(of field: RecordSort.Field) -> Character {
        switch field {
        case .updated: "u"
        case .created: "c"
        case .key: "k"
        case .title: "t"
        case .messages: "m"
        case .tokens: "o"
        case .bytes: "b"
        case .group: "g"
        case .status: "s"
        }
    }

    public static func label(of field: RecordSort.Field, _ kind: RecordKind) -> String {
        switch field {
        case .updated: kind == .index ? "synced" : "updated"
        case .created: "created"
        case .key: kind == .index ? "key" : "id"
        case .title: "title"
        case .messages: "messages"
        case .tokens: "tokens"
        case .bytes: "size"
        case .group:
            switch kind {
            case .index: "origin"
            case .artifact: "type"
            default: "agent"
            }
        case .status: kind == .task ? "state" : "status"
        }
    }

    mutating func chooseSort(_ word: String) {
        guard let field = RecordSort.Field(rawValue: word), let list = browseTop?.list else { return }
        if field == list.sort.field {
            setSort(RecordSort(field, descending: !list.sort.descending))
        } else {
            setSort(RecordSort(field, descending: [.updated, .created, .messages, .tokens, .bytes].contains(field)))
        }
    }
}
