public import StoredRecords

/// Filtering and sorting lists.
extension BrowserState {
    /// Filters by what was typed; what makes no sense leaves the last filter as it is.
    mutating func setFilter(_ text: String) {
        guard let screen = browseTop, let kind = screen.kind else { return }
        edit(browse: screen.id) { $0.filterDue = nil }
        let filter: RecordFilter?
        do throws(FilterProblem) {
            filter = try RecordFilter.read(text, now: now)
        } catch {
            let kept = screen.list?.filter.map { "; the filter is still \(Words.quoted($0.text))" } ?? ""
            return tell(.warning, error.reason + kept)
        }
        guard screen.list?.filter?.text != filter?.text else { return }
        restart(screen.id, kind, at: .top) { $0.filter = filter }
        // What was selected in the filtered list is looked for in the whole one.
        if filter == nil { edit(browse: screen.id) { $0.lists[kind]?.seekSelected() } }
    }

    /// Applies what is typed so far.
    mutating func applyFilter(_ id: ScreenID) {
        edit(browse: id) { $0.filterDue = nil }
        guard let input, input.purpose == .filter, let kind = browseTop?.kind else { return }
        if Self.isWithinPattern(input.line.text) {
            self.input?.problem = "a second / ends the pattern"
            return
        }
        do throws(FilterProblem) {
            let filter = try RecordFilter.read(input.line.text, now: now)
            self.input?.problem = nil
            if browseTop?.list?.filter?.text == filter?.text { return }
            restart(id, kind) { $0.filter = filter }
        } catch {
            self.input?.problem = error.reason
        }
    }

    /// Whether a pattern is begun and not ended; as long as it is typed it is no word either.
    private static func isWithinPattern(_ text: String) -> Bool {
        text.split(whereSeparator: \.isWhitespace).contains { part in
            let body = part.first == "!" ? part.dropFirst() : part
            guard body.first == "/" else { return false }
            return !text[body.index(after: body.startIndex)...].contains("/")
        }
    }

    mutating func setSort(_ sort: RecordSort) {
        guard let screen = browseTop, let kind = screen.kind else { return }
        listChoices.set(sort, of: kind)
        restart(screen.id, kind) { $0.sort = sort }
    }

    mutating func openSort() {
        guard let list = browseTop?.list else { return }
        let items = sortFields(of: list).map { field in
            let lacking = sourcesLacking(field, list)
            return ChoiceDialog.Item(
                letter: Self.letter(of: field), label: Self.label(of: field, list.kind),
                note: lacking.isEmpty ? "" : "\(lacking.joined(separator: ", ")) cannot, last", value: field.rawValue,
                isCurrent: field == list.sort.field)
        }
        guard !items.isEmpty else { return tell(.info, "this list has one order only") }
        var dialog = ChoiceDialog(
            purpose: .sort, title: "Sort by (its letter again or a capital reverses)", items: items)
        dialog.selected = items.firstIndex(where: \.isCurrent) ?? 0
        self.dialog = .choice(dialog)
    }

    /// The fields any source of a list can sort by.
    func sortFields(of list: RecordList) -> [RecordSort.Field] {
        let able = list.windows.compactMap { source($0.source)?.capabilities[list.kind]?.sortFields }
        if able.isEmpty { return [.updated, .key] }
        return RecordSort.Field.allCases.filter { field in able.contains { $0.contains(field) } }
    }

    /// The sources of a list whose records would not be sorted by a field.
    private func sourcesLacking(_ field: RecordSort.Field, _ list: RecordList) -> [String] {
        list.windows.map(\.source).filter { name in
            guard let source = source(name), let able = source.capabilities[list.kind] else { return false }
            // What fits into one page is put in order here.
            if case .exact(let count) = source.counts[list.kind], count <= RecordList.pageSize { return false }
            return !able.sortFields.contains(field)
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
        field.word(of: kind)
    }

    mutating func chooseSort(_ word: String, reversed: Bool = false) {
        guard let field = RecordSort.Field(rawValue: word), let list = browseTop?.list else { return }
        if reversed {
            setSort(RecordSort.usual(field).reversed)
        } else {
            setSort(field == list.sort.field ? list.sort.reversed : RecordSort.usual(field))
        }
    }
}
