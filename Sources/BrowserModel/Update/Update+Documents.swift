internal import JSONText
internal import StoredRecords
internal import TerminalSurface

extension DocumentPane {
    /// Fits the forms to another size or form.
    mutating func reflow(_ layout: ScreenLayout) {
        text.reflow(width: layout.contentWidth)
        hex.move(by: 0, width: layout.contentWidth, height: layout.contentLines)
        table?.move(by: 0, height: max(1, layout.contentLines - 1))
        tree?.scroll(height: layout.contentLines)
    }

    /// Shows a document as text because it cannot be shown as what it should be.
    mutating func showAsText(_ reason: String) {
        problem = reason
        form = .text
    }
}

extension BrowserState {
    var documentTop: DocumentScreen? {
        if case .document(let screen) = top { screen } else { nil }
    }

    mutating func askDocuments(_ id: ScreenID, _ record: RecordID) {
        let job = send(.documents(record), .documents, "read \(record.key)", screen: id)
        edit(document: id) { $0.loading = job }
    }

    mutating func takeDocuments(_ answer: Answer, _ job: InFlight) {
        guard let id = job.screen else { return }
        let now = now
        switch answer {
        case .documents(let documents):
            edit(document: id) {
                $0.loading = nil
                $0.show(documents)
                $0.read = now
            }
            if documentTop?.id == id { prepareDocuments() }
            reachDocumentGoal(id)
        case .failed(let error):
            edit(document: id) {
                $0.loading = nil
                $0.error = error
            }
            tell(error)
        default: break
        }
    }

    /// Has the index made that the form on the screen needs.
    mutating func prepareDocuments() {
        guard let screen = documentTop, let pane = screen.pane, pane.loading == nil else { return }
        let index = screen.current
        let bytes = pane.document.bytes
        var job: RequestID?
        if pane.form == .tree, pane.tree == nil {
            job = send(.outline(bytes), .outline(document: index), "index \(pane.document.name)", screen: screen.id)
        } else if pane.form == .table, pane.table == nil {
            job = send(
                .lines(bytes), .lines(document: index), "find the lines of \(pane.document.name)", screen: screen.id)
        }
        guard let job else { return }
        edit(document: screen.id) { $0.panes[index].loading = job }
    }

    mutating func takeLines(_ answer: Answer, _ job: InFlight, _ index: Int) {
        guard let id = job.screen else { return }
        edit(document: id) { screen in
            guard screen.panes.indices.contains(index), screen.panes[index].loading == job.id else { return }
            screen.panes[index].loading = nil
            switch answer {
            case .lines(let lines):
                guard case .jsonLines(let columns) = screen.panes[index].document.format else { return }
                screen.panes[index].table = TablePane(
                    screen.panes[index].document.bytes, index: lines, columns: columns)
            case .failed(let error):
                screen.panes[index].showAsText(error.reason)
            default: break
            }
        }
        if documentTop?.id == id { summarizeColumn() }
        reachDocumentGoal(id)
    }

    mutating func takeOutline(_ answer: Answer, _ job: InFlight, _ index: Int) {
        guard let id = job.screen else { return }
        let height = layout.contentLines
        let isLast = !jobs.contains { $0.id == job.id }
        edit(document: id) { screen in
            guard screen.panes.indices.contains(index), screen.panes[index].loading == job.id else { return }
            if isLast { screen.panes[index].loading = nil }
            switch answer {
            case .outlined(let report):
                if screen.panes[index].tree != nil {
                    screen.panes[index].tree?.read(report)
                    screen.panes[index].tree?.scroll(height: height)
                    if isLast { screen.panes[index].find.places = nil }
                } else if let tree = TreePane(report) {
                    screen.panes[index].tree = tree
                } else if isLast {
                    screen.panes[index].showAsText(report.outline.error.map(\.description) ?? "it is empty")
                }
            case .failed(let error): screen.panes[index].showAsText(error.reason)
            default: break
            }
        }
        if case .failed(let error) = answer { tell(error) }
        if isLast { countMatches() }
        reopenPlace(id, index)
        reachDocumentGoal(id)
    }

    // MARK: Commands

    mutating func runInDocument(_ command: Command) {
        guard let screen = documentTop else { return }
        let layout = layout
        switch command {
        case .nextDocument, .previousDocument:
            let count = screen.panes.count
            guard count > 1 else { return }
            show(document: (screen.current + (command == .nextDocument ? 1 : count - 1)) % count)
        case .previousRecord: openNeighbour(of: screen.id, list: screen.list, step: -1)
        case .nextRecord: openNeighbour(of: screen.id, list: screen.list, step: 1)
        case .raw:
            editPane { pane in
                pane.form = pane.nextForm
                pane.find.places = nil
                pane.text.match = nil
                pane.reflow(layout)
            }
            prepareDocuments()
        case .wrap:
            editPane { pane in
                pane.text.wraps.toggle()
                pane.reflow(layout)
            }
        case .refresh:
            if !screen.isPart, screen.loading == nil { askDocuments(screen.id, screen.record.id) }
        case .toggleFold where screen.pane?.tree?.cursor.kind.isContainer == false: openValue(screen)
        case .sortColumn: sortTable()
        case .openCell: openCell()
        case .columnLeft where tableTop != nil: moveColumn(by: -1)
        case .columnRight where tableTop != nil: moveColumn(by: 1)
        case .searchNext: findInDocument(forward: true)
        case .searchPrevious: findInDocument(forward: false)
        default:
            let step = step(of: command, height: layout.contentLines)
            editPane { pane in Self.move(&pane, command, step, layout) }
        }
    }

    /// Shows a string of a JSON document as the text it stands for.
    private mutating func openValue(_ screen: DocumentScreen) {
        guard let tree = screen.pane?.tree, let text = tree.textOfCursor else {
            return tell(.info, "this is all of the value")
        }
        let document = RecordDocument(name: tree.path, format: .text, bytes: StoredBytes(text))
        push(.document(DocumentScreen(id: newScreenID(), record: screen.record, parts: [document])))
    }

    private mutating func show(document index: Int) {
        guard let screen = documentTop else { return }
        let layout = layout
        edit(document: screen.id) {
            $0.current = index
            $0.panes[index].reflow(layout)
        }
        prepareDocuments()
    }

    mutating func editPane(_ body: (inout DocumentPane) -> Void) {
        guard let screen = documentTop, screen.panes.indices.contains(screen.current) else { return }
        edit(document: screen.id) { body(&$0.panes[$0.current]) }
    }

    private static func move(_ pane: inout DocumentPane, _ command: Command, _ step: Int?, _ layout: ScreenLayout) {
        let width = layout.contentWidth
        let height = layout.contentLines
        switch pane.form {
        case .tree:
            guard pane.tree != nil else { return }
            switch (command, step) {
            case (.lineDown, let step?), (.lineUp, let step?), (.toTop, let step?), (.toBottom, let step?):
                pane.tree?.move(by: step, height: height)
            case (_, let step?): pane.tree?.page(by: step, height: height)
            default: pane.tree?.run(command, height: height)
            }
        case .table:
            switch (command, step) {
            case (_, let step?): pane.table?.move(by: step, height: max(1, height - 1))
            default: break
            }
        case .text:
            switch (command, step) {
            case (.toTop, _): pane.text.moveToStart()
            case (.toBottom, _): pane.text.moveToEnd(width: width, height: height)
            case (.columnLeft, _): pane.text.left = max(0, pane.text.left - 8)
            case (.columnRight, _): pane.text.left += 8
            case (_, let step?): pane.text.move(by: step, width: width, height: height)
            default: break
            }
        case .hex:
            if let step { pane.hex.move(by: step, width: width, height: height) }
        }
    }

    mutating func goToLine(_ number: Int) {
        guard let pane = documentTop?.pane else { return }
        let layout = layout
        switch pane.form {
        case .table: editPane { $0.table?.moveTo(row: number - 1, height: max(1, layout.contentLines - 1)) }
        case .tree: editPane { $0.tree?.moveTo(row: number - 1, height: layout.contentLines) }
        case .hex:
            goToOffset(number)
        case .text:
            guard let offset = ByteSearch.offset(ofLine: number, in: pane.document.bytes) else {
                return tell(.warning, "the document has fewer than \(Words.count(number, "lines"))")
            }
            editPane { $0.text.show(offset, width: layout.contentWidth, height: layout.contentLines) }
        }
    }
}
